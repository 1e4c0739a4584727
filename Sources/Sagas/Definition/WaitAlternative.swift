/// One outcome of a ``WaitForEvent``: what an event or a time makes of it.
///
/// Opaque; made by ``On`` and ``After``.
public struct WaitAlternative<State: Sendable, Value: Codable & Sendable>: Sendable {
  struct Time: Sendable {
    var delay: Duration
    var judge: WaitCode.TimeJudge
  }

  var source: EventSource?
  var time: Time?
}
