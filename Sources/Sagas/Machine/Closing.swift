/// What a saga that does not go forward any more comes to, once everything in flight has settled.
enum Closing: UInt8, Hashable, Sendable, CaseIterable {
  /// What was done is undone.
  case unwind
  /// What was done stays.
  case stop
}
