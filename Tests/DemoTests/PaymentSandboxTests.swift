import Sagas
import Testing

@testable import DemoKit

/// The provider of the demo can be asked anything twice.
@Suite struct PaymentSandboxTests {
  private let amount = Money(cents: 1_000)
  private let key = "A-1/charge payment"

  private func sandbox(_ behaviour: Behaviour = Behaviour()) throws -> PaymentSandbox {
    try PaymentSandbox(
      behaviours: ["A-1": behaviour], latency: Latency(seed: 1, clock: SystemClock()),
      lateAnswer: .milliseconds(10))
  }

  @Test func aKeyIsChargedOnceAndRefundedOnce() async throws {
    let payments = try sandbox()
    let receipt = try await payments.charge(amount, key: key)
    #expect(try await payments.charge(amount, key: key) == receipt)
    try await payments.refund(receipt)
    try await payments.refund(receipt)
    try await payments.void(key: key)
    #expect(await payments.ledger.map(\.kind) == [.charge, .refund])
  }

  @Test func aVoidedKeyIsNeverCharged() async throws {
    let payments = try sandbox()
    try await payments.void(key: key)
    await #expect(throws: PaymentError.voided) { try await payments.charge(amount, key: key) }
    #expect(await payments.ledger.isEmpty)
  }

  @Test func whatWasGivenBackByHandIsNeitherChargedNorRefundedAgain() async throws {
    let payments = try sandbox()
    let receipt = try await payments.charge(amount, key: key)
    #expect(try await payments.refundByHand(key: key) == amount)
    #expect(try await payments.refundByHand(key: key) == nil)
    try await payments.refund(receipt)
    await #expect(throws: PaymentError.voided) { try await payments.charge(amount, key: key) }
    #expect(await payments.ledger.map(\.kind) == [.charge, .refundByHand])
  }

  @Test func aRefundOfNothingIsRefused() async throws {
    let payments = try sandbox()
    await #expect(throws: PaymentError.unknownCharge) {
      try await payments.refund(Receipt(key: key, amount: amount))
    }
  }

  @Test func aFlakyProviderChargesInTheEnd() async throws {
    let payments = try sandbox(Behaviour(payment: .flaky(2)))
    await #expect(throws: PaymentError.unavailable) { try await payments.charge(amount, key: key) }
    await #expect(throws: PaymentError.unavailable) { try await payments.charge(amount, key: key) }
    _ = try await payments.charge(amount, key: key)
    #expect(await payments.ledger.count == 1)
  }

  @Test func latencyDependsOnTheSeedAlone() {
    let first = Latency(seed: 1, clock: SystemClock()), second = Latency(seed: 2, clock: SystemClock())
    let calls = (0..<20).map { "call \($0)" }
    let durations = calls.map { first.duration(of: $0, for: "A-1", 10...200) }
    #expect(durations == calls.map { first.duration(of: $0, for: "A-1", 10...200) })
    #expect(durations != calls.map { second.duration(of: $0, for: "A-1", 10...200) })
    #expect(durations.allSatisfy { $0 >= .milliseconds(10) && $0 <= .milliseconds(200) })
  }
}
