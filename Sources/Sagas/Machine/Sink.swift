/// Takes what a machine decides, in the order in which it decides it.
protocol Sink {
  /// Called right after the machine has applied the entry to itself.
  mutating func entry(_ entry: Entry)
  mutating func action(_ action: Action)
}
