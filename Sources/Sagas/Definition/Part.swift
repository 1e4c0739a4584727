/// A piece of a body under a name of its own, to be used in more than one place.
///
/// ```swift
/// struct Notify: Part {
///   typealias State = Checkout.State
///   let mail: Mail
///
///   var body: some Flow<State> {
///     Step("send mail") { try await mail.send(to: $0.customer) }.optional()
///     Step("ring the bell") { _ in try await mail.ring() }
///   }
/// }
/// ```
///
/// Its steps take part as if they stood where the part stands: one after the other, and inside ``Parallel``
/// as one branch. Their names must be unique in the whole saga.
public protocol Part<State>: Flow, Stateful {
  /// The type behind `some Flow<State>`.
  associatedtype Body: Flow<State>

  /// The steps of the part, in the order in which they run.
  @FlowBuilder<State> var body: Body { get }
}

extension Part {
  /// What it adds to the plan of the saga.
  public var node: Node<State> { body.node }
}
