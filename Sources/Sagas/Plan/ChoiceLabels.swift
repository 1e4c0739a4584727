/// The words beside the ways out of a choice.
struct ChoiceLabels: Hashable, Sendable {
  /// One per branch of the plan.
  var branches: [String]
  /// For the way past all branches; `nil` when one of them is always taken.
  var past: String?
}
