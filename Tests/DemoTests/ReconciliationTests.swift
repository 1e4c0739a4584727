import Sagas
import Testing

@testable import DemoKit

/// Holding the provider's books against the sagas' word: what adds up, and above all what does not.
@Suite struct ReconciliationTests {
  private static let key = "A-1/charge payment"

  private func entry(_ kind: LedgerEntry.Kind, _ cents: Int, key: String = key) -> LedgerEntry {
    LedgerEntry(kind: kind, key: key, amount: Money(cents: cents))
  }

  private func completed(_ cents: Int, receipt: Int? = nil) -> OrderResult {
    OrderResult(
      id: "A-1", customer: "Ada", total: Money(cents: cents), status: .completed,
      receipt: Receipt(key: Self.key, amount: Money(cents: receipt ?? cents)))
  }

  private func compensated(_ cents: Int, undone: [String] = ["charge payment"]) -> OrderResult {
    OrderResult(
      id: "A-1", customer: "Ada", total: Money(cents: cents), status: .compensated,
      failedStep: "create order",
      reason: "read-only", undone: undone)
  }

  private func left(_ reason: Unresolved.Reason, _ status: SagaStatus, hasReceipt: Bool = true) -> OrderResult
  {
    OrderResult(
      id: "A-1", customer: "Ada", total: Money(cents: 1_000), status: status,
      receipt: hasReceipt ? Receipt(key: Self.key, amount: Money(cents: 1_000)) : nil,
      failedStep: "create order", reason: "read-only", chargeLeft: reason)
  }

  private func exitCode(_ money: Reconciliation, _ results: [OrderResult]) -> ExitCode {
    DemoProgram.exitCode(results, money, isInterrupted: false)
  }

  @Test func chargesInCompletedOrdersAddUp() {
    let money = Reconciliation(ledger: [entry(.charge, 1_000)], results: [completed(1_000)])
    #expect(money.isBalanced)
    #expect(money.charged == Money(cents: 1_000))
    #expect(money.captured == Money(cents: 1_000))
    #expect(exitCode(money, [completed(1_000)]) == .success)
  }

  @Test(arguments: [LedgerEntry.Kind.refund, .void])
  func chargesThatWereGivenBackAddUp(_ kind: LedgerEntry.Kind) {
    let money = Reconciliation(
      ledger: [entry(.charge, 1_000), entry(kind, 1_000)], results: [compensated(1_000)])
    #expect(money.isBalanced)
    #expect(money.refunded + money.voided == Money(cents: 1_000))
    #expect(money.missing == .zero)
  }

  @Test func anOrderThatWasNeverChargedAddsUp() {
    #expect(Reconciliation(ledger: [], results: [compensated(1_000, undone: [])]).isBalanced)
  }

  @Test func aChargeNobodyGaveBackIsFound() {
    let results = [compensated(1_000)]
    let money = Reconciliation(ledger: [entry(.charge, 1_000)], results: results)
    #expect(money.missing == Money(cents: 1_000))
    #expect(money.problems == ["A-1: 10.00 charged, and neither in a completed order nor given back"])
    #expect(exitCode(money, results) == .notReconciled)
  }

  @Test func aLostCentIsFound() {
    let results = [compensated(1_000)]
    let money = Reconciliation(ledger: [entry(.charge, 1_000), entry(.refund, 999)], results: results)
    #expect(money.missing == Money(cents: 1))
    #expect(exitCode(money, results) == .notReconciled)
  }

  @Test func aCentTooMuchInAnOrderIsFound() {
    let money = Reconciliation(ledger: [entry(.charge, 1_001)], results: [completed(1_000, receipt: 1_001)])
    #expect(money.missing == Money(cents: 1))
    #expect(!money.isBalanced)
  }

  @Test func aDoubleRefundIsFound() {
    let results = [compensated(1_000)]
    let money = Reconciliation(
      ledger: [entry(.charge, 1_000), entry(.refund, 1_000), entry(.refund, 1_000)], results: results)
    #expect(money.excess == Money(cents: 1_000))
    #expect(money.missing == .zero)
    #expect(exitCode(money, results) == .notReconciled)
  }

