/// Who sees certain values of a saga's scratch.
enum ScratchPage: Hashable, Sendable {
  /// All attempts.
  case durable
  /// Conditions and the like, which are asked within the decision that may have recorded a value.
  case accepted
  /// One attempt: what it has set itself.
  case attempt(path: String, Int)
}
