import Testing

@testable import Sagas

/// What a saga that rests is kept as. That this loses nothing at any point of any life is seen by the walks.
@Suite struct MachinePackingTests {
  private static let plan = SagaPlan.sketch(step("a"), step("b"), wait("c"))

  /// Whoever adds a field has it passed to the packer, and then changes the number here.
  @Test func everyFieldIsPassed() {
    #expect(Mirror(reflecting: SagaMachine(plan: Self.plan)).children.count == 20)
    #expect(Mirror(reflecting: Row()).children.count == 15)
  }

  @Test func extremesComeBack() {
    var machine = SagaMachine(plan: Self.plan)
    machine.phase = .failed
    machine.cause = .node(NodeID(Int(UInt16.max)))
    machine.closing = .stop
    machine.isPastPivot = true
    machine.isOverdue = true
    machine.active = .max
    machine.resting = -1
    machine.waits = .min
    machine.settled = .max
    machine.begun = .max
    machine.recoveries = .max
    machine.entries = .max
    machine.time = Timestamp(nanoseconds: .min)
    machine.startedAt = Timestamp(nanoseconds: .max)
    machine.admittedAt = Timestamp(nanoseconds: .min + 1)
    machine.endedAt = Timestamp(nanoseconds: 0)
    var row = Row()
    row.forward = .skipped
    row.undo = .skipped
    row.flags = [.returned, .doubtful, .presumed, .undoReturned, .late, .withdrawn]
    row.verdict = .never
    row.attempts = .max
    row.base = .max
    row.undoAttempts = .max
    row.undoBase = .max
    row.wave = .max
    row.children = .max
    row.begun = .max
    row.order = .max
    row.startedAt = Timestamp(nanoseconds: .max)
    row.endedAt = Timestamp(nanoseconds: .min + 1)
    row.due = Timestamp(nanoseconds: .max)
    machine.rows = [row, Row(), row]
    #expect(machine.repacked(since: Timestamp(nanoseconds: 0)) == machine)
    #expect(machine.repacked(since: Timestamp(nanoseconds: .max)) == machine)
    machine.cause = .cancelled
    machine.rows = []
    #expect(machine.repacked(since: Timestamp(nanoseconds: .min)) == machine)
    machine.cause = .deadline
    #expect(machine.repacked(since: Timestamp(nanoseconds: 0)) == machine)
  }

  @Test func aMachineThatUnwinds_isNotPacked() {
    var machine = SagaMachine(plan: Self.plan)
    #expect(machine.isPackable)
    machine.unwind = Unwind()
    #expect(!machine.isPackable)
    machine.unwind = nil
    machine.repetitions = [Repetition(node: .root, after: 1)]
    #expect(!machine.isPackable)
  }

  @Test func whatWaits_takesFewBytes() throws {
    var machine = SagaMachine(plan: Self.plan)
    let beginning = Timestamp(nanoseconds: 1_800_000_000_000_000_000)
    func at(_ milliseconds: Int) -> Timestamp { beginning.advanced(by: .milliseconds(milliseconds)) }
    for (entry, time) in [
      (Entry.created, 0), (.admitted, 0), (.started(NodeID(1), 1), 0), (.completed(NodeID(1), 1), 20),
      (.started(NodeID(2), 1), 20), (.completed(NodeID(2), 1), 40), (.waiting(NodeID(3)), 40),
    ] { try machine.apply(entry, at: at(time)) }
    let count = machine.withPackedBytes(since: beginning) { $0.count }
    #expect(count <= 56)
  }
}
