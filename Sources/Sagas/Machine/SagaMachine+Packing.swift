/// A machine as bytes, for a saga that rests: a fraction of what it takes at work.
///
/// Nothing is ever kept in this form beyond the process.
extension SagaMachine {
  /// Whether it can be packed: an unwinding, and repetitions, cannot.
  var isPackable: Bool { unwind == nil && repetitions.isEmpty }

  /// Room for whatever `pack` writes.
  private var packedLimit: Int { (rows.count + 3) * 16 * FieldWriter.longestField }

  /// Does something with its bytes. Expects a packable one.
  ///
  /// - Parameter time: a time near its own.
  func withPackedBytes<Result>(
    since time: Timestamp, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(byteCount: packedLimit, alignment: 1) { room in
      let bytes = room.bindMemory(to: UInt8.self)
      var writer = FieldWriter(bytes, since: time)
      var copy = self
      copy.pass(to: &writer)
      return body(UnsafeBufferPointer(rebasing: bytes[..<writer.count]))
    }
  }

  /// The machine that was packed.
  init(unpacking memory: UnsafePointer<UInt8>, since time: Timestamp, plan: SagaPlan) {
    self.init(plan: plan)
    var reader = FieldReader(memory, since: time)
    pass(to: &reader)
  }

  private mutating func pass(to packer: inout some FieldPacker) {
    packer.begin(maskBytes: 1)
    packer.pass(&startedAt)
    packer.pass(&admittedAt)
    var count = rows.count
    packer.pass(&count)
    if rows.count < count { rows = Array(repeating: Row(), count: count) }
    for index in rows.indices {
      // In a variable of its own: writing must not make a copy of the rows.
      var row = rows[index]
      row.pass(to: &packer)
      if packer.setsFields { rows[index] = row }
    }
    packer.begin(maskBytes: 2)
    packer.pass(&time)
    packer.pass(&endedAt)
    packer.pass(&phase)
    packer.pass(&cause)
    packer.pass(&closing)
    packer.pass(&isPastPivot)
    packer.pass(&isOverdue)
    packer.pass(&active)
    packer.pass(&resting)
    packer.pass(&waits)
    packer.pass(&settled)
    packer.pass(&begun)
    packer.pass(&recoveries)
    packer.pass(&entries)
  }
}
