import Sagas

/// Whether every cent that was charged is in a completed order, refunded or voided, or in the hands of a person.
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
  /// Given back by a person, where a saga says that somebody has seen to it.
  private(set) var refundedByHand = Money.zero
  /// Still charged, where somebody has given a saga up that says so.
  private(set) var abandoned = Money.zero
  /// Charged, and none of these.
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
    let byHand = charge.sum(.refundByHand)
    charged += charge.sum(.charge)
    refunded += charge.sum(.refund)
    voided += charge.sum(.void)
    refundedByHand += byHand

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
      if back + byHand > .zero {
        problems.append("\(orderID): completed, but \(back + byHand) was given back")
      }
      settle(charge, kept: kept)
    } else {
      if back > .zero && !order.saysUncharged {
        problems.append("\(orderID): \(back) was given back, but its saga does not say so")
      }
      if order.receipt != nil && !charge.isCharged {
        problems.append("\(orderID): its saga has a receipt, but nothing was charged")
      }
      if byHand > .zero && !order.saysSeenTo {
        problems.append("\(orderID): \(byHand) was given back by hand, but its saga does not say so")
      }
      // Where nobody knows whether it was charged there is no receipt.
      let own = order.receipt?.key ?? "\(orderID)/\(Checkout.payment)"
      let isLeft = order.saysCharged && charge.isCharged && charge.key == own
      let left = isLeft ? order.total : .zero
      abandoned += left
      settle(charge, kept: left)
    }
  }

  /// Notes what of a charge is neither kept nor given back, or more than that.
  private mutating func settle(_ charge: Charge, kept: Money) {
    let orderID = charge.entries.first?.orderID ?? ""
    let back = charge.sum(.refund) + charge.sum(.void) + charge.sum(.refundByHand)
    let open = charge.sum(.charge) - kept - back
    if open > .zero {
      missing += open
      problems.append("\(orderID): \(open) charged, and neither in a completed order nor given back")
    } else if open < .zero {
      excess += .zero - open
      problems.append("\(orderID): \(.zero - open) more kept or given back than was charged")
    }
  }
}
