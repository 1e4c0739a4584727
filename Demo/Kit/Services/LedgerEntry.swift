/// One movement of money in the books of the payment provider.
struct LedgerEntry: Hashable, Sendable {
  /// What was done.
  enum Kind: String, Hashable, Sendable {
    case charge, refund, void
    /// Given back by a person, past every saga.
    case refundByHand = "refund by hand"
  }

  let kind: Kind
  /// The key of the charge: the order's id, `/`, the step.
  let key: String
  let amount: Money

  /// The order it is about.
  var orderID: String { String(key.prefix { $0 != "/" }) }
}
