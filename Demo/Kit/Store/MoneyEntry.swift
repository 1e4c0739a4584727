/// A movement of money in somebody's ``Books``.
protocol MoneyEntry: BookEntry {
  /// What was done.
  associatedtype Kind: RawRepresentable<String>
  var kind: Kind { get }
  /// Under which key.
  var key: String { get }
  var amount: Money { get }
  init(kind: Kind, key: String, amount: Money)
}

extension MoneyEntry {
  var line: String { "\(kind.rawValue)\t\(amount.cents)\t\(key)" }

  init?(line: String) {
    let parts = line.split(separator: "\t")
    guard parts.count == 3, let kind = Kind(rawValue: String(parts[0])), let cents = Int(parts[1]) else {
      return nil
    }
    self.init(kind: kind, key: String(parts[2]), amount: Money(cents: cents))
  }
}
