/// A step that had completed is to run once more, under a new key.
struct Repetition: Hashable, Sendable {
  let node: NodeID
  /// The last of the attempts that belong to the former results.
  let after: Attempt
}
