import Testing

@testable import Sagas

/// Each way to write a step, compiled and called.
@Suite("Forms of steps")
struct StepFormsTests {
  private enum Tier: Codable, Sendable { case premium, standard }
  private struct Lost: Error { var isUnclear = true }

  /// Steps as people write them; each appends what it sees to a log.
  private struct Forms: Saga {
    let log: Lines

    struct State: Codable, Sendable {
      let start: Int
      var a: Int?, b: String?, c: Double?, d: Bool?, e: Tier?, f: [Int]?, sum: String?
    }

    var body: some Flow<State> {
      Step("one expression", \.a) { $0.start + 1 }
      Step("several statements", \.b) { context in
        let next = try context.a + 1
        return "\(next)"
      }
      .compensate { text in log.add("undo \(text)") }
      Step("value without slot") { try $0.a * 2 }
        .compensate { value, undo in log.add("undo \(value) after \(undo.attempts)") }
      Step("nothing") { log.add("start \($0.start)") }
        .compensate { undo in
          let a = try undo.a
          log.add("close \(undo.run.step) \(a)")
        }
      Step("nothing in several statements") { context in
        let a = try context.a
        log.add("a \(a)")
      }
      .compensate { _ in log.add("close") }
      .compensateUnknown { log.add("look up \($0.idempotencyKey)") }
      Step("optional reads") {
        if let b = $0.b { log.add("b \(b)") } else { log.add("no b") }
        let c: Double? = $0.c
        log.add("\(c ?? -1) \($0.a ?? -2)")
      }
      Step("only throws") { _ in throw Refused() }.optional()
      Step("throws a value", \.d) { _ in throw Refused() }
      Step("one", \.sum, using: \.a) { "\($0)" }
      Step("two", \.sum, using: \.a, \.b) { "\($0) \($1)" }
      Step("three", \.c, using: \.a, \.b, \.sum) { a, b, sum in
        log.add("\(a) \(b) \(sum)")
        return 0.5
      }
      Step("four", \.d, using: \.a, \.b, \.sum, \.c) { a, b, sum, c in a > 0 && c < 1 && b != sum }
      Step("tier", \.e) { _ in .premium }
      Step("five", \.f, using: \.a, \.b, \.c, \.d, \.e) { a, b, c, d, e in [a, b.count, Int(c), d ? 1 : 0] }
      Step("six", \.sum, using: \.a, \.b, \.c, \.d, \.e, \.f) { "\($0) \($1) \($2) \($3) \($4) \($5)" }
      Step("all effects", \.a) { _ in 1 }
        .undo(after: [.completed, .failed, .unknown]) { effect, undo in
          switch effect {
          case .completed(let value): log.add("completed \(value)")
          case .failed(let error): log.add("failed \(error)")
          case .unknown: log.add("unknown \(undo.idempotencyKey)")
          }
        }
      Step("default effects") { _ in }.undo { _, _ in }
      Step("only failed") { _ in }.undo(after: [.failed]) { _, _ in }
      Step("unknown errors") { _ in }
        .unknown(Lost.self) { $0.isUnclear }
        .unknown(Refused.self)
    }
  }

  private let log = Lines()
  private let state = Forms.State(
    start: 1, a: 2, b: "3", c: 0.5, d: true, e: .premium, f: [1, 2], sum: "sum")

  private func program() throws -> SagaProgram { try PlanCompiler.compile(Forms(log: log)) }

  @Test func resultsAreTyped() async throws {
    let program = try program()
    #expect(try await program.perform("one expression", over: state) as? Int == 2)
    #expect(try await program.perform("several statements", over: state) as? String == "3")
    #expect(try await program.perform("value without slot", over: state) as? Int == 4)
    #expect(try await program.perform("nothing", over: state) is Void)
    #expect(try program.stepCode("value without slot").slot == nil)
    #expect(try program.stepCode("value without slot").coding.typeName == "Swift.Int")
    #expect(try program.stepCode("nothing").coding.typeName == "Void")
  }

  @Test func optionalReads_giveOptionals_andDoNotThrow() async throws {
    let program = try program()
    _ = try await program.perform("optional reads", over: state)
    _ = try await program.perform("optional reads", over: Forms.State(start: 1))
    #expect(log.all == ["b 3", "0.5 2", "no b", "-1.0 -2"])
  }

