/// The demo was called in a way it does not understand; says what is wrong and what to do, on one line.
struct UsageError: Error, Hashable {
  let message: String

  init(_ message: String) { self.message = message }
}

extension UsageError: CustomStringConvertible {
  var description: String { "\(message) (see --help)" }
}
