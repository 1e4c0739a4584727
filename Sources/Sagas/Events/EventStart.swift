/// A wish that a saga be started on each event of a type.
struct EventStart: Sendable {
  /// What became of it.
  enum Outcome: Sendable {
    /// The saga of this id was started, or had been.
    case started(String)
    /// Not now: it has to be tried again.
    case later
    /// It cannot be started.
    case never
  }

  /// The name of the saga's definition.
  let saga: String
  /// Starts the saga, or finds that it was started.
  let perform: @Sendable (KeptEvent) async -> Outcome
}
