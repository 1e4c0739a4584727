/// Watches over the sagas of an orchestrator.
///
/// Owns the one deadline heap that all timeouts, graces and backoffs of all sagas share, and the one task that
/// sleeps until the earliest of them.
public actor SagaSupervisor {
  nonisolated let deadlines: Deadlines

  init(deadlines: Deadlines) { self.deadlines = deadlines }

  /// When the next timeout, grace or backoff of any saga is due; `nil` when nothing is.
  ///
  /// Approximate towards the past: a deadline that has become void may still be listed until its time has come.
  public nonisolated var nextDeadline: Timestamp? { deadlines.earliest }

  /// How many sagas have something due at some time.
  public nonisolated var sagasWithDeadline: Int { deadlines.count }
}
