/// What is wrong with a file somebody gave the demo, on one line, and where.
struct InputFileError: Error, Hashable {
  let file: String
  /// What is wrong.
  ///
  /// Begins with the place in the file, where there is one.
  let problem: String
}

extension InputFileError: CustomStringConvertible {
  var description: String { "\(file): \(problem)" }
}
