/// An entry that cannot follow what came before it: the log is broken, or was written by another plan.
struct IllegalEntry: Error, Hashable, Sendable {
  let entry: Entry
  /// How many entries came before it.
  let position: UInt64
}
