@testable import Sagas
import Testing

/// One row of a table test: how the state is reached, what is said, and what the machine makes of it.
struct TableCase: Sendable, CustomTestStringConvertible {
  let cell: Cell
  /// What else is known, where the state alone does not tell.
  let condition: String
  let plan: SagaPlan
  let script: [Event]
  let node: NodeID
  let event: Event
  /// How long after the script the event comes.
  var later: Int64 = 0
  /// What is said in between, at that time.
  var rest: [Event] = []
  let expected: Told

  var testDescription: String { condition.isEmpty ? "\(cell)" : "\(cell)_and_\(condition)" }

  func check() throws {
    var bench = Bench(plan)
    try bench.send(script)
    bench.wait(later)
    try bench.send(rest)
    let row = bench.machine[node]
    switch cell {
    case .step(let state, _), .wait(let state, _), .sleep(let state, _), .guarded(let state, _):
      #expect(row.forward == state)
    case .undo(let state, _): #expect(row.undo == state)
    case .saga(let state, _): #expect(bench.machine.phase == state)
    }
    let before = bench.machine
    let told = try bench.send(event)
    #expect(told == expected)
    if expected.entries.isEmpty { #expect(bench.machine == before) }
    #expect(try bench.replayed() == bench.machine)
  }
}
