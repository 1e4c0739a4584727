import Synchronization

/// When a saga has recorded something last, and its status then: for those who look at very many sagas and must not
/// enter each of them. Eight bytes.
struct Pulse: ~Copyable, Sendable {
  /// The time, its last four bits replaced by the status; 0 at first.
  private let bits = Atomic<Int64>(0)

  private static let mask: Int64 = 15
  /// The statuses by their codes, which begin at 1.
  private static let statuses = SagaStatus.allCases

  /// The status, and since when; `nil` before anything was recorded.
  var reading: (status: SagaStatus, since: Timestamp)? {
    let bits = bits.load(ordering: .relaxed)
    guard bits != 0 else { return nil }
    return (Self.statuses[Int(bits & Self.mask) - 1], Timestamp(nanoseconds: bits & ~Self.mask))
  }

  /// Notes a status and since when it is so.
  func beat(_ status: SagaStatus, at time: Timestamp) {
    let code: Int64 =
      switch status {
      case .created: 1
      case .running: 2
      case .waiting: 3
      case .compensating: 4
      case .suspended: 5
      case .stuck: 6
      case .parked: 7
      case .completed: 8
      case .compensated: 9
      case .failed: 10
      }
    bits.store(time.nanoseconds & ~Self.mask | code, ordering: .relaxed)
  }
}
