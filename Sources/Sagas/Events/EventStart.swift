/// A wish that a saga be started on each event of a type.
struct EventStart: Sendable {
  /// The name of the saga's definition.
  let saga: String
  /// Starts the saga, or finds that it was started; its id, `nil` where it cannot be started.
  let perform: @Sendable (KeptEvent) async -> String?
}
