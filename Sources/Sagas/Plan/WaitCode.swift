/// The closures of a wait, or of the guard of a sequence, with the types of its `State` and value erased.
struct WaitCode: Sendable {
  /// What time makes of a wait: the value it comes to.
  typealias TimeJudge = @Sendable (AnyStateBox, StepRun) throws -> any Sendable

  /// Where the value goes; `nil` where none is kept.
  var slot: SlotAccess?
  var coding = ValueCoding.nothing
  /// Whether events are taken that were published before the saga was created.
  var sinceRetention = false
  var alternatives: [EventSource] = []
  var afterTime: TimeJudge?

  /// Waits for nothing.
  static let none = WaitCode()
}

extension WaitCode {
  /// What it waits for, in words.
  var eventNames: String { alternatives.map(\.type.name).joined(separator: ", ") }
}
