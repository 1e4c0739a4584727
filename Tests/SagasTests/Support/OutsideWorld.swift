import SagasTesting

/// The world outside of the sagas under test: what happens in it is recorded, and can be made to fail or to wait.
///
/// Operations are known by the names of the services' methods, as in `"payments.charge"`.
actor OutsideWorld {
  /// Operations that were asked for, in order, whether they took effect or not.
  private(set) var calls: [String] = []
  /// Operations that took effect, in order, with what they were about.
  private(set) var effects: [String] = []
  private var faults: [String: [Fault]] = [:]
  private var gates: [String: Gate] = [:]

  private struct Fault {
    var error: any Error
    var afterEffect: Bool
    var times: Int
  }

  /// Lets an operation throw, the next so many times, before or after it takes effect.
  ///
  /// Several for one operation are used up one after the other.
  func fail(_ operation: String, with error: any Error, afterEffect: Bool = false, times: Int = .max) {
    faults[operation, default: []].append(Fault(error: error, afterEffect: afterEffect, times: times))
  }

  /// Lets an operation go well again.
  func heal(_ operation: String) { faults[operation] = nil }

  /// Lets an operation wait at a gate before it takes effect; it throws when its task is cancelled meanwhile.
  func hold(_ operation: String, at gate: Gate) { gates[operation] = gate }

  /// Lets an operation go on without waiting.
  func unhold(_ operation: String) { gates[operation] = nil }

  /// How often an operation was asked for.
  func count(of operation: String) -> Int { calls.count { $0 == operation } }

  /// What a service does first: waits and fails as planned, and records the effect.
  func act(_ operation: String, _ details: String) async throws {
    calls.append(operation)
    if let gate = gates[operation], await !gate.wait() { throw CancellationError() }
    let fault = nextFault(of: operation)
    if let fault, !fault.afterEffect { throw fault.error }
    effects.append("\(operation) \(details)")
    if let fault { throw fault.error }
  }

  private func nextFault(of operation: String) -> Fault? {
    guard var fault = faults[operation]?.first else { return nil }
    fault.times -= 1
    if fault.times > 0 {
      faults[operation]?[0] = fault
    } else {
      faults[operation]?.removeFirst()
    }
    return fault
  }
}
