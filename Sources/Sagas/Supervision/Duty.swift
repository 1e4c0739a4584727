/// What a supervisor does from time to time.
enum Duty: Int, CaseIterable, Sendable {
  /// Looks for sagas that stall or are suspended.
  case check
  /// Announces the statistics.
  case heartbeat
  /// Holds sagas against their store.
  case stateCheck
}
