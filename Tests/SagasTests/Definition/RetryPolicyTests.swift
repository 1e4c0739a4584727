import Testing

@testable import Sagas

@Suite("RetryPolicy")
struct RetryPolicyTests {
  /// All delays of a policy, until it has had enough.
  private func delays(
    _ policy: RetryPolicy, error: any Error = Refused(), random: UInt64 = 0, limit: Int = 10
  ) -> [Duration] {
    var delays: [Duration] = []
    while delays.count < limit,
      let delay = policy.delay(afterAttempt: delays.count + 1, error: error, random: { random })
    {
      delays.append(delay)
    }
    return delays
  }

  @Test func never_hasNoRetries() {
    #expect(delays(.never) == [])
    #expect(RetryPolicy.never.retries == 0)
    #expect(RetryPolicy.never.isNever)
  }

  @Test func fixed_waitsTheSameEachTime_andCountsRetries() {
    #expect(delays(.fixed(retries: 3, every: .seconds(2))) == [.seconds(2), .seconds(2), .seconds(2)])
    #expect(RetryPolicy.fixed(retries: 3, every: .seconds(2)).retries == 3)
    #expect(RetryPolicy.fixed(retries: 0, every: .seconds(2)).isNever)
  }

  @Test func linear_growsByAStep() {
    #expect(
      delays(.linear(retries: 4, step: .milliseconds(150))) == [
        .milliseconds(150), .milliseconds(300), .milliseconds(450), .milliseconds(600),
      ])
  }

  @Test func exponential_growsByAFactor() {
    #expect(
      delays(.exponential(retries: 4, from: .milliseconds(200))) == [
        .milliseconds(200), .milliseconds(400), .milliseconds(800), .milliseconds(1_600),
      ])
    #expect(
      delays(.exponential(retries: 3, from: .seconds(1), factor: 1.5)) == [
        .seconds(1), .milliseconds(1_500), .milliseconds(2_250),
      ])
    #expect(
      delays(.exponential(retries: 3, from: .seconds(1), factor: 1))
        == .init(repeating: .seconds(1), count: 3))
  }

  @Test func exponential_isCapped() {
    #expect(
      delays(.exponential(retries: 5, from: .seconds(1), cap: .seconds(3))) == [
        .seconds(1), .seconds(2), .seconds(3), .seconds(3), .seconds(3),
      ])
    #expect(delays(.exponential(retries: 2, from: .seconds(1), cap: .zero)) == [.zero, .zero])
  }

  @Test(arguments: [
    (RetryPolicy.Jitter.none, Duration.seconds(8), Duration.seconds(8)),
    (.full, .zero, .seconds(8)),
    (.equal, .seconds(4), .seconds(8)),
    (.proportional(0.25), .seconds(6), .seconds(10)),
    (.proportional(0), .seconds(8), .seconds(8)),
    (.proportional(1), .zero, .seconds(16)),
  ])
  func jitter_staysInItsBounds(jitter: RetryPolicy.Jitter, least: Duration, most: Duration) {
    let policy = RetryPolicy.exponential(retries: 1, from: .seconds(8), jitter: jitter)
    #expect(delays(policy, random: 0) == [least])
    let upper = delays(policy, random: .max)[0]
    #expect(upper <= most && most - upper <= .nanoseconds(1))
    let middle = delays(policy, random: 1 << 63)[0]
    #expect(middle == least + (most - least) / 2)
  }

  @Test func jitter_doesNotGoBeyondTheCap() {
    let policy = RetryPolicy.exponential(
      retries: 1, from: .seconds(8), cap: .seconds(9), jitter: .proportional(1))
    #expect(delays(policy, random: .max) == [.seconds(9)])
  }

  @Test func chance_isAskedOnlyWhereThereIsAny() {
    var asked = 0
    let random: () -> UInt64 = {
      asked += 1
      return 0
    }
    for policy: RetryPolicy in [
      .fixed(retries: 1, every: .seconds(1)), .linear(retries: 1, step: .seconds(1)),
      .exponential(retries: 1, from: .seconds(1)),
    ] {
      _ = policy.delay(afterAttempt: 1, error: Refused(), random: random)
    }
    #expect(asked == 0)
    _ = RetryPolicy.exponential(retries: 1, from: .seconds(1), jitter: .full)
      .delay(afterAttempt: 1, error: Refused(), random: random)
    #expect(asked == 1)
  }

  @Test func only_letsOthersFailAtOnce() {
    let policy = RetryPolicy.fixed(retries: 2, every: .seconds(1)).only(PaymentError.self) { $0.isTransient }
    #expect(delays(policy, error: PaymentError.unreachable).count == 2)
    #expect(delays(policy, error: PaymentError.declined) == [])
    #expect(delays(policy, error: Refused()) == [])
    let two = policy.only(Busy.self)
    #expect(delays(two, error: Busy()).count == 2)
    #expect(delays(two, error: PaymentError.unreachable).count == 2)
    #expect(delays(two, error: Refused()) == [])
  }

  @Test func filters_areNotAskedAfterTheLastAttempt() {
    let policy = RetryPolicy.fixed(retries: 1, every: .seconds(1)).only(Refused.self) { error in
      Issue.record("asked about \(error)")
      return true
    }
    #expect(policy.delay(afterAttempt: 2, error: Refused(), random: { 0 }) == nil)
  }

  @Test func aPolicyOfOnesOwn_seesAttemptAndError() {
    let policy = RetryPolicy { attempt, error in
      error is Busy && attempt < 3 ? .seconds(attempt) : nil
    }
    #expect(delays(policy, error: Busy()) == [.seconds(1), .seconds(2)])
    #expect(delays(policy, error: Refused()) == [])
    #expect(policy.retries == nil)
    #expect(!policy.isNever)
    #expect(delays(RetryPolicy { _, _ in .seconds(-5) }, limit: 1) == [.zero])
    #expect(delays(RetryPolicy { _, _ in .seconds(Int64.max) }, limit: 1) == [.nanoseconds(Int64.max)])
  }

  @Test(
    "No numbers make a delay trap, or leave 0…292 years",
    arguments: [Duration.zero, .nanoseconds(1), .seconds(-1), .seconds(Int64.max), .seconds(Int64.min)],
    [-1.0, 0, 0.5, 1, 2, 1e308, .infinity, .nan])
  func extremes(duration: Duration, factor: Double) {
    let range = Duration.zero...Duration.nanoseconds(Int64.max)
    for jitter: RetryPolicy.Jitter in [.none, .full, .equal, .proportional(factor)] {
      for random in [0, 1 << 63, UInt64.max] {
        for attempt in [Int.min, 0, 1, 2, 64, Int.max] {
          for policy: RetryPolicy in [
            .fixed(retries: .max, every: duration), .linear(retries: .max, step: duration),
            .exponential(retries: .max, from: duration, factor: factor, jitter: jitter),
            .exponential(retries: .max, from: .seconds(1), factor: factor, cap: duration, jitter: jitter),
          ] {
            let delay = policy.delay(afterAttempt: attempt, error: Refused(), random: { random })
            #expect(delay.map(range.contains) == true)
          }
        }
      }
    }
  }

  @Test func manyRetries_reachTheCapAndStayThere() {
    let policy = RetryPolicy.exponential(retries: .max, from: .nanoseconds(1), cap: .hours(1))
    #expect(policy.delay(afterAttempt: 1_000_000, error: Refused(), random: { 0 }) == .hours(1))
    let slow = RetryPolicy.exponential(retries: .max, from: .seconds(1), factor: 1.000_000_1, cap: .hours(1))
    #expect(slow.delay(afterAttempt: 1_000_000_000, error: Refused(), random: { 0 }) == .hours(1))
  }
}
