/// The shop has none left.
struct OutOfStock: Error, Hashable, Codable {
  let product: String
}

extension OutOfStock: CustomStringConvertible {
  var description: String { "\(product): out of stock" }
}
