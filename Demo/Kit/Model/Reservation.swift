/// Goods put aside for one order.
struct Reservation: Codable, Hashable, Sendable {
  let orderID: String
  let items: [CartItem]
}
