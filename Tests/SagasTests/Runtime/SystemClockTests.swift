import Testing

@testable import Sagas

@Suite struct SystemClockTests {
  private let clock = SystemClock()

  @Test func tellsATimeOfThisCentury() {
    #expect(clock.now > Timestamp(nanoseconds: 1_700_000_000_000_000_000))
    #expect(clock.now < Timestamp(nanoseconds: 4_100_000_000_000_000_000))
  }

  @Test func sleepsUntilTheDeadlineAndNotLess() async throws {
    let deadline = clock.now.advanced(by: .milliseconds(3))
    try await clock.sleep(until: deadline)
    #expect(clock.now >= deadline)
  }

  @Test func returnsAtOnceWhenTheDeadlineHasPassed() async throws {
    try await clock.sleep(until: clock.now)
    try await clock.sleep(until: Timestamp(nanoseconds: .min))
  }

  @Test func cancellationEndsASleepToTheEndOfTime() async {
    let sleeper = Task { try await clock.sleep(until: Timestamp(nanoseconds: .max)) }
    sleeper.cancel()
    await #expect(throws: CancellationError.self) { try await sleeper.value }
  }

  @Test func aCancelledTaskDoesNotSleepEvenUntilThePast() async {
    let sleeper = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await clock.sleep(until: Timestamp(nanoseconds: 0))
    }
    await #expect(throws: CancellationError.self) { try await sleeper.value }
  }
}
