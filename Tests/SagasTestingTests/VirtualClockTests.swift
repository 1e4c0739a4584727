import Sagas
import SagasTesting
import Testing

@Suite struct VirtualClockTests {
  @Test func standsStillUntilItIsMoved() {
    let clock = VirtualClock(now: Timestamp(nanoseconds: 5))
    #expect(clock.now == Timestamp(nanoseconds: 5))
    clock.advance(by: .nanoseconds(7))
    #expect(clock.now == Timestamp(nanoseconds: 12))
    clock.advance(by: .nanoseconds(-7))
    #expect(clock.now == Timestamp(nanoseconds: 12), "never back")
  }

  @Test func returnsAtOnceWhenTheDeadlineHasPassed() async throws {
    let clock = VirtualClock()
    try await clock.sleep(until: clock.now)
    try await clock.sleep(until: Timestamp(nanoseconds: 0))
    #expect(clock.sleeperCount == 0)
  }

  @Test func wakesWhoIsDueAndNobodyElse() async throws {
    let clock = VirtualClock()
    let log = EventLog()
    let start = clock.now
    for seconds in [3, 1, 2] {
      Task {
        try await clock.sleep(until: start.advanced(by: .seconds(seconds)))
        log.append("\(seconds)")
      }
    }
    await clock.waitForSleepers(atLeast: 3)
    #expect(clock.nextDeadline == start.advanced(by: .seconds(1)))

    clock.advance(by: .milliseconds(999))
    #expect(clock.sleeperCount == 3)
    clock.advance(by: .milliseconds(1))
    await log.waitFor("1")
    #expect(clock.sleeperCount == 2)

    #expect(clock.advanceToNextDeadline())
    await log.waitFor("2")
    #expect(clock.now == start.advanced(by: .seconds(2)))
    clock.advance(by: .seconds(60))
    await log.waitFor("3")
    #expect(log.entries == ["1", "2", "3"])
    #expect(!clock.advanceToNextDeadline())
  }

  @Test func cancellationEndsASleep() async {
    let clock = VirtualClock()
    let sleeper = Task { try await clock.sleep(until: Timestamp(nanoseconds: .max)) }
    await clock.waitForSleepers(atLeast: 1)
    sleeper.cancel()
    await #expect(throws: CancellationError.self) { try await sleeper.value }
    #expect(clock.sleeperCount == 0)
    #expect(clock.nextDeadline == nil)
  }

  @Test func aCancelledTaskDoesNotFallAsleep() async {
    let clock = VirtualClock()
    let sleeper = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await clock.sleep(until: Timestamp(nanoseconds: 0))
    }
    await #expect(throws: CancellationError.self) { try await sleeper.value }
  }

  @Test func waitingForSleepersEndsWithItsTask() async {
    let clock = VirtualClock()
    let waiting = Task { await clock.waitForSleepers(atLeast: 1) }
    waiting.cancel()
    #expect(await waiting.value == false)
  }

  @Test func wakesInTheOrderOfDeadlinesUnderEverySeed() throws {
    try simulate(seeds: 0..<100) { simulation in
      let clock = simulation.clock
      let log = EventLog()
      let start = clock.now
      try await withThrowingTaskGroup { group in
        for seconds in [5, 3, 1, 4, 2] {
          group.addTask {
            try await clock.sleep(until: start.advanced(by: .seconds(seconds)))
            log.append("\(seconds) at \(start.duration(to: clock.now).components.seconds)")
          }
        }
        try await group.waitForAll()
      }
      try #require(log.entries == (1...5).map { "\($0) at \($0)" })
    }
  }

  @Test func theRaceOfASleepWithItsCancellationHasOneOfTwoEnds() throws {
    let ends = EventLog()
    try simulate(seeds: 0..<200) { simulation in
      let clock = simulation.clock
      let deadline = clock.now.advanced(by: .seconds(1))
      let log = EventLog()
      let sleeper = simulation.runtime.spawn("sleeper") {
        do {
          try await clock.sleep(until: deadline)
          log.append("woken")
        } catch { log.append("cancelled") }
      }
      let canceller = simulation.runtime.spawn("canceller") {
        try? await clock.sleep(until: deadline)
        sleeper.cancel()
      }
      await sleeper.value
      await canceller.value
      try #require(log.entries.count == 1)
      try #require(clock.sleeperCount == 0)
      ends.append(log.entries[0])
    }
    // Both are due at the same moment, so no cancellation is early enough to be seen by the sleep.
    #expect(Set(ends.entries) == ["woken"])
  }
}
