/// What somebody wants to buy; the input of a checkout.
struct Cart: Codable, Hashable, Sendable {
  /// The id of the order this becomes, and of its saga.
  let id: String
  let customerID: String
  let items: [CartItem]

  /// What it costs.
  var total: Money { items.map { $0.price * $0.quantity }.total }
}
