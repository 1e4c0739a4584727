@testable import Sagas

/// A sink that keeps what it is told.
struct Recorder: Sink {
  var entries: [Entry] = []
  var actions: [Action] = []

  mutating func entry(_ entry: Entry) { entries.append(entry) }
  mutating func action(_ action: Action) { actions.append(action) }
}
