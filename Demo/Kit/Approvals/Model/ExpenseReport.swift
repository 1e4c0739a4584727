/// What an employee wants to have back.
struct ExpenseReport: Codable, Hashable, Sendable {
  let id: String
  let employee: String
  let purpose: String
  let amount: Money
}
