/// The machine's own view of where the saga is; `SagaStatus` is derived from it.
enum Phase: UInt8, Hashable, Sendable, CaseIterable {
  /// Nothing was recorded yet.
  case new
  case created
  case forward
  /// Held, by policy or by hand: what is in flight settles, nothing more begins.
  case suspended
  /// Failed or cancelled; what is in flight is awaited.
  case closing
  case unwinding
  case stuck
  case completed
  case compensated
  case failed

  var isTerminal: Bool {
    switch self {
    case .completed, .compensated, .failed: true
    case .new, .created, .forward, .suspended, .closing, .unwinding, .stuck: false
    }
  }
}
