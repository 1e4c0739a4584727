/// The State that all sagas of the mix share.
struct CrashState: Codable, Sendable {
  let index: Int
  var a: Int?, b: Int?, c: Int?, d: Int?, e: Int?
}
