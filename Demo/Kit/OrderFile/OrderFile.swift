/// Reads and checks a file of orders.
enum OrderFile {
  /// How many orders there may be at most.
  static let limit = 10_000

  private static let list = ListFile(noun: "order", limit: limit)

  /// The orders that come with the demo.
  static func bundled() throws(InputFileError) -> [OrderRequest] {
    try load(try ListFile.bundled("orders", in: "Orders"))
  }

  /// The orders of a file.
  ///
  /// Throws ``InputFileError`` when it cannot be read, is not JSON (with line and column), or does not hold
  /// orders (with the order and the field).
  static func load(_ path: String) throws(InputFileError) -> [OrderRequest] {
    try parse(try list.read(path), file: path)
  }

  /// The orders in the bytes of a file.
  static func parse(_ bytes: [UInt8], file: String) throws(InputFileError) -> [OrderRequest] {
    let orders = try list.parse(bytes, as: OrderRequest.self, file: file)
    try list.refuseRepeated(orders.map(\.id), file: file)
    return orders
  }
}
