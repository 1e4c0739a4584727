/// What a carrier would take for a delivery, and how long.
struct Quote: Codable, Hashable, Sendable {
  let carrier: String
  let days: Int
}
