@testable import Sagas
import Testing

/// Promises 1 and 4: what is undone when, for every strategy, every order and every place of failure.
@Suite struct MachineOrderTests {
  enum Strategy: String, CaseIterable { case deferred, immediate, own }
  enum Order: String, CaseIterable { case reverse, parallel, waves }
  enum Place: String, CaseIterable { case amidTheGroup, behindTheGroup, atTheOutput }

  struct Row: Sendable, CustomTestStringConvertible {
    let place: Place
    let strategy: Strategy
    let order: Order
    let isCrashing: Bool
    let rounds: [[String]]

    var testDescription: String { "\(strategy)_\(order)_\(place)\(isCrashing ? "_crashing" : "")" }
  }

  private static func plan(_ strategy: Strategy, _ order: Order) -> SagaPlan {
    func leaf(_ name: String) -> Sketch {
      let traits: PlanNode.Traits =
        switch strategy {
        case .deferred: []
        case .immediate: ["a", "e"].contains(name) ? .undoesAtOnce : []
        case .own: ["a", "c", "d", "e"].contains(name) ? .asksStrategy : []
        }
      return step(name, traits.union(.undoesCompleted))
    }
    return .sketch(
      asksWaves: order != .reverse,
      parallel(
        sequential(leaf("a"), leaf("b")), sequential(leaf("c"), parallel(leaf("d"), leaf("e"))), leaf("f")),
      leaf("g"))
  }

  private static func bench(_ place: Place, _ strategy: Strategy, _ order: Order) throws -> Bench {
    let plan = plan(strategy, order)
    var bench = try Bench(running: plan)
    bench.verdicts = ["a": .now, "c": .never, "d": .later, "e": .now]
    bench.waves =
      switch order {
      case .reverse: []
      case .parallel: [["a", "b", "c", "d", "e", "f", "g"]]
      case .waves: [["a", "d"], ["f"]]
      }
    func returned(_ names: String...) throws {
      for name in names { try bench.play(.returned(plan[name], 1)) }
    }
    switch place {
    case .amidTheGroup:
      try returned("a", "c", "d")
      try bench.play(.threw(plan["f"], 1, unknown: false))
      try returned("e")
      try bench.play(.threw(plan["b"], 1, unknown: false))
    case .behindTheGroup:
      try returned("c", "a", "e", "d", "b", "f")
      try bench.play(.threw(plan["g"], 1, unknown: false))
    case .atTheOutput:
      try returned("c", "a", "e", "d", "b", "f", "g")
      try bench.play(.answered(plan["output"], .failure))
    }
    return bench
  }

  /// Who is undone together, round by round. Letters that stand together begin together.
  private static let table: [(Place, Strategy, Order, String)] = [
    (.amidTheGroup, .deferred, .reverse, "e d c a"),
    (.amidTheGroup, .deferred, .parallel, "edca"),
    (.amidTheGroup, .deferred, .waves, "da e c"),
    (.amidTheGroup, .immediate, .reverse, "ae d c"),
    (.amidTheGroup, .immediate, .parallel, "ae dc"),
    (.amidTheGroup, .immediate, .waves, "ae d c"),
    (.amidTheGroup, .own, .reverse, "ae d"),
    (.amidTheGroup, .own, .parallel, "ae d"),
    (.amidTheGroup, .own, .waves, "ae d"),
    (.behindTheGroup, .deferred, .reverse, "f b d e a c"),
    (.behindTheGroup, .deferred, .parallel, "fbdeac"),
    (.behindTheGroup, .deferred, .waves, "da f b e c"),
    (.behindTheGroup, .immediate, .reverse, "ea f b d c"),
    (.behindTheGroup, .immediate, .parallel, "ea fbdc"),
    (.behindTheGroup, .immediate, .waves, "ea d f b c"),
    (.behindTheGroup, .own, .reverse, "ea f b d"),
    (.behindTheGroup, .own, .parallel, "ea fbd"),
    (.behindTheGroup, .own, .waves, "ea d f b"),
    (.atTheOutput, .deferred, .reverse, "g f b d e a c"),
    (.atTheOutput, .deferred, .parallel, "gfbdeac"),
    (.atTheOutput, .deferred, .waves, "da f g b e c"),
    (.atTheOutput, .immediate, .reverse, "ea g f b d c"),
    (.atTheOutput, .immediate, .parallel, "ea gfbdc"),
    (.atTheOutput, .immediate, .waves, "ea d f g b c"),
    (.atTheOutput, .own, .reverse, "ea g f b d"),
    (.atTheOutput, .own, .parallel, "ea gfbd"),
    (.atTheOutput, .own, .waves, "ea d f g b"),
  ]

  static let rows: [Row] = table.flatMap { place, strategy, order, text in
    [false, true].map { isCrashing in
      Row(
        place: place, strategy: strategy, order: order, isCrashing: isCrashing,
        rounds: text.split(separator: " ").map { $0.map(String.init) })
    }
  }

