import SagasTesting
import Testing

@testable import Sagas

/// What actions and undoes see of the State, where slots are written more than once.
@Suite("State fold")
struct StateFoldTests {
  struct State: Codable, Sendable, Equatable {
    var a: Int? = 7
    var b: Int?, c: Int?, d: Int?
    var o: Int??

    var text: String {
      [a, b, c, d].map { $0.map(String.init) ?? "-" }.joined(separator: " ")
    }
  }

  struct Nested: Saga {
    typealias State = StateFoldTests.State
    let bench: Workbench
    /// Where it fails: "end", or inside of the open groups.
    var fails = "end"

    func put(_ name: String, _ value: Int, _ slot: Slot<State, Int>) -> Sagas.Step<State, Int> {
      Step(name, slot) { context in
        bench.log.append("\(name): \(context.state.text)")
        return value
      }
      .compensate { result, undo in bench.log.append("undo \(name) \(result): \(undo.state.text)") }
    }

    var body: some Flow<State> {
      put("one", 1, \.a)
      Parallel("outer") {
        Sequential {
          put("two", 2, \.b)
          Parallel("inner") {
            put("three", 3, \.c)
            Sequential {
              put("four", 4, \.d)
              put("five", 5, \.d)
            }
          }
          put("six", 6, \.b)
          put("seven", 7, \.d)
          When("fails inside?", { _ in fails == "inside" }) { Fail("inside") { _ in Refused() } }
        }
        Step("beside") { _ in try await bench.sleep(.seconds(1)) }
      }
      put("eight", 8, \.a)
      put("nine", 9, \.b)
      Step("end") { _ in throw Refused() }
    }
  }

  private static let insights = [
    "one: 7 - - -", "two: 1 - - -", "three: 1 2 - -", "four: 1 2 - -", "five: 1 2 - 4", "six: 1 2 3 5",
    "seven: 1 6 3 5",
  ]

  @Test(arguments: [true, false])
  func eachUndo_seesItsOwnResult_andWhatItsStepSaw(encoding: Bool) throws {
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation, store: InMemoryStore(encoding: encoding))
      let (_, report) = try await bench.outcome(of: Nested(bench: bench), .init())
      try #require(report.status == .compensated)
      let seen = bench.log.entries
      try #require(Set(seen.prefix(9)) == Set(Self.insights + ["eight: 1 6 3 7", "nine: 8 6 3 7"]))
      try #require(
        Set(seen.dropFirst(9)) == [
          "undo nine 9: 8 9 3 7", "undo eight 8: 8 6 3 7", "undo seven 7: 1 6 3 7", "undo six 6: 1 6 3 5",
          "undo five 5: 1 2 - 5", "undo four 4: 1 2 - 4", "undo three 3: 1 2 3 -", "undo two 2: 1 2 - -",
          "undo one 1: 1 - - -",
        ], "\(seen)")
      for (n, name) in ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"].enumerated() {
        try #require(report.result(of: name, as: Int.self) == n + 1)
      }
      try #require(report.input?.value(as: State.self) == State())
    }
  }

  @Test(arguments: [true, false])
  func theSame_whileTheGroupsAreOpen(encoding: Bool) throws {
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation, store: InMemoryStore(encoding: encoding))
      let (_, report) = try await bench.outcome(of: Nested(bench: bench, fails: "inside"), .init())
      let seen = bench.log.entries
      try #require(Set(seen.prefix(7)) == Set(Self.insights))
      try #require(
        Set(seen.dropFirst(7)) == [
          "undo seven 7: 1 6 3 7", "undo six 6: 1 6 3 5", "undo five 5: 1 2 - 5", "undo four 4: 1 2 - 4",
          "undo three 3: 1 2 3 -", "undo two 2: 1 2 - -", "undo one 1: 1 - - -",
        ], "\(seen)")
      try #require(report.result(of: "four", as: Int.self) == 4)
      try #require(report.input?.value(as: State.self) == State())
    }
  }

  /// A result that is itself an optional, and empty.
  @Test(arguments: [true, false])
  func anEmptyResult_isAResult(encoding: Bool) throws {
    struct Lookup: Saga {
      typealias State = StateFoldTests.State
      let bench: Workbench
      var body: some Flow<State> {
        Step("find", \.o) { _ in Int?.none }
          .compensate { found in bench.log.append("undo \(found.map(String.init) ?? "nothing")") }
        Step("end") { _ in throw Refused() }
      }
    }
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation, store: InMemoryStore(encoding: encoding))
      let (outcome, _) = try await bench.outcome(of: Lookup(bench: bench), .init())
      try #require(bench.log.entries == ["undo nothing"])
      try #require(outcome.failure?.undone == ["find"])
    }
  }
}
