/// An order as the shop keeps it; the output of a checkout.
struct Order: Codable, Hashable, Sendable {
  let id: String
  let total: Money
  let carrier: String
}
