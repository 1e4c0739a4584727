/// Somebody who is known to the shop.
struct Customer: Codable, Hashable, Sendable {
  let id: String
  let name: String
  let address: String
}
