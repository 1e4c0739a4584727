/// A wait, or the guard of a sequence, as it was declared, its types erased.
struct WaitDefinition: Sendable {
  /// Empty for a guard.
  var name = ""
  var code: WaitCode
  /// The limit beyond which the wait fails.
  var timeout: Duration?
  /// The times after which the wait ends by itself, as they were declared: at most one is valid.
  var after: [Duration] = []
  /// Whether an event may be declared to fail it with an error.
  var isFailing = false
}
