/// Money that is set aside for a report.
struct Hold: Codable, Hashable, Sendable {
  let key: String
  let amount: Money
}
