import Synchronization

/// Counts the sagas of each name that end badly in a row, and keeps names from being started where that is wanted.
final class Admission: Sendable {
  /// What a bad ending has led to.
  enum Finding: Sendable {
    case nothing
    /// The failure threshold was reached.
    case reached
    /// The failure threshold was reached, and the name cannot be started for now.
    case stopped
  }

  private struct Row {
    var failures = 0
    /// Sagas that were counted when they got stuck.
    var stuck: Set<String> = []
    /// Until when the name cannot be started.
    var stoppedUntil: Timestamp?

    var isEmpty: Bool { failures == 0 && stuck.isEmpty && stoppedUntil == nil }
  }

  private let settings: SagaOrchestrator.Configuration.Supervision
  private let rows = Lock<[String: Row]>([:])
  /// There are rows: most of the time there are none, and then nobody takes the lock.
  private let hasRows = Atomic(false)

  init(_ settings: SagaOrchestrator.Configuration.Supervision) { self.settings = settings }

  /// A saga has ended or got stuck.
  func note(_ info: SagaInfo, _ status: SagaStatus, at time: Timestamp) -> Finding {
    switch status {
    case .failed, .stuck: break
    case .completed, .compensated: guard hasRows.load(ordering: .acquiring) else { return .nothing }
    case .created, .running, .waiting, .compensating, .suspended, .parked: return .nothing
    }
    guard let threshold = settings.failureThreshold else { return .nothing }
    return rows.withLock { rows in
      var row = rows[info.name] ?? Row()
      defer {
        rows[info.name] = row.isEmpty ? nil : row
        hasRows.store(!rows.isEmpty, ordering: .releasing)
      }
      let wasCounted =
        status == .stuck ? !row.stuck.insert(info.id).inserted : row.stuck.remove(info.id) != nil
      if status == .completed { row.failures = 0 }
      guard status == .failed || status == .stuck, !wasCounted else { return .nothing }
      row.failures += 1
      guard row.failures >= threshold else { return .nothing }
      row.failures = 0
      guard settings.stopsAdmission else { return .reached }
      row.stoppedUntil =
        settings.admissionCoolDown.map { time.advanced(by: $0) } ?? Timestamp(nanoseconds: .max)
      return .stopped
    }
  }

  /// Why a saga of this name cannot be started now; `nil` when it can.
  func refusal(of name: String, at now: Timestamp) -> SagaError? {
    guard hasRows.load(ordering: .acquiring) else { return nil }
    let until = rows.withLock { rows -> Timestamp? in
      guard let until = rows[name]?.stoppedUntil else { return nil }
      if now < until { return until }
      rows[name]?.stoppedUntil = nil
      return nil
    }
    return until.map { SagaError.admissionStopped(name, until: $0, now: now) }
  }

  /// Lets a name be started again, and begins its row anew.
  func reset(_ name: String) {
    rows.withLock { rows in
      rows[name]?.failures = 0
      rows[name]?.stoppedUntil = nil
    }
  }
}
