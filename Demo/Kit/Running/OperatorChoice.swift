/// What the operator of the shop does about a saga that is stuck.
enum OperatorChoice: String, Hashable, Sendable, CaseIterable {
  /// Has the undo tried again.
  case retry
  /// Gives the money back by hand, and tells the saga that this undo is not needed any more.
  case skip
  /// Gives the saga up, with what stands.
  case abandon
}
