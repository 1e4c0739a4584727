import Foundation

/// Reads and checks a file of orders.
enum OrderFile {
  /// How many orders one file may hold.
  static let limit = 10_000

  /// The orders that come with the demo.
  static func bundled() throws(OrderFileError) -> [OrderRequest] {
    guard let url = Bundle.module.url(forResource: "orders", withExtension: "json", subdirectory: "Orders")
    else {
      throw OrderFileError(
        file: "Orders/orders.json", problem: "is missing from the build; name a file of your own instead")
    }
    return try load(url.path)
  }

  /// The orders of a file.
  ///
  /// Throws ``OrderFileError`` when it cannot be read, is not JSON (with line and column), or does not hold
  /// orders (with the order and the field).
  static func load(_ path: String) throws(OrderFileError) -> [OrderRequest] {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw OrderFileError(file: path, problem: "there is no such file")
    }
    guard !isDirectory.boolValue else {
      throw OrderFileError(file: path, problem: "is a folder, not a file of orders")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw OrderFileError(file: path, problem: "cannot be read; check its permissions")
    }
    return try parse(Array(data), file: path)
  }

  /// The orders in the bytes of a file.
  static func parse(_ bytes: [UInt8], file: String) throws(OrderFileError) -> [OrderRequest] {
    if let fault = JSONSyntax.firstFault(in: bytes) {
      throw OrderFileError(
        file: file, problem: "line \(fault.line), column \(fault.column): \(fault.problem)")
    }
    let orders: [OrderRequest]
    do {
      orders = try JSONDecoder().decode([OrderRequest].self, from: Data(bytes))
    } catch {
      throw OrderFileError(file: file, problem: describe(error))
    }
    guard (1...limit).contains(orders.count) else {
      throw OrderFileError(file: file, problem: "has \(orders.count) orders, must have from 1 to \(limit)")
    }
    var places: [String: Int] = [:]
    for (index, order) in orders.enumerated() {
      if let first = places.updateValue(index, forKey: order.id) {
        throw OrderFileError(
          file: file,
          problem: "order \(index + 1), id: \"\(order.id)\" is the id of order \(first + 1) already")
      }
    }
    return orders
  }

  /// A decoding error with the place it is about.
  private static func describe(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      place(context.codingPath + [key]) + "is missing"
    case DecodingError.valueNotFound(_, let context):
      place(context.codingPath) + "is null"
    case DecodingError.typeMismatch(let type, let context):
      place(context.codingPath) + "expected \(name(of: type))"
    case DecodingError.dataCorrupted(let context):
      place(context.codingPath) + context.debugDescription
    default: String(describing: error)
    }
  }

  /// `order 3, items[0].price: `, say.
  private static func place(_ path: [any CodingKey]) -> String {
    guard let order = path.first?.intValue else { return "" }
    var field = ""
    for key in path.dropFirst() {
      if let index = key.intValue {
        field += "[\(index)]"
      } else {
        field += (field.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return "order \(order + 1)" + (field.isEmpty ? "" : ", \(field)") + ": "
  }

  private static func name(of type: Any.Type) -> String {
    switch type {
    case is String.Type: "text in quotes"
    case is Int.Type: "a whole number"
    default: String(describing: type).hasPrefix("Array") ? "a list" : "an object"
    }
  }
}
