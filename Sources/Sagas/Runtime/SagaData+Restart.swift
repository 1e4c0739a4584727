/// The fold of a saga that goes on from a node somebody has named.
extension SagaData {
  /// Folds the State anew, out of what still counts.
  ///
  /// Results of steps that are to run once more are taken back, those of branches whose group is open again are seen
  /// by their branch alone, those of groups that were skipped over by all that follows.
  mutating func refold(_ rows: [Row], _ program: SagaProgram) {
    let plan = program.plan
    let touched = plan.all.prefix(rows.count)
    let values = takeApart(rows, program)
    var open: [NodeID] = []
    func close(_ groups: some Sequence<NodeID>) {
      for group in groups where rows[Int(group.index)].forward == .completed { join(group, rows, program) }
    }
    for node in touched {
      let left = open.filter { plan[$0].end <= node }
      close(left.reversed())
      open.removeLast(left.count)
      if plan[node].kind == .parallel { open.append(node) }
      if rows[Int(node.index)].forward == .completed, let value = values[node] {
        store(value, of: node, program)
      }
    }
    close(open.reversed())
  }
}
