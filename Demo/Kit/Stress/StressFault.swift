/// A saga that did not do what it should.
struct StressFault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
