import Sagas
import Synchronization

/// Starts sagas that a crash interrupts, and takes them up again.
struct RecoveryRun: Sendable {
  /// How many are started at a time, so that one transaction takes many.
  private static let lanes = 512

  let inFlight: Int
  let sagas: SagaOrchestrator
  /// Where all of them come to in their second step.
  let barrier: Barrier
  private let tally: Tally

  /// Throws `DefinitionError` when the saga is not a valid one.
  init(_ inFlight: Int, store: any SagaStore, runtime: Runtime = Runtime()) async throws {
    self.inFlight = inFlight
    barrier = Barrier(inFlight)
    tally = Tally(inFlight)
    sagas = SagaOrchestrator(store: store, runtime: runtime)
    try await sagas.register(Errand(tally: tally, barrier: barrier))
  }

  /// Starts those that end, and then those that are held in the middle of a step.
  func begin(finished: Int) async throws {
    try await inLanes(finished) { number in
      let state = Errand.State(number: number, isHeld: false)
      guard try await sagas.run(Errand.self, state, id: "done-\(number)") == (number &+ 1) &* 2 else {
        throw StressFault("done-\(number) did not complete as it should")
      }
    }
    try await inLanes(inFlight) { number in
      _ = try await sagas.start(Errand.self, .init(number: number), id: "saga-\(number)")
    }
  }

  /// Takes all up; returns when it is recorded that each of them goes on.
  func recover() async throws {
    let report = try await sagas.recover()
    guard report.recovered.count == inFlight, report.parked.isEmpty else {
      throw StressFault(
        "\(report.recovered.count) were recovered and \(report.parked.count) parked, of \(inFlight)")
    }
  }

  /// Returns when all have ended; throws ``StressFault`` unless each has completed, and its second step ran once.
  func drain() async throws {
    while sagas.liveCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
    if let number = (0..<inFlight).first(where: { tally.times($0) != 1 }) {
      throw StressFault("the second step of saga-\(number) ran \(tally.times(number)) times")
    }
    let counts = try await sagas.count()
    guard counts.keys.allSatisfy({ $0 == .completed }) else {
      throw StressFault("not all have completed: \(counts)")
    }
  }

  private func inLanes(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
    let next = Counter()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<min(Self.lanes, count) {
        group.addTask {
          while case let number = next.add(1) - 1, number < count { try await body(number) }
        }
      }
      try await group.waitForAll()
    }
  }
}
