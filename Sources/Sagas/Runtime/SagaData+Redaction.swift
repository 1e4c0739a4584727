extension SagaData {
  /// Lets go of results that are not kept behind the end of a saga: what is left is what a log without them gives.
  mutating func redact(_ rows: [Row], _ program: SagaProgram) {
    let nodes = program.redacted.filter { Int($0.index) < rows.count }
    for node in nodes {
      if loose[node] != nil { loose[node] = RedactedValue() }
      // It has not been written yet, so that there is nothing else of it.
      if held[node] != nil {
        held[node] = RedactedValue()
        continue
      }
      guard rows[Int(node.index)].forward == .completed, let slot = program[node].slot else { continue }
      empty(slot, of: &root)
      for branch in branches.isEmpty ? [] : Array(program.plan.all.prefix(rows.count)) {
        guard var box = branches.removeValue(forKey: branch) else { continue }
        empty(slot, of: &box)
        branches[branch] = box
      }
      // What the first of them found was there before any of them.
      let first = nodes.first {
        held[$0] == nil && rows[Int($0.index)].forward == .completed
          && program[$0].slot?.keyPath == slot.keyPath
      }
      if first != node, !displaced.isEmpty { displaced[node] = nil }
    }
  }

  /// Not in a box that others read.
  private func empty(_ slot: SlotAccess, of box: inout AnyStateBox) {
    guard slot.read(box) != nil else { return }
    if !isKnownUniquelyReferenced(&box) { box = box.copy() }
    slot.write(box, nil)
  }
}
