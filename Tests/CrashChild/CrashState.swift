/// The State that all sagas of the mix share.
struct CrashState: Codable, Sendable {
  let index: Int
  var a: Int?, b: Int?, c: Int?, d: Int?, e: Int?
  var secret: String?
  var first: Word?, second: Word?

  /// The id of a saga that is told something.
  var toldID: String { "told-\(index)" }
}
