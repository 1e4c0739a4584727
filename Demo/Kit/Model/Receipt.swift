/// The payment provider's word that it has charged an amount.
struct Receipt: Codable, Hashable, Sendable {
  /// The key the charge was made under.
  let key: String
  let amount: Money
}
