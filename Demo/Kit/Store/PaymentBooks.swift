/// The books of the payment provider.
typealias PaymentBooks = Books<LedgerEntry>

extension LedgerEntry: MoneyEntry {
  static let book = "payments"
}
