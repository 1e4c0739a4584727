@testable import Sagas

/// What a machine made of an event.
struct Told: Equatable, Sendable, CustomStringConvertible {
  var entries: [Entry]
  var actions: [Action]

  init(_ entries: [Entry] = [], _ actions: [Action] = []) {
    self.entries = entries
    self.actions = actions
  }

  /// The event was stale.
  static let nothing = Told()

  var description: String { "entries \(entries), actions \(actions)" }
}
