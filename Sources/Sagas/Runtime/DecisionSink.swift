/// Collects what the machine decides on one event.
struct DecisionSink: Sink {
  var entries = SmallList<Entry>()
  var actions = SmallList<Action>()

  mutating func entry(_ entry: Entry) { entries.append(entry) }
  mutating func action(_ action: Action) { actions.append(action) }
}
