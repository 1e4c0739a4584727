import Sagas
import SagasTesting
import Testing

@testable import DemoKit

/// The bundled orders, through the library, all at once.
@Suite struct CheckoutTests {
  /// How an order has to end: the step that fails first, what must have been undone, and whether the
  /// undo of its charge fails twice.
  private func expected(_ behaviour: Behaviour) -> (failedStep: String?, undone: Set<String>, isStuck: Bool) {
    let both: Set = ["charge payment", "reserve inventory"]
    if behaviour.isCustomerUnknown { return ("validate customer", [], false) }
    if behaviour.isOutOfStock { return ("reserve inventory", ["charge payment"], false) }
    let isStuck = behaviour.failingRefunds > 1
    switch behaviour.payment {
    case .declined, .flaky(5...): return ("charge payment", ["reserve inventory"], false)
    case .timeoutCharged, .timeoutNotCharged, .answersLate: return ("charge payment", both, isStuck)
    case .works, .flaky: break
    }
    return behaviour.failsToCreate ? ("create order", both, isStuck) : (nil, [], false)
  }

  @Test(arguments: OperatorChoice.allCases)
  func everyBundledOrderEndsAsItsEntrySays(_ decision: OperatorChoice) throws {
    let requests = try OrderFile.bundled()
    try simulate(seeds: 1...5) { simulation in
      let shop = try await Shop(
        requests: requests, seed: simulation.seed, decision: decision, runtime: simulation.runtime)
      let results = await shop.checkOutAll(arrivals: .zero, board: Board(requests))
      try #require(results.map(\.id) == requests.map(\.id))
      try #require(results.contains { $0.intervention != nil })
      for (request, result) in zip(requests, results) { try check(result, request, decision) }
      let completed = Set(results.filter { $0.status == .completed }.map(\.id))
      try #require(await shop.inventory.reservedOrders == completed)
      try #require(await shop.orders.standing == completed)

      let ledger = await shop.payments.ledger
      let money = Reconciliation(ledger: ledger, results: results)
      try #require(money.problems == [])
      try #require(money.captured == requests.filter { completed.contains($0.id) }.map(\.cart.total).total)
      let back = money.refunded + money.voided + money.refundedByHand
      try #require(money.charged == money.captured + back + money.abandoned)
      try #require(money.refunded > .zero && money.voided > .zero)
      try #require((money.refundedByHand > .zero) == (decision == .skip))
      try #require((money.abandoned > .zero) == (decision == .abandon))
      try #require(DemoProgram.exitCode(results, money, isInterrupted: false) == .success)
      try everyForgeryIsNoticed(ledger, results)
      try theSummaryFits(results, ledger, money)
    }
  }

  private func check(_ result: OrderResult, _ request: OrderRequest, _ decision: OperatorChoice) throws {
    let expected = expected(request.behaviour)
    let isGivenUp = expected.isStuck && decision == .abandon
    let status: SagaStatus = expected.failedStep == nil ? .completed : isGivenUp ? .failed : .compensated
    try #require(result.status == status, "\(request.id)")
    try #require(result.failedStep == expected.failedStep, "\(request.id)")
    try #require((result.intervention != nil) == expected.isStuck, "\(request.id)")
    let left = expected.isStuck && decision != .retry ? ["charge payment"] : []
    try #require(result.chargeLeft == (left.isEmpty ? nil : isGivenUp ? .undoFailed : .skipped))
    try #require(result.unresolved.count == left.count, "\(request.id)")
    // What stands beside a step that fails at once may not have begun, and then there is nothing to undo.
    let certain = expected.failedStep == "create order" || request.behaviour.payment.runsOutOfTime
    let undone = Set(result.undone)
    let toBeUndone = expected.undone.subtracting(left)
    try #require(certain ? undone == toBeUndone : undone.isSubset(of: toBeUndone), "\(request.id)")
    let tolerated = request.behaviour.failsToMail ? ["send mail: mailbox full"] : []
    try #require(result.tolerated == tolerated, "\(request.id)")
  }

  /// Takes each entry out of the books, doubles it, and changes it by a cent.
  private func everyForgeryIsNoticed(_ ledger: [LedgerEntry], _ results: [OrderResult]) throws {
    for (index, entry) in ledger.enumerated() {
      var forged = ledger
      forged.remove(at: index)
      try #require(!Reconciliation(ledger: forged, results: results).isBalanced, "without \(entry)")
      try #require(!Reconciliation(ledger: ledger + [entry], results: results).isBalanced, "twice \(entry)")
      for cent in [-1, 1] {
        forged = ledger
        forged[index] = LedgerEntry(
          kind: entry.kind, key: entry.key, amount: entry.amount + Money(cents: cent))
        try #require(!Reconciliation(ledger: forged, results: results).isBalanced, "\(entry) by \(cent) cent")
      }
    }
  }

  private func theSummaryFits(_ results: [OrderResult], _ ledger: [LedgerEntry], _ money: Reconciliation)
    throws
  {
    let summary = Summary(
      results: results, ledger: ledger, elapsed: .seconds(2), style: Style(isColoured: false))
    let lines = summary.lines(money)
    try #require(lines.allSatisfy { TextWidth.of($0) <= 80 })
    try #require(lines.allSatisfy { !$0.contains("\u{1B}") })
    try #require(lines.first == "\(results.count) orders in 2.0 s")
    try #require(lines.last?.hasSuffix("0.00  ✓") == true)
    let forged = Reconciliation(ledger: Array(ledger.dropLast()), results: results)
    try #require(summary.lines(forged).contains("The money does not add up:"))
  }

  @Test(arguments: OperatorChoice.allCases)
  func closingTheShopUndoesWhatIsUnderWay(_ decision: OperatorChoice) throws {
    let requests = try OrderFile.bundled()
    try simulate(seeds: 1...5) { simulation in
      let shop = try await Shop(
        requests: requests, seed: simulation.seed, decision: decision, runtime: simulation.runtime)
      let board = Board(requests)
      var updates = shop.sagas.updates.makeAsyncIterator()
      async let all = shop.checkOutAll(arrivals: .seconds(60), board: board)
      while let update = await updates.next(), update.progress <= 0.5 {}
      await shop.close(board)
      let results = await all
      try #require(results.count == requests.count)
      try #require(results.contains { $0.status == nil })
      try #require(results.contains { $0.reason == "cancelled" })
      try #require(results.allSatisfy { $0.status?.isTerminal ?? true })
      let money = Reconciliation(ledger: await shop.payments.ledger, results: results)
      try #require(money.problems == [])
      try #require(DemoProgram.exitCode(results, money, isInterrupted: true) == .interrupted)
    }
  }
}

extension PaymentBehaviour {
  /// Whether the charge is given up only after its time limit, when all beside it has ended long ago.
  fileprivate var runsOutOfTime: Bool {
    switch self {
    case .timeoutCharged, .timeoutNotCharged, .answersLate: true
    case .works, .declined, .flaky: false
    }
  }
}