  @Test func aClosureThatOnlyThrows_fitsBothForms() async throws {
    let program = try program()
    await #expect(throws: Refused.self) { try await program.perform("only throws", over: state) }
    await #expect(throws: Refused.self) { try await program.perform("throws a value", over: state) }
  }

  @Test(arguments: [
    ("one", "2"), ("two", "2 3"), ("three", "0.5"), ("four", "true"), ("five", "[2, 1, 0, 1]"),
    ("six", "2 3 0.5 true premium [1, 2]"),
  ])
  func usedSlots_arriveAsArguments(step: String, result: String) async throws {
    #expect(try await "\(program().perform(step, over: state))" == result)
  }

  @Test func aUsedSlotThatIsEmpty_failsTheAttempt() async throws {
    let error = await #expect(throws: SagaError.self) {
      try await program().perform("two", over: Forms.State(start: 1, a: 2))
    }
    #expect(error?.code == .missing)
    #expect(error?.step == "two")
    #expect(error?.message.hasPrefix("reads \\State.b,") == true)
  }

  @Test func undoesOfStepsWithAResult_getIt() async throws {
    let program = try program()
    try await program.undo("several statements", after: .completed("x"), over: state)
    try await program.undo("value without slot", after: .completed(9), over: state)
    #expect(log.all == ["undo x", "undo 9 after 2"])
  }

  @Test func undoesOfStepsWithoutAResult_getTheUndo() async throws {
    let program = try program()
    try await program.undo("nothing", after: .completed(()), over: state)
    try await program.undo("nothing in several statements", after: .completed(()), over: state)
    try await program.undo("nothing in several statements", after: .unknown(Refused()), over: state)
    #expect(log.all == ["close nothing 2", "close", "look up s-1/nothing in several statements"])
  }

  @Test func theGeneralUndo_getsTheEffect() async throws {
    let program = try program()
    try await program.undo("all effects", after: .completed(5), over: state)
    try await program.undo("all effects", after: .failed(Refused(why: "no")), over: state)
    try await program.undo("all effects", after: .unknown(Refused()), over: state)
    #expect(log.all == ["completed 5", "failed Refused(why: \"no\")", "unknown s-1/all effects"])
  }

  private static let declared: [(String, PlanNode.Traits)] = [
    ("all effects", .anyUndo),
    ("default effects", [.undoesCompleted, .undoesUnknown]),
    ("only failed", .undoesFailed),
    ("several statements", .undoesCompleted),
    ("nothing in several statements", [.undoesCompleted, .undoesUnknown]),
    ("one", []),
  ]

  @Test(arguments: declared)
  func theDeclaredEffects_areTraitsOfTheNode(step: String, traits: PlanNode.Traits) throws {
    let program = try program()
    let node = try #require(program.plan.node(named: step))
    #expect(program.plan[node].traits.intersection(.anyUndo) == traits)
  }

  @Test func aResultOfAnotherType_isABrokenLog_notATrap() async throws {
    let error = await #expect(throws: SagaError.self) {
      try await program().undo("several statements", after: .completed(5), over: state)
    }
    #expect(error?.code == .brokenLog)
  }

  @Test func unknownErrors_areThoseDeclared() throws {
    let filters = try program().stepCode("unknown errors").unknownErrors
    func isUnknown(_ error: any Error) -> Bool { filters.contains { $0(error) } }
    #expect(isUnknown(Lost()))
    #expect(!isUnknown(Lost(isUnclear: false)))
    #expect(isUnknown(Refused()))
    #expect(!isUnknown(Busy()))
  }

  @Test func aVoidResult_goesThroughTheJournal() throws {
    let coding = ValueCoding.nothing
    let bytes = try coding.encode((), JSONCodec())
    #expect(String(decoding: bytes, as: UTF8.self) == "{}")
    #expect(try coding.decode(bytes, JSONCodec()) is Void)
  }

  @Test func aSlot_takesOnlyItsOwnType_andCanBeEmptied() throws {
    let slot = try #require(program().stepCode("one expression").slot)
    let box = StateBox(state)
    slot.write(box, 8)
    #expect(slot.read(box) as? Int == 8)
    slot.write(box, "eight")
    #expect(box.value.a == 8)
    slot.write(box, nil)
    #expect(box.value.a == nil)
    #expect(slot.read(box) == nil)
  }
}

/// Lines written down by the closures of a saga.
private final class Lines: Sendable {
  private let lines = Lock<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  func add(_ line: String) { lines.withLock { $0.append(line) } }
}
