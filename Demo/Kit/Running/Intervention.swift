/// A saga that was stuck: what the operator found, and did about it.
struct Intervention: Hashable, Sendable {
  /// An undo that has failed for good.
  struct Undo: Hashable, Sendable {
    let step: String
    /// Why it failed, in words.
    let reason: String
    /// How often it was tried.
    let attempts: Int
  }

  let undos: [Undo]
  /// What was done, in that order.
  var deeds: [String] = []

  /// The verbs of the library that end it, any one of them.
  var waysOut: [String] {
    ["retryCompensation"] + undos.map { "skipCompensation(step: \"\($0.step)\")" } + ["abandon"]
  }
}
