import Sagas
import Testing

@testable import DemoKit

/// The bundled orders, through the library, all at once.
@Suite struct CheckoutTests {
  /// Long enough that a busy machine does not change who times out.
  private static let limits = Limits(charge: .milliseconds(1_500), settleGrace: .milliseconds(1_000))

  /// A run and the shop it was in.
  private func run(_ requests: [OrderRequest]) async throws -> (results: [OrderResult], shop: Shop) {
    let shop = try await Shop(requests: requests, limits: Self.limits)
    return (await shop.checkOutAll(arrivals: .zero, board: Board(requests)), shop)
  }

  /// How an order has to end: the step that fails first and what must have been undone.
  private func expected(_ behaviour: Behaviour) -> (failedStep: String?, undone: Set<String>) {
    let both: Set = ["charge payment", "reserve inventory"]
    if behaviour.isCustomerUnknown { return ("validate customer", []) }
    if behaviour.isOutOfStock { return ("reserve inventory", ["charge payment"]) }
    switch behaviour.payment {
    case .declined, .flaky(5...): return ("charge payment", ["reserve inventory"])
    case .timeoutCharged, .timeoutNotCharged, .answersLate: return ("charge payment", both)
    case .works, .flaky: break
    }
    return behaviour.failsToCreate ? ("create order", both) : (nil, [])
  }

  @Test(.timeLimit(.minutes(1)))
  func everyBundledOrderEndsAsItsEntrySays() async throws {
    let requests = try OrderFile.bundled()
    let (results, shop) = try await run(requests)
    #expect(results.map(\.id) == requests.map(\.id))
    for (request, result) in zip(requests, results) {
      let expected = expected(request.behaviour)
      #expect(result.status == (expected.failedStep == nil ? .completed : .compensated), "\(request.id)")
      #expect(result.failedStep == expected.failedStep, "\(request.id)")
      // What stands beside a step that fails at once may not have begun, and then there is nothing to undo.
      let certain = expected.failedStep == "create order" || request.behaviour.payment.runsOutOfTime
      let undone = Set(result.undone)
      #expect(certain ? undone == expected.undone : undone.isSubset(of: expected.undone), "\(request.id)")
      #expect(result.unresolved == [], "\(request.id)")
      #expect(
        result.tolerated == (request.behaviour.failsToMail ? ["send mail: mailbox full"] : []),
        "\(request.id)")
    }
    let completed = Set(results.filter { $0.status == .completed }.map(\.id))
    #expect(await shop.inventory.reservedOrders == completed)
    #expect(await shop.orders.standing == completed)

    let ledger = await shop.payments.ledger
    let money = Reconciliation(ledger: ledger, results: results)
    #expect(money.problems == [])
    #expect(money.captured == requests.filter { completed.contains($0.id) }.map(\.cart.total).total)
    #expect(money.charged == money.captured + money.refunded + money.voided)
    #expect(money.refunded > .zero)
    #expect(money.voided > .zero)
    #expect(DemoProgram.exitCode(results, money, isInterrupted: false) == .success)
    everyForgeryIsNoticed(ledger, results)
    theSummaryFits(results, ledger, money)
  }

  /// Takes each entry out of the books, doubles it, and changes it by a cent.
  private func everyForgeryIsNoticed(_ ledger: [LedgerEntry], _ results: [OrderResult]) {
    for (index, entry) in ledger.enumerated() {
      var forged = ledger
      forged.remove(at: index)
      #expect(!Reconciliation(ledger: forged, results: results).isBalanced, "without \(entry)")
      #expect(!Reconciliation(ledger: ledger + [entry], results: results).isBalanced, "twice \(entry)")
      for cent in [-1, 1] {
        forged = ledger
        forged[index] = LedgerEntry(
          kind: entry.kind, key: entry.key, amount: entry.amount + Money(cents: cent))
        #expect(!Reconciliation(ledger: forged, results: results).isBalanced, "\(entry) by \(cent) cent")
      }
    }
  }

  private func theSummaryFits(_ results: [OrderResult], _ ledger: [LedgerEntry], _ money: Reconciliation) {
    let summary = Summary(
      results: results, ledger: ledger, elapsed: .seconds(2), style: Style(isColoured: false))
    let lines = summary.lines(money)
    #expect(lines.allSatisfy { TextWidth.of($0) <= 80 })
    #expect(lines.allSatisfy { !$0.contains("\u{1B}") })
    #expect(lines.first == "\(results.count) orders in 2.0 s")
    #expect(lines.last?.hasSuffix("0.00  ✓") == true)
    let forged = Reconciliation(ledger: Array(ledger.dropLast()), results: results)
    #expect(summary.lines(forged).contains("The money does not add up:"))
  }

  @Test(.timeLimit(.minutes(1)))
  func closingTheShopUndoesWhatIsUnderWay() async throws {
    let requests = try OrderFile.bundled()
    let shop = try await Shop(requests: requests, limits: Self.limits)
    let board = Board(requests)
    var updates = shop.sagas.updates.makeAsyncIterator()
    async let all = shop.checkOutAll(arrivals: .seconds(60), board: board)
    while let update = await updates.next(), update.progress <= 0.5 {}
    await shop.close(board)
    let results = await all
    #expect(results.count == requests.count)
    #expect(results.contains { $0.status == nil })
    #expect(results.allSatisfy { $0.status?.isTerminal ?? true })
    let money = Reconciliation(ledger: await shop.payments.ledger, results: results)
    #expect(money.problems == [])
    #expect(DemoProgram.exitCode(results, money, isInterrupted: true) == .interrupted)
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
