/// The three ways a saga ends.
enum Ending: UInt8, Hashable, Sendable {
  case completed
  case compensated
  case failed
}
