/// One line of a cart.
struct CartItem: Hashable, Sendable {
  let product: String
  let quantity: Int
  /// The price of one.
  let price: Money
}

extension CartItem: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case product, quantity, price
  }

  init(from decoder: any Decoder) throws {
    try decoder.refuseUnknownFields(CodingKeys.self)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    product = try container.text(forKey: .product)
    quantity = try container.number(forKey: .quantity, in: 1...1_000)
    price = Money(cents: try container.number(forKey: .price, in: 1...10_000_000))
  }
}
