/// One step as it was declared, its types erased.
@usableFromInline
struct StepDefinition: Sendable {
  var name: String
  var code: StepCode
  /// Slots that the action takes as arguments, so that something before it must write them.
  var uses: [any AnyKeyPath & Sendable] = []
  var isOptional = false
  /// An attempt that may have taken effect is the last one.
  var isAtMostOnce = false
}
