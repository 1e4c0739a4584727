import Sagas
import SagasTesting
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite struct SimulationTests {
  /// An account with a bug: it looks at the balance, waits for somebody else, and then takes.
  private actor Account {
    private(set) var balance = 10
    private let auditor = Auditor()

    func withdraw(_ amount: Int, log: EventLog) async -> Bool {
      log.append("\(amount)?")
      guard balance >= amount else { return false }
      await auditor.note()
      balance -= amount
      log.append("-\(amount)=\(balance)")
      return true
    }
  }

  private actor Auditor {
    private var notes = 0
    func note() { notes += 1 }
  }

  /// A bit of everything that makes a task wait or change its place.
  @Sendable private static func program(_ simulation: Simulation, _ log: EventLog) async throws {
    let account = Account()
    let (numbers, feed) = AsyncStream.makeStream(of: Int.self)
    let reader = simulation.runtime.spawn("reader") {
      for await number in numbers { log.append("read \(number)") }
    }
    await withTaskGroup { group in
      for amount in [6, 6, 3] {
        group.addTask { _ = await account.withdraw(amount, log: log) }
      }
      for number in 0..<2 {
        group.addTask {
          let delay = Duration.seconds(simulation.runtime.random() % 3)
          try? await simulation.clock.sleep(until: simulation.clock.now.advanced(by: delay))
          log.append("\(simulation.runtime.ids()) \(number)")
          feed.yield(number)
        }
      }
    }
    async let first: Void = log.append("first")
    async let second: Void = log.append("second")
    _ = await (first, second)
    await Task.yield()
    let sleeper = simulation.runtime.spawn("sleeper") {
      do {
        try await simulation.clock.sleep(until: simulation.clock.now.advanced(by: .seconds(36_000)))
      } catch { log.append("cancelled") }
    }
    feed.finish()
    await reader.value
    sleeper.cancel()
    await sleeper.value
    log.append("took \(VirtualClock.start.duration(to: simulation.clock.now))")
  }

  private func trace(seed: UInt64) throws -> [String] {
    let log = EventLog()
    try simulate(seeds: [seed]) { try await Self.program($0, log) }
    return log.entries
  }

  @Test func theSameSeedGivesTheSameTraceAndOthersGiveOthers() throws {
    var traces: Set<[String]> = []
    for seed in UInt64(0)..<300 {
      let trace = try trace(seed: seed)
      try #require(try self.trace(seed: seed) == trace, "seed \(seed)")
      traces.insert(trace)
    }
    #expect(traces.count > 200)
  }

  @Test(arguments: UInt64(0)..<40)
  func simulationsMayRunSideBySide(seed: UInt64) async throws {
    let first = try trace(seed: seed)
    await Task.yield()
    #expect(try trace(seed: seed) == first)
  }

  @Test func someSeedsFindARaceAndNameThemselves() throws {
    struct Overdrawn: Error {}
    let body: @Sendable (Simulation) async throws -> Void = { _ in
      let account = Account()
      async let one = account.withdraw(6, log: EventLog())
      async let other = account.withdraw(6, log: EventLog())
      _ = await (one, other)
      if await account.balance < 0 { throw Overdrawn() }
    }
    let failure = try #require(throws: SimulationFailure.self) { try simulate(seeds: 0..<1_000, body) }
    guard case .thrown(let error) = failure.reason else {
      Issue.record("\(failure)")
      return
    }
    #expect(error is Overdrawn)
    #expect(failure.description.contains("simulate(seeds: [\(failure.seed)])"))

    let again = #expect(throws: SimulationFailure.self) { try simulate(seeds: [failure.seed], body) }
    #expect(again?.seed == failure.seed)

    let found = (UInt64(0)..<1_000).count { seed in (try? simulate(seeds: [seed], body)) == nil }
    #expect((1..<1_000).contains(found), "\(found) of 1000 seeds")
  }

  @Test func idsRandomNumbersAndTimeFollowFromTheSeed() throws {
    var drawn: [UInt64: UInt64] = [:]
    for seed in [1, 1, 2] as [UInt64] {
      let simulation = Simulation(seed: seed)
      #expect(simulation.seed == seed)
      #expect([simulation.runtime.ids(), simulation.runtime.ids()] == ["saga-1", "saga-2"])
      #expect(simulation.runtime.clock.now == VirtualClock.start)
      let number = simulation.runtime.random()
      #expect(drawn[seed] == nil || drawn[seed] == number)
      drawn[seed] = number
    }
    #expect(drawn[1] != drawn[2])
  }

  @Test func timeMovesOnlyWhenNothingElseCan() throws {
    try simulate(seeds: 0..<50) { simulation in
      let clock = simulation.clock
      let start = clock.now
      let log = EventLog()
      let sleeper = simulation.runtime.spawn("sleeper") {
        try? await clock.sleep(until: start.advanced(by: .nanoseconds(1)))
        log.append("woken")
      }
      await clock.waitForSleepers(atLeast: 1)
      for _ in 0..<100 { await Task.yield() }
      try #require(clock.now == start)
      try #require(log.entries.isEmpty)
      await sleeper.value
      try #require(clock.now == start.advanced(by: .nanoseconds(1)))
    }
  }

  @Test func aDeadlockIsReportedWithItsSeed() throws {
    let failure = #expect(throws: SimulationFailure.self) {
      try simulate(seeds: 41..<50) { simulation in
        guard simulation.seed == 42 else { return }
        await Gate().wait()
      }
    }
    #expect(failure?.seed == 42)
    guard case .deadlock = failure?.reason else {
      Issue.record("\(failure as Any)")
      return
    }
    #expect(failure?.description.contains("seed 42") == true)
    #expect(failure?.description.contains("deadlock") == true)
  }

  @Test(.timeLimit(.minutes(1)))
  func aProgramWithoutEndIsReported() {
    let failure = #expect(throws: SimulationFailure.self) {
      try simulate(seeds: [7], maximumJobs: 1_000) { simulation in
        let heartbeat = simulation.runtime.spawn("heartbeat") {
          while !Task.isCancelled {
            try? await simulation.clock.sleep(until: simulation.clock.now.advanced(by: .seconds(1)))
          }
        }
        await heartbeat.value
      }
    }
    guard case .endless(jobs: 1_000) = failure?.reason else {
      Issue.record("\(failure as Any)")
      return
    }
  }

  @Test func whatStillSleepsAtTheEndIsWokenAsIfCancelled() throws {
    let log = EventLog()
    try simulate(seeds: [1]) { simulation in
      let clock = simulation.clock
      simulation.runtime.spawn("supervisor") {
        do {
          while true { try await clock.sleep(until: clock.now.advanced(by: .seconds(1))) }
        } catch { log.append("\(type(of: error))") }
      }
      try await clock.sleep(until: clock.now.advanced(by: .seconds(10)))
    }
    #expect(log.entries == ["CancellationError"])
  }

  @Test func workThatIsReadyWhenTheBodyReturnsIsStillDone() throws {
    let log = EventLog()
    try simulate(seeds: 0..<20) { simulation in
      simulation.runtime.spawn("straggler") {
        await Task.yield()
        log.append("done")
      }
    }
    #expect(log.count(of: "done") == 20)
  }

  @Test func aResumptionFromAnotherThreadIsDetected() {
    let failure = #expect(throws: SimulationFailure.self) {
      try simulate(seeds: [3]) { simulation in
        let gate = Gate()
        let waiting = simulation.runtime.spawn("waiting") { await gate.wait() }
        await gate.waitForArrivals(atLeast: 1)
        // The waiting task has come to the gate, and may not stand at it yet: let it.
        try await simulation.clock.sleep(until: simulation.clock.now.advanced(by: .seconds(1)))
        onAnotherThread { gate.open() }
        await waiting.value
      }
    }
    guard case .foreignEnqueues(1) = failure?.reason else {
      Issue.record("\(failure as Any)")
      return
    }
    #expect(failure?.description.contains("seed 3") == true)
  }

  @Test func theBodySeesTheTaskLocalsOfItsCaller() throws {
    try Self.$caller.withValue("somebody") {
      try simulate(seeds: [1]) { _ in try #require(Self.caller == "somebody") }
    }
  }

  @TaskLocal private static var caller = "nobody"

  @Test func theExecutorReturnsWhatTheBodyReturns() throws {
    let executor = SimulationExecutor(seed: 1)
    #expect(try executor.run { 42 } == 42)
    #expect(executor.jobs > 0)
    #expect(executor.seed == 1)
  }
}

/// Runs `body` on a thread of its own and returns when it has returned.
private func onAnotherThread(_ body: @escaping @Sendable () -> Void) {
  final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  let work = Unmanaged.passRetained(Work(body)).toOpaque()
  #if canImport(Darwin)
  var thread: pthread_t?
  #else
  var thread = pthread_t()
  #endif
  pthread_create(
    &thread, nil,
    { argument in
      let argument: UnsafeMutableRawPointer? = argument
      if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
      return nil
    }, work)
  #if canImport(Darwin)
  if let thread { pthread_join(thread, nil) }
  #else
  pthread_join(thread, nil)
  #endif
}
