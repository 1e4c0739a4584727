/// A ``When`` or a ``Switch`` as it was written.
struct ChoiceTree: Sendable {
  struct Branch: Sendable {
    /// What a diagram writes beside the way into this branch.
    var label: String
    var tree: NodeTree
  }

  var name: String
  var branches: [Branch]
  /// The number of the branch to take; one without steps leads past all of them.
  var choose: @Sendable (AnyStateBox, StepRun) throws -> Int
  /// Values that more than one case was declared for, described.
  var repeatedCases: [String] = []
}
