/// The machine's own view of where the saga is; `SagaStatus` is derived from it.
enum Phase: UInt8, Hashable, Sendable, CaseIterable {
  /// Nothing was recorded yet.
  case new
  case created
  case forward
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
    case .new, .created, .forward, .closing, .unwinding, .stuck: false
    }
  }
}
