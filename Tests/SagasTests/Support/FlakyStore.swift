import SagasTesting

@testable import Sagas

/// A store with the habits of a real one: it answers late, in any order, and at times not with what one hopes for.
final class FlakyStore: SagaStore {
  // Only a machine without memory has no room for an empty store.
  private let inner = try! StoreKind.standard.make()
  private let simulation: Simulation
  private let random: Lock<SeededRandom>
  /// How many of a hundred writes fail.
  private let failures: Int

  init(_ simulation: Simulation, failures: Int = 0) {
    self.simulation = simulation
    self.failures = failures
    random = Lock(SeededRandom(seed: simulation.seed &* 31 &+ 7))
  }

  func append(
    _ record: JournalRecord, whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
  ) -> Durability {
    later(whenDurable) { [inner] in inner.append(record, whenDurable: whenDurable) }
  }

  func claim(for writer: UInt64) async throws -> [StoredSaga] {
    await pause(200)
    return try await inner.claim(for: writer)
  }

  func load(_ id: String) async throws -> StoredSaga? {
    await pause(200)
    return try await inner.load(id)
  }

  func append(
    _ event: EventRecord, by writer: UInt64,
    whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
  ) -> Durability {
    later(whenDurable) { [inner] in inner.append(event, by: writer, whenDurable: whenDurable) }
  }

  func claimEvents(for writer: UInt64) async throws -> StoredEvents {
    await pause(200)
    return try await inner.claimEvents(for: writer)
  }

  func removeEvents(_ numbers: [UInt64], by writer: UInt64) { inner.removeEvents(numbers, by: writer) }

  private func later(
    _ whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void,
    _ append: @escaping @Sendable () -> Durability
  ) -> Durability {
    let (delay, fails) = random.withLock { random in
      (Int.random(in: 0..<400, using: &random), Int.random(in: 0..<100, using: &random) < failures)
    }
    simulation.runtime.spawn("write") { [self] in
      await pause(delay)
      if fails { return whenDurable(.failure(Busy())) }
      if append() == .durable { whenDurable(.success(())) }
    }
    return .pending
  }

  private func pause(_ milliseconds: Int) async {
    try? await simulation.clock.sleep(until: simulation.clock.now.advanced(by: .milliseconds(milliseconds)))
  }
}
