/// The State that all sagas over the bank share.
struct LedgerState: Codable, Sendable, Hashable {
  let input: Int
  var a: Int?, b: Int?, c: Int?, d: Int?, e: Int?, f: Int?
}
