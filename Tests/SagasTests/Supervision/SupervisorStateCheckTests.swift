import SagasTesting
import Testing

@testable import Sagas

/// Live sagas held against their store.
@Suite("Supervisor: state check")
struct SupervisorStateCheckTests {
  /// A store that can lose what it was given.
  private final class LossyStore: SagaStore {
    enum Loss { case lastRecord, firstRecord, everything }

    private let inner = InMemoryStore(encoding: true)
    private let losses = Lock<[String: Loss]>([:])
    private let broken = Lock(false)

    func lose(_ loss: Loss?, of id: String) { losses.withLock { $0[id] = loss } }
    func setBroken(_ isBroken: Bool) { broken.withLock { $0 = isBroken } }

    func append(
      _ record: JournalRecord, whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
    ) -> Durability {
      inner.append(record, whenDurable: whenDurable)
    }

    func claim(for writer: UInt64) async throws -> [StoredSaga] { try await inner.claim(for: writer) }

    func load(_ id: String) async throws -> StoredSaga? {
      if broken.withLock({ $0 }) { throw Busy() }
      guard let stored = try await inner.load(id), case .log(let records) = stored.content else { return nil }
      switch losses.withLock({ $0[id] }) {
      case nil: return stored
      case .lastRecord: return StoredSaga(id: id, records: records.dropLast())
      case .firstRecord: return StoredSaga(id: id, records: Array(records.dropFirst()))
      case .everything: return nil
      }
    }
  }

  private func workbench(_ simulation: Simulation, _ store: any SagaStore) async throws -> Workbench {
    let bench = Workbench(
      simulation, store: store,
      configuration: .init(supervision: .init(checkInterval: nil, heartbeat: nil)))
    try await bench.sagas.register(Errand(bench: bench))
    return bench
  }

  @Test func whatTheStoreHasLost_isAnnounced_inTheOrderOfCreation() throws {
    try underSchedules(20) { simulation in
      let store = LossyStore()
      let bench = try await workbench(simulation, store)
      for id in ["z", "y", "x", "a"] {
        try await bench.begin(id, .hangs)
        try await bench.sleep(.milliseconds(1))
      }
      let listener = Listener(bench)
      let begun = bench.clock.now
      try await bench.sleep(.seconds(61))
      try #require(listener.events.isEmpty, "all is well")
      store.lose(.lastRecord, of: "z")
      store.lose(.firstRecord, of: "y")
      store.lose(.everything, of: "x")
      try await bench.sleep(.seconds(60))
      try #require(listener.log.entries == ["z", "y", "x"].map { "stateDiffers \($0)" })
      try #require(listener.events.allSatisfy { $0.time == begun.advanced(by: .seconds(120)) })
      for event in listener.events {
        try #require((event.error as? SagaError)?.code == .brokenLog && event.status == .running)
      }
      let text = (listener.events[0].error as? SagaError)?.message ?? ""
      try #require(text.contains("entries"), "says what the store has")
      for id in ["x", "y", "z"] { store.lose(nil, of: id) }
      try await bench.sleep(.hours(1))
      try #require(listener.events.count == 3)
    }
  }

  /// Sagas of all kinds, at work, behind a store that answers late and fails: no false alarm.
  @Test(arguments: [0, 1, 2])
  func withoutALoss_nothingIsAnnounced(kind: Int) throws {
    try underSchedules(10) { simulation in
      let stores: [any SagaStore] = [
        InMemoryStore(encoding: false), InMemoryStore(encoding: true), FlakyStore(simulation, failures: 10),
      ]
      let store = stores[kind]
      let bench = Workbench(
        simulation, store: store,
        configuration: .init(
          supervision: .init(checkInterval: nil, heartbeat: nil, stateCheck: .milliseconds(300))))
      try await bench.sagas.register(Errand(bench: bench))
      let listener = Listener(bench)
      let modes: [Errand.Mode] = [.succeeds, .fails, .isBusy, .failsForGood, .hangs, .isLate]
      for (number, mode) in modes.enumerated() {
        while (try? await bench.begin("\(number)", mode, seconds: 3)) == nil {}
        try await bench.sleep(.milliseconds(70))
      }
      // Has a plan of its own.
      let options = StartOptions(failurePolicy: .suspend, timeout: .hours(1))
      while (try? await bench.sagas.start(Errand.self, .init(mode: .fails), id: "o", options: options)) == nil
      {}
      try await bench.sleep(.seconds(40))
      try #require(!listener.events.contains { $0.kind == .stateDiffers || $0.kind == .stateCheckFailed })
      try #require(await bench.sagas.supervisor.statistics().total.active == 3)
    }
  }

  @Test func aStoreThatCannotBeRead_isAnnounced_andLookedAtAgain() throws {
    try underSchedules(10) { simulation in
      let store = LossyStore()
      let bench = try await workbench(simulation, store)
      for id in ["a", "b"] {
        try await bench.begin(id, .hangs)
        try await bench.sleep(.milliseconds(1))
      }
      let listener = Listener(bench)
      store.setBroken(true)
      try await bench.sleep(.seconds(61))
      try #require(listener.log.entries == ["stateCheckFailed a"] && listener.events[0].error is Busy)
      store.setBroken(false)
      store.lose(.lastRecord, of: "b")
      try await bench.sleep(.seconds(60))
      try #require(listener.log.entries == ["stateCheckFailed a", "stateDiffers b"])
    }
  }
}
