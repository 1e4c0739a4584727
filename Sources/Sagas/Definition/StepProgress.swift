/// One report a step has made of itself.
@usableFromInline
struct StepProgress: Sendable, Equatable {
  var step: String
  var attempt: Int
  var progress: Double?
  var stage: String?
  var message: String?
}
