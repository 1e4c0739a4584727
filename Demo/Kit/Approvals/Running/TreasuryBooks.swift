/// The books of the treasury: it is somebody else, too, and what it has paid stays paid.
typealias TreasuryBooks = Books<TreasuryEntry>

extension TreasuryEntry: MoneyEntry {
  static let book = "treasury"
}
