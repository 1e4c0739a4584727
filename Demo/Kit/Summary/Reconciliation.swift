import Sagas

/// Whether every cent that was charged is in a completed order, refunded or voided.
///
/// Holds two independent accounts against each other: the books of the payment provider, and what the sagas
/// say of themselves. A pure function of the two.
struct Reconciliation: Hashable, Sendable {
  /// All that the provider has charged.
  private(set) var charged = Money.zero
  /// What of it belongs to completed orders.
  private(set) var captured = Money.zero
  private(set) var refunded = Money.zero
  private(set) var voided = Money.zero
  /// Charged, and neither in a completed order nor given back.
  private(set) var missing = Money.zero
  /// Given back, or kept for an order, without having been charged.
  private(set) var excess = Money.zero
  /// All that is wrong, one line each.
  ///
  /// Empty when everything adds up.
  private(set) var problems: [String] = []

  var isBalanced: Bool { problems.isEmpty }

  /// - Parameters:
  ///   - ledger: every movement of money at the provider.
  ///   - results: every order with what its saga says.
  init(ledger: [LedgerEntry], results: [OrderResult]) {
    let orders = Dictionary(results.map { ($0.id, $0) }) { first, _ in first }
    let entries = Dictionary(grouping: ledger, by: \.key)
    for key in entries.keys.sorted() {
      add(Charge(key: key, entries: entries[key] ?? []), orders)
    }
    let chargedOrders = Set(ledger.filter { $0.kind == .charge }.map(\.orderID))
    for result in results where !chargedOrders.contains(result.id) {
      if result.status == .completed {
        excess += result.total
        captured += result.total
        problems.append("\(result.id): completed, but \(result.total) was never charged")
      } else if result.receipt != nil {
        problems.append("\(result.id): its saga has a receipt, but nothing was charged")
      }
    }
  }

  /// All entries of one key.
  private struct Charge {
    let key: String
    let entries: [LedgerEntry]

    func sum(_ kind: LedgerEntry.Kind) -> Money { entries.filter { $0.kind == kind }.map(\.amount).total }
    var isCharged: Bool { entries.contains { $0.kind == .charge } }
  }

  private mutating func add(_ charge: Charge, _ orders: [String: OrderResult]) {
    let orderID = charge.entries.first?.orderID ?? ""
    let back = charge.sum(.refund) + charge.sum(.void)
    charged += charge.sum(.charge)
    refunded += charge.sum(.refund)
    voided += charge.sum(.void)

    guard let order = orders[orderID] else {
      problems.append("\(orderID): charged under '\(charge.key)', but there is no such order")
      settle(charge, kept: .zero)
      return
    }
    if order.status == .completed {
      let isOwn = order.receipt?.key == charge.key
      let kept = isOwn ? order.total : .zero
      captured += kept
      if !isOwn { problems.append("\(orderID): charged under '\(charge.key)', not the key of its receipt") }
      if back > .zero { problems.append("\(orderID): completed, but \(back) was given back") }
      settle(charge, kept: kept)
    } else {
      if back > .zero && !order.saysUncharged {
        problems.append("\(orderID): \(back) was given back, but its saga does not say so")
      }
      if order.receipt != nil && !charge.isCharged {
        problems.append("\(orderID): its saga has a receipt, but nothing was charged")
      }
      settle(charge, kept: .zero)
    }
  }

  /// Notes what of a charge is neither kept nor given back, or more than that.
  private mutating func settle(_ charge: Charge, kept: Money) {
    let orderID = charge.entries.first?.orderID ?? ""
    let open = charge.sum(.charge) - kept - charge.sum(.refund) - charge.sum(.void)
    if open > .zero {
      missing += open
      problems.append("\(orderID): \(open) charged, and neither in a completed order nor given back")
    } else if open < .zero {
      excess += .zero - open
      problems.append("\(orderID): \(.zero - open) more kept or given back than was charged")
    }
  }
}
