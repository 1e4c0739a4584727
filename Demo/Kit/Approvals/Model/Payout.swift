/// Money that has left the budget.
struct Payout: Codable, Hashable, Sendable {
  let key: String
  let amount: Money
}
