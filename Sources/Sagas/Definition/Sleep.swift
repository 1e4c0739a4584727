/// Lets some time pass.
///
/// ```swift
/// Step("send offer") { try await mail.offer($0.customer) }
/// Sleep("let them think", for: .days(3))
/// Step("remind") { try await mail.remind($0.customer) }
/// ```
///
/// Counted from when the saga has come here. A saga that sleeps is data: no task, no timer of its own; what is left
/// of the time survives a crash, and time that passed while the process was down has passed. A cancel ends it at
/// once. While the saga is held it does not go on; the time counts.
public struct Sleep<State: Sendable>: Flow {
  /// What it adds to the plan of the saga.
  public let node: Node<State>

  /// Lets some time pass.
  /// - Parameters:
  ///   - name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  ///   - duration: more than zero.
  public init(_ name: String, for duration: Duration) {
    node = Node(.sleep(name: name, duration))
  }
}

extension Sleep {
  /// Not available: a number has no unit.
  @available(*, unavailable, message: "how long is that? write a Duration: Sleep(\"name\", for: .seconds(5))")
  public init(_ name: String, for duration: Double) { self.init(name, for: .zero) }

  /// Not available: a sleep needs a name.
  @available(
    *, unavailable,
    message: "a sleep needs a stable name, it is its identity in the journal: Sleep(\"name\", for: .days(3))"
  )
  public init(for duration: Duration) { self.init("", for: duration) }

  /// Not available: the length is called `for`.
  @available(*, unavailable, message: "how long it sleeps is called for: Sleep(\"name\", for: .days(3))")
  public init(_ name: String, _ duration: Duration) { self.init(name, for: duration) }
}