  @Test(arguments: rows) func undoing_followsStrategyAndOrder(_ row: Row) throws {
    var bench = try Self.bench(row.place, row.strategy, row.order)
    #expect(try bench.unwind(crashing: row.isCrashing) == row.rounds)
    #expect(bench.machine.status == .compensated)
    #expect(try bench.replayed() == bench.machine)
    // Each was asked once: the order once, and each strategy of a step that needs its undo.
    let questions = bench.entries.filter { if case .answered(_, .verdict) = $0 { true } else { false } }
    #expect(questions.count == (row.strategy == .own ? 4 : 0))
    #expect(bench.entries.count { $0 == .answered(.root, .waves) } == (row.order == .reverse ? 0 : 1))
  }

  @Test func everyCombinationIsInTheTable() {
    for place in Place.allCases {
      for strategy in Strategy.allCases {
        for order in Order.allCases {
          #expect(Self.table.count { $0.0 == place && $0.1 == strategy && $0.2 == order } == 1)
        }
      }
    }
  }

  // MARK: Waves

  private static let four = SagaPlan.sketch(
    asksWaves: true, step("a", [.undoesCompleted, .retriesUndo]), step("b", .undoesCompleted),
    step("c", .undoesCompleted), step("d", .undoesCompleted), step("e"))

  private func asked() throws -> Bench {
    var bench = try Bench(running: Self.four)
    try bench.send(.returned(1, 1), .returned(2, 1), .returned(3, 1), .returned(4, 1))
    #expect(
      try bench.send(.threw(5, 1, unknown: false))
        == Told(
          [.attemptFailed(5, 1, unknown: false), .failed(5), .failing(.node(5))], [.ask(.root, .waves)]))
    return bench
  }

  @Test func waves_areRecordedBeforeTheFirstUndo() throws {
    var bench = try asked()
    #expect(try bench.send(.answered(1, .wave(3))) == Told([.answered(1, .wave(3))]))
    #expect(try bench.send(.answered(3, .wave(3))) == Told([.answered(3, .wave(3))]))
    #expect(
      try bench.send(.answered(.root, .waves))
        == Told(
          [.answered(.root, .waves), .unwinding, .undoStarted(3, 1), .undoStarted(1, 1)],
          [.undo(3, 1), .undo(1, 1)]))
  }

  @Test func nextWave_beginsWhenAllOfTheOneBeforeHaveSettled() throws {
    var bench = try asked()
    try bench.send(.answered(1, .wave(0)), .answered(2, .wave(0)), .answered(.root, .waves))
    #expect(try bench.send(.undoReturned(2, 1)) == Told([.undone(2, 1)]))
    try bench.send(.undoThrew(1, 1, impossible: false))
    #expect(try bench.send(.answered(1, .retry(.seconds(5)))).actions == [.sleepUndo(1, until: .second(5))])
    bench.wait(5)
    try bench.send(.undoRetryDue(1), .undoTimedOut(1, 2), .undoGraceOver(1, 2))
    #expect(
      try bench.send(.answered(1, .retry(nil)))
        == Told([.answered(1, .retry(nil)), .undoFailed(1), .undoStarted(4, 1)], [.undo(4, 1)]))
    #expect(try bench.send(.undoReturned(4, 1)).entries == [.undone(4, 1), .undoStarted(3, 1)])
    #expect(try bench.send(.undoReturned(3, 1)).entries == [.undone(3, 1), .stuck])
  }

  @Test func waves_areNotAskedAgainAfterACrash() throws {
    var bench = try asked()
    try bench.send(.answered(1, .wave(0)), .answered(2, .wave(0)), .answered(.root, .waves))
    try bench.send(.undoReturned(1, 1))
    #expect(try bench.crashAndRecover() == Told([.recovered], [.undo(2, 1)]))
    #expect(try bench.unwind(crashing: true) == [["b"], ["d"], ["c"]])
  }

  @Test func orderWithoutAnythingToUndo_isNotAsked() throws {
    var bench = try Bench(running: .sketch(asksWaves: true, step("a"), step("b", .undoesUnknown)))
    try bench.send(.returned(1, 1))
    #expect(
      try bench.send(.threw(2, 1, unknown: false)).entries.suffix(2) == [.unwinding, .ended(.compensated)])
  }

  @Test func wavesOfWhatIsNotToBeUndone_areIgnored() throws {
    var bench = try asked()
    #expect(try bench.send(.answered(5, .wave(0))) == .nothing)
    #expect(try bench.send(.answered(1, .wave(.max))) == .nothing)
    try bench.send(.answered(1, .wave(1)))
    #expect(try bench.send(.answered(1, .wave(0))) == .nothing)
    try bench.send(.answered(.root, .waves))
    #expect(try bench.unwind() == [["a"], ["d"], ["c"], ["b"]])
  }

  @Test func resultThatMakesAStepNeedNoUndo_leavesItsWave() throws {
    var bench = try Bench(
      running: .sketch(
        asksWaves: true,
        parallel(step("a", .undoesUnknown), step("b", .undoesCompleted), step("c", .undoesCompleted))))
    try bench.send(.timedOut(2, 1), .graceOver(2, 1), .returned(3, 1), .returned(4, 1))
    try bench.send(.answered(3, .wave(0)), .answered(2, .wave(1)), .answered(4, .wave(1)))
    try bench.send(.answered(.root, .waves), .returned(2, 1))
    #expect(bench.machine[2].undo == .none)
    #expect(try bench.unwind() == [["b"], ["c"]])
    #expect(bench.machine.status == .compensated)
  }
}
