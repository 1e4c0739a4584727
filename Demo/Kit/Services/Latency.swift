import Sagas

/// How long the shop's services take: the same for the same seed, order and call, whatever runs beside it.
struct Latency: Sendable {
  let seed: UInt64
  let clock: any SagaClock
  /// Where tasks run that nobody can ask to stop; `nil` for the global pool of Swift.
  var executor: (any TaskExecutor)?

  /// A duration between two limits, in milliseconds.
  func duration(of call: String, for orderID: String, _ milliseconds: ClosedRange<Int>) -> Duration {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
    for byte in "\(orderID)/\(call)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
    hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
    hash ^= hash >> 31
    return .milliseconds(milliseconds.lowerBound + Int(hash % UInt64(milliseconds.count)))
  }

  /// Takes its time.
  ///
  /// Throws `CancellationError` when the caller is asked to stop.
  func pass(_ call: String, for orderID: String, _ milliseconds: ClosedRange<Int>) async throws {
    try await sleep(duration(of: call, for: orderID, milliseconds))
  }

  /// Throws `CancellationError` when the caller is asked to stop.
  func sleep(_ duration: Duration) async throws {
    try await clock.sleep(until: clock.now.advanced(by: duration))
  }

  /// Takes its time, whatever the caller is asked to do.
  func sleepStubbornly(_ duration: Duration) async {
    await Task(executorPreference: executor) { try? await sleep(duration) }.value
  }
}
