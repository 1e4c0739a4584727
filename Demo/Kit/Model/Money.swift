/// An amount of money in whole cents: exact, however often it is added up.
struct Money: Hashable, Sendable {
  var cents: Int

  init(cents: Int) { self.cents = cents }

  static let zero = Money(cents: 0)

  static func + (a: Money, b: Money) -> Money { Money(cents: a.cents + b.cents) }
  static func - (a: Money, b: Money) -> Money { Money(cents: a.cents - b.cents) }
  static func += (a: inout Money, b: Money) { a.cents += b.cents }
  static func * (a: Money, times: Int) -> Money { Money(cents: a.cents * times) }
}

extension Money: Comparable {
  static func < (a: Money, b: Money) -> Bool { a.cents < b.cents }
}

extension Money: Codable {
  init(from decoder: any Decoder) throws {
    cents = try decoder.singleValueContainer().decode(Int.self)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(cents)
  }
}

extension Money: CustomStringConvertible {
  /// `1234.05`: the same everywhere, whatever the language of the machine.
  var description: String {
    let (whole, part) = cents.magnitude.quotientAndRemainder(dividingBy: 100)
    return "\(cents < 0 ? "-" : "")\(whole).\(part < 10 ? "0" : "")\(part)"
  }
}

extension Sequence<Money> {
  /// All of them together.
  var total: Money { reduce(.zero, +) }
}
