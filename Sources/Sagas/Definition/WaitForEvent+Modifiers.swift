extension WaitForEvent {
  /// How long to wait, more than zero; beyond it the wait fails with ``WaitTimedOut``, and the saga with it.
  ///
  /// Counted from when the saga has come here; the time it is held counts, and so does the time its process is down.
  /// An event published before the limit is taken although the saga was held or down then. For time as one of the
  /// outcomes write ``After`` instead.
  public func timeout(_ limit: Duration) -> Self {
    var copy = self
    copy.definition.timeout = limit
    return copy
  }
}

extension WaitForEvent where Value: SagaEvent {
  /// Lets the event fail the wait, and the saga with it: for a rejection, a cancellation from outside.
  ///
  /// Not behind a ``Pivot``, where nothing can be undone any more: there it is refused at registration.
  /// - Parameter error: the error that this event means, `nil` for none. Asked once and recorded; must not take
  ///   long, as the saga stands still meanwhile. If it throws, what it throws is the failure.
  /// - Returns: the wait with that declaration.
  public func failing(_ error: @escaping @Sendable (Value) throws -> (any Error)?) -> Self {
    var copy = self
    copy.definition.isFailing = true
    copy.definition.code.alternatives = definition.code.alternatives.map { source in
      source.judged { event in
        let event: Value = try EventType.expect(event)
        return try error(event).map { .failure($0) } ?? .value(event)
      }
    }
    return copy
  }
}
