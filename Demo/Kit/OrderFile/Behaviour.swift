/// How the shop's services misbehave for one order; not at all, unless its entry in the file says so.
struct Behaviour: Hashable, Sendable {
  /// What the payment provider does with the charge.
  var payment = PaymentBehaviour.works
  /// How often a refund or a void fails before it goes through.
  var failingRefunds = 0
  var isCustomerUnknown = false
  var isOutOfStock = false
  var failsToCreate = false
  var failsToMail = false
}

extension Behaviour: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case customer, payment, refund, stock, orders, mail
  }

  init(from decoder: any Decoder) throws {
    try decoder.refuseUnknownFields(CodingKeys.self)
    let container = try decoder.container(keyedBy: CodingKeys.self)

    func word<Value>(_ key: CodingKeys, _ words: String, _ parse: (String) -> Value?) throws -> Value? {
      guard let word = try container.decodeIfPresent(String.self, forKey: key) else { return nil }
      guard let value = parse(word) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: "expected \(words), found \"\(word)\"")
      }
      return value
    }
    func flag(_ key: CodingKeys, _ expected: String) throws -> Bool {
      try word(key, "\"\(expected)\"") { $0 == expected ? true : nil } ?? false
    }

    isCustomerUnknown = try flag(.customer, "unknown")
    payment = try word(.payment, PaymentBehaviour.words, PaymentBehaviour.init) ?? .works
    failingRefunds = try word(.refund, "\"flaky:N\" with N from 1 to 9", flakyTimes) ?? 0
    isOutOfStock = try flag(.stock, "out")
    failsToCreate = try flag(.orders, "fail")
    failsToMail = try flag(.mail, "fail")
  }
}
