import Sagas
import SagasTesting

/// What the sagas of the fixtures act on: some of it is broken, some is held.
struct FixtureWorld: Sendable {
  let log = EventLog()
  /// The one saga whose acts are logged; `nil` for all.
  var watched: String?
  /// What throws.
  var broken: Set<String> = []
  /// What does not return, whatever anybody asks.
  var held: Set<String> = []
  /// Does not return.
  var hold: @Sendable () async -> Void = {}

  /// One act of a step or an undo.
  func act(_ name: String, _ run: StepRun) async throws {
    if watched == nil || watched == run.sagaID { log.append("\(name) \(run.attempt)") }
    run.scratch["acts", default: 0] += 1
    if held.contains(name) { await hold() }
    if broken.contains(name) { throw FixtureFault(number: 7) }
  }
}

/// A failure that is recorded as a value.
struct FixtureFault: Error, Codable, Equatable {
  let number: Int
}
