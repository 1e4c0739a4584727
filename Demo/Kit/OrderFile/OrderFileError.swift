/// What is wrong with a file of orders, on one line, and where.
struct OrderFileError: Error, Hashable {
  let file: String
  /// What is wrong.
  ///
  /// Begins with the place in the file, where there is one.
  let problem: String
}

extension OrderFileError: CustomStringConvertible {
  var description: String { "\(file): \(problem)" }
}
