/// One movement of money in the books of the treasury.
struct TreasuryEntry: Hashable, Sendable {
  /// What was done.
  enum Kind: String, Hashable, Sendable {
    case reserve, release, payOut
    /// What was paid out is back, and set aside.
    case callBack
  }

  let kind: Kind
  /// The key of the reservation: the report's id, `/`, the step.
  let key: String
  let amount: Money

  /// The report it is about.
  var reportID: String { String(key.prefix { $0 != "/" }) }
}
