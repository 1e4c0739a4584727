/// Gathers the alternatives of a ``WaitForEvent``.
@resultBuilder
public enum WaitBuilder<State: Sendable, Value: Codable & Sendable> {
  /// A kind of event.
  public static func buildExpression(_ piece: On<State, Value>) -> WaitAlternative<State, Value> {
    piece.alternative
  }

  /// A time.
  public static func buildExpression(_ piece: After<State, Value>) -> WaitAlternative<State, Value> {
    piece.alternative
  }

  /// Not available: an alternative is an event or a time.
  @available(
    *, unavailable,
    message: "here stand On(Event.self, ...) { ... } and After(...) { ... }; parts come behind the wait"
  )
  public static func buildExpression<Piece: Flow>(_ piece: Piece) -> WaitAlternative<State, Value> {
    WaitAlternative()
  }

  /// All alternatives; of two that take an event, the first one does.
  public static func buildBlock(
    _ pieces: WaitAlternative<State, Value>...
  ) -> [WaitAlternative<State, Value>] {
    pieces
  }
}
