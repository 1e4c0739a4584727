import SagasSQLite
import SagasTesting
import Testing

@testable import Sagas

/// Promise 11: idempotency keys do not come again when the id of a saga that is gone is used again.
@Suite("11 Ids used again")
struct Promise11ReuseTests {
  struct Order: Saga {
    let log: EventLog
    var gate = Gate.opened
    struct State: Codable, Sendable { var fails = false }
    var body: some Flow<State> {
      Step("pay") { context in
        log.append(context.run.idempotencyKey)
        await gate.wait()
      }
      .compensate { undo in
        log.append("\(undo.idempotencyKey) \(undo.run.idempotencyKey)")
      }
      Step("mail") { context in
        log.append(context.run.idempotencyKey)
        if context.fails { throw Refused() }
      }
    }
  }

  private func orchestrator(
    _ simulation: Simulation, _ store: any SagaStore, _ log: EventLog, gate: Gate = .opened
  ) async throws -> Workbench {
    let bench = Workbench(simulation, store: store, log: log)
    try await bench.sagas.register(Order(log: log, gate: gate))
    return bench
  }

  @Test(arguments: StoreKind.allCases)
  func eachUse_hasKeysOfItsOwn(kind: StoreKind) throws {
    try underSchedules(10) { simulation in
      let log = EventLog()
      let bench = try await orchestrator(simulation, try kind.make(), log)
      for use in 1...4 {
        _ = try await bench.sagas.start(Order.self, .init(fails: use == 3), id: "a").outcome
        try await bench.sagas.forget("a")
      }
      _ = try await bench.sagas.start(Order.self, .init(), id: "b").outcome
      try #require(
        log.entries == [
          "a/pay", "a/mail", "a~2/pay", "a~2/mail", "a~3/pay", "a~3/mail", "a~3/pay a~3/pay~undo", "a~4/pay",
          "a~4/mail", "b/pay", "b/mail",
        ])
    }
  }

  #if canImport(SQLite3) || canImport(CSQLite)
  @Test(arguments: StoreKind.allCases)
  func itIsRemembered_whenRetentionLetsGo(kind: StoreKind) throws {
    try underSchedules(10) { simulation in
      let store: any SagaStore =
        switch kind {
        case .memory: InMemoryStore(retention: .last(1))
        case .encoding: InMemoryStore(encoding: true, retention: .last(1))
        case .sqlite:
          try SQLiteStore(path: ":memory:", retention: .last(1), faults: StoreFaults(), isThreaded: false)
        }
      let log = EventLog()
      let bench = try await orchestrator(simulation, store, log)
      for id in ["a", "b", "a", "b", "a"] {
        _ = try await bench.sagas.start(Order.self, .init(), id: id).outcome
        // Of those it has made up itself, nothing is remembered.
        _ = try await bench.sagas.start(Order.self, .init()).outcome
      }
      let keys = log.entries.filter { $0.hasSuffix("/pay") && !$0.hasPrefix("saga-") }
      try #require(keys == ["a/pay", "b/pay", "a~2/pay", "b~2/pay", "a~3/pay"])
    }
  }
  #endif

  @Test(arguments: StoreKind.allCases)
  func oneThatIsKept_isNotUsedAgain(kind: StoreKind) throws {
    try underSchedules(10) { simulation in
      let log = EventLog()
      let bench = try await orchestrator(simulation, try kind.make(), log)
      _ = try await bench.sagas.start(Order.self, .init(), id: "a").outcome
      let error = await #expect(throws: SagaError.self) {
        try await bench.sagas.start(Order.self, .init(), id: "a")
      }
      try #require(error?.code == .alreadyExists)
      _ = try await bench.sagas.start(Order.self, .init(), id: "a", onExisting: .join).outcome
      try #require(log.entries == ["a/pay", "a/mail"])
    }
  }

  @Test(arguments: StoreKind.allCases)
  func ofSeveralAtOnce_inTwoOrchestrators_oneWins(kind: StoreKind) throws {
    try underSchedules { simulation in
      let store = try kind.make()
      let log = EventLog()
      let benches = [
        try await orchestrator(simulation, store, log), try await orchestrator(simulation, store, log),
      ]
      _ = try await benches[0].sagas.start(Order.self, .init(), id: "a").outcome
      try await benches[0].sagas.forget("a")
      let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<6 {
          group.addTask {
            do {
              _ = try await benches[number % 2].sagas.start(Order.self, .init(), id: "a")
              return true
            } catch let error as SagaError where error.code == .alreadyExists {
              return false
            }
          }
        }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      try #require(wins == 1)
      await log.waitFor("a~2/mail")
      try #require(log.entries == ["a/pay", "a/mail", "a~2/pay", "a~2/mail"])
    }
  }

  @Test(arguments: StoreKind.allCases)
  func afterAHandOver_itGoesOnUnderItsKeys(kind: StoreKind) throws {
    try underSchedules(10) { simulation in
      let store = try kind.make()
      let log = EventLog()
      let held = Gate()
      let first = try await orchestrator(simulation, store, log)
      _ = try await first.sagas.start(Order.self, .init(), id: "a").outcome
      try await first.sagas.forget("a")
      let second = try await orchestrator(simulation, store, log, gate: held)
      _ = try await second.sagas.start(Order.self, .init(), id: "a")
      await log.waitFor("a~2/pay")
      let third = try await orchestrator(simulation, store, log)
      try await third.sagas.recover()
      let run = try #require(try await third.sagas.handle(Order.self, "a"))
      _ = await run.outcome
      try await third.sagas.forget("a")
      _ = try await third.sagas.start(Order.self, .init(), id: "a").outcome
      try #require(
        log.entries == ["a/pay", "a/mail", "a~2/pay", "a~2/pay", "a~2/mail", "a~3/pay", "a~3/mail"])
      held.open()
    }
  }

  @Test(arguments: StoreKind.allCases.filter { $0 != .memory })
  func usedAndGone_whileItIsLookedUp_isNoticed(kind: StoreKind) throws {
    try underSchedules(10) { simulation in
      let inner = try kind.make()
      let log = EventLog()
      let quick = try await orchestrator(simulation, inner, log)
      // Whoever looks is told what was so before somebody else was there and gone.
      let store = SlowLook(inner) {
        _ = try await quick.sagas.start(Order.self, .init(), id: "a").outcome
        try await quick.sagas.forget("a")
      }
      let bench = try await orchestrator(simulation, store, log)
      _ = try await bench.sagas.start(Order.self, .init(), id: "a").outcome
      try #require(log.entries == ["a/pay", "a/mail", "a~2/pay", "a~2/mail"])
    }
  }

  @Test func idsThatAreRemembered_areTheLastOnes() {
    var used = UsedIDs(limit: 3)
    for run in 1...500 as ClosedRange<UInt32> { used.note("a", run: run) }
    #expect(used["a"] == 500 && used.count == 1)
    for id in ["b", "c", "a", "d"] { used.note(id, run: used[id] + 1) }
    #expect(used["a"] == 501 && used["b"] == 0 && used["c"] == 1 && used["d"] == 1 && used.count == 3)
    used.note("e", run: 0)
    #expect(used["e"] == 0 && used.count == 3)
    for number in 0..<1_000 { used.note("\(number)", run: 1) }
    #expect(used.count == 3 && used["999"] == 1 && used["996"] == 0)
  }

  @Test(arguments: [("a", "a", 1), ("a", "a~2", 2), ("a-1", "a-1~34", 34)])
  func run_isReadFromItsID(id: String, runID: String, run: UInt32) {
    #expect(SagaInfo.run(of: runID) == run)
    let info = SagaInfo(
      id: id, run: run, kind: SagaKind(name: "n", version: 1), startedAt: Timestamp(nanoseconds: 0),
      metadata: [:], mark: 7)
    #expect(info.run == run && info.mark == 7)
    #expect(info.runID == runID && info.key("pay") == "\(runID)/pay")
  }
}

/// Does something once, behind the first look for an id.
private final class SlowLook: SagaStore {
  private let inner: any SagaStore
  private let between: Lock<(@Sendable () async throws -> Void)?>

  init(_ inner: any SagaStore, _ between: @escaping @Sendable () async throws -> Void) {
    self.inner = inner
    self.between = Lock(between)
  }

  func append(
    _ record: JournalRecord, whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
  ) -> Durability {
    inner.append(record, whenDurable: whenDurable)
  }

  func occupancy(of id: String) async throws -> Occupancy {
    let found = try await inner.occupancy(of: id)
    let body = between.withLock { between in
      defer { between = nil }
      return between
    }
    try await body?()
    return found
  }

  func claim(for writer: UInt64) async throws -> [StoredSaga] { try await inner.claim(for: writer) }

  func load(_ id: String) async throws -> StoredSaga? { try await inner.load(id) }
}
