/// One entry of a file of orders: who wants what, and what goes wrong on the way.
struct OrderRequest: Hashable, Sendable {
  let id: String
  let customer: Customer
  let items: [CartItem]
  var behaviour = Behaviour()

  /// The input of its checkout.
  var cart: Cart { Cart(id: id, customerID: customer.id, items: items) }
}

extension OrderRequest: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case id, customer, city, items, behaves
  }

  init(from decoder: any Decoder) throws {
    try decoder.refuseUnknownFields(CodingKeys.self)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.id(forKey: .id)
    customer = Customer(
      id: "customer-\(id)", name: try container.text(forKey: .customer),
      address: try container.text(forKey: .city))
    items = try container.decode([CartItem].self, forKey: .items)
    guard (1...100).contains(items.count) else {
      throw DecodingError.dataCorruptedError(
        forKey: .items, in: container, debugDescription: "has \(items.count) items, must have from 1 to 100")
    }
    behaviour = try container.decodeIfPresent(Behaviour.self, forKey: .behaves) ?? Behaviour()
  }
}
