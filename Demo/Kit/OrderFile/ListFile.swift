import Foundation

/// Reads and checks a file that holds a JSON list.
struct ListFile {
  /// What one entry is called: `order`.
  let noun: String
  /// How many entries one file may hold.
  var limit = 10_000

  /// The entries of a file that comes with the demo.
  static func bundled(_ name: String, in folder: String) throws(InputFileError) -> String {
    guard let url = Bundle.module.url(forResource: name, withExtension: "json", subdirectory: folder) else {
      throw InputFileError(
        file: "\(folder)/\(name).json",
        problem: "is missing from the build; name a file of your own instead")
    }
    return url.path
  }

  /// The bytes of a file.
  ///
  /// Throws ``InputFileError`` when it cannot be read.
  func read(_ path: String) throws(InputFileError) -> [UInt8] {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw InputFileError(file: path, problem: "there is no such file")
    }
    guard !isDirectory.boolValue else {
      throw InputFileError(file: path, problem: "is a folder, not a file of \(noun)s")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw InputFileError(file: path, problem: "cannot be read; check its permissions")
    }
    return Array(data)
  }

  /// The entries in the bytes of a file.
  ///
  /// Throws ``InputFileError`` when they are not JSON (with line and column), or no such entries (with the entry
  /// and the field).
  func parse<Entry: Decodable>(_ bytes: [UInt8], as type: Entry.Type, file: String) throws(InputFileError)
    -> [Entry]
  {
    if let fault = JSONSyntax.firstFault(in: bytes) {
      throw InputFileError(
        file: file, problem: "line \(fault.line), column \(fault.column): \(fault.problem)")
    }
    let entries: [Entry]
    do {
      entries = try JSONDecoder().decode([Entry].self, from: Data(bytes))
    } catch {
      throw InputFileError(file: file, problem: describe(error))
    }
    guard (1...limit).contains(entries.count) else {
      throw InputFileError(
        file: file, problem: "has \(entries.count) \(noun)s, must have from 1 to \(limit)")
    }
    return entries
  }

  /// Refuses a list in which two entries have one id.
  func refuseRepeated(_ ids: [String], file: String) throws(InputFileError) {
    var places: [String: Int] = [:]
    for (index, id) in ids.enumerated() {
      if let first = places.updateValue(index, forKey: id) {
        throw InputFileError(
          file: file, problem: "\(noun) \(index + 1), id: \"\(id)\" is the id of \(noun) \(first + 1) already"
        )
      }
    }
  }

  /// A decoding error with the place it is about.
  private func describe(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      place(context.codingPath + [key]) + "is missing"
    case DecodingError.valueNotFound(_, let context):
      place(context.codingPath) + "is null"
    case DecodingError.typeMismatch(let type, let context):
      place(context.codingPath) + "expected \(Self.name(of: type))"
    case DecodingError.dataCorrupted(let context):
      place(context.codingPath) + context.debugDescription
    default: String(describing: error)
    }
  }

  /// `order 3, items[0].price: `, say.
  private func place(_ path: [any CodingKey]) -> String {
    guard let entry = path.first?.intValue else { return "" }
    var field = ""
    for key in path.dropFirst() {
      if let index = key.intValue {
        field += "[\(index)]"
      } else {
        field += (field.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return "\(noun) \(entry + 1)" + (field.isEmpty ? "" : ", \(field)") + ": "
  }

  private static func name(of type: Any.Type) -> String {
    switch type {
    case is String.Type: "text in quotes"
    case is Int.Type: "a whole number"
    case is Double.Type: "a number"
    default: String(describing: type).hasPrefix("Array") ? "a list" : "an object"
    }
  }
}