  @Test func aLossAndADoubleRefundDoNotCancelOut() {
    var other = compensated(1_000)
    other = OrderResult(
      id: "A-2", customer: "Bo", total: other.total, status: .compensated, undone: other.undone)
    let money = Reconciliation(
      ledger: [
        entry(.charge, 1_000), entry(.refund, 1_000), entry(.refund, 1_000),
        entry(.charge, 1_000, key: "A-2/charge payment"),
      ],
      results: [compensated(1_000), other])
    #expect(money.missing == Money(cents: 1_000))
    #expect(money.excess == Money(cents: 1_000))
    #expect(money.problems.count == 2)
  }

  @Test func aRefundOfACompletedOrderIsFound() {
    let money = Reconciliation(
      ledger: [entry(.charge, 1_000), entry(.refund, 1_000)], results: [completed(1_000)])
    #expect(money.problems.contains("A-1: completed, but 10.00 was given back"))
  }

  @Test func aCompletedOrderWithoutAChargeIsFound() {
    let money = Reconciliation(ledger: [], results: [completed(1_000)])
    #expect(money.excess == Money(cents: 1_000))
    #expect(!money.isBalanced)
  }

  @Test func aSecondChargeIsFound() {
    let money = Reconciliation(
      ledger: [entry(.charge, 1_000), entry(.charge, 1_000, key: "A-1/charge payment#2")],
      results: [completed(1_000)])
    #expect(money.missing == Money(cents: 1_000))
    #expect(!money.isBalanced)
  }

  @Test func moneyGivenBackWithoutTheSagaSayingSoIsFound() {
    let money = Reconciliation(
      ledger: [entry(.charge, 1_000), entry(.refund, 1_000)], results: [compensated(1_000, undone: [])])
    #expect(money.problems == ["A-1: 10.00 was given back, but its saga does not say so"])
  }

  @Test func aChargeWithoutAnOrderIsFound() {
    let money = Reconciliation(ledger: [entry(.charge, 1_000)], results: [])
    #expect(money.missing == Money(cents: 1_000))
    #expect(!money.isBalanced)
  }

  @Test func aRefundByHandAddsUpWhereTheSagaSaysSo() {
    let ledger = [entry(.charge, 1_000), entry(.refundByHand, 1_000)]
    let money = Reconciliation(ledger: ledger, results: [left(.skipped, .compensated)])
    #expect(money.isBalanced)
    #expect(money.refundedByHand == Money(cents: 1_000))
    #expect(money.refunded == .zero)
    #expect(exitCode(money, [left(.skipped, .compensated)]) == .success)
    let silent = Reconciliation(ledger: ledger, results: [compensated(1_000)])
    #expect(silent.problems == ["A-1: 10.00 was given back by hand, but its saga does not say so"])
  }

  @Test func anUndoThatWasSkippedAndNobodySawToIsFound() {
    let money = Reconciliation(ledger: [entry(.charge, 1_000)], results: [left(.skipped, .compensated)])
    #expect(money.missing == Money(cents: 1_000))
  }

  @Test(arguments: [true, false])
  func whatAnAbandonedSagaLeavesAddsUp(_ hasReceipt: Bool) {
    let result = left(.undoFailed, .failed, hasReceipt: hasReceipt)
    let money = Reconciliation(ledger: [entry(.charge, 1_000)], results: [result])
    #expect(money.isBalanced)
    #expect(money.abandoned == Money(cents: 1_000))
    #expect(exitCode(money, [result]) == .success)
    #expect(!Reconciliation(ledger: [entry(.charge, 999)], results: [result]).isBalanced)
    let other = Reconciliation(
      ledger: [entry(.charge, 1_000), entry(.charge, 1_000, key: "A-1/other")], results: [result])
    #expect(other.missing == Money(cents: 1_000))
    #expect(Reconciliation(ledger: [], results: [result]).isBalanced == !hasReceipt)
  }

  @Test func whatAStuckSagaLeavesIsUnaccountedFor() {
    let result = left(.undoFailed, .stuck)
    let money = Reconciliation(ledger: [entry(.charge, 1_000)], results: [result])
    #expect(money.missing == Money(cents: 1_000))
    #expect(exitCode(money, [result]) == .notReconciled)
  }

  @Test func anOrderThatHasNotEndedIsNoSuccess() {
    let result = OrderResult(id: "A-1", customer: "Ada", total: .zero, status: .stuck)
    let money = Reconciliation(ledger: [], results: [result])
    #expect(exitCode(money, [result]) == .notReconciled)
    #expect(DemoProgram.exitCode([result], money, isInterrupted: true) == .notReconciled)
  }
}
