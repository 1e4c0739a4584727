/// The books of the treasury: it is somebody else, too, and what it has paid stays paid.
typealias TreasuryBooks = Books<TreasuryEntry>

extension TreasuryEntry: BookEntry {
  static let book = "treasury"

  var line: String { "\(kind.rawValue)\t\(amount.cents)\t\(key)" }

  init?(line: String) {
    let parts = line.split(separator: "\t")
    guard parts.count == 3, let kind = Kind(rawValue: String(parts[0])), let cents = Int(parts[1]) else {
      return nil
    }
    self.init(kind: kind, key: String(parts[2]), amount: Money(cents: cents))
  }
}
