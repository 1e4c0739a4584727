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
/// as one branch. Their names must be unique in the whole saga: a part that is used twice gets a prefix, at
/// least once, by ``named(_:)``.
public protocol Part<State>: Flow, Stateful {
  /// The type behind `some Flow<State>`.
  associatedtype Body: Flow<State>

  /// The steps of the part, in the order in which they run.
  @FlowBuilder<State> var body: Body { get }
}

extension Part {
  /// What it adds to the plan of the saga.
  public var node: Node<State> { body.node }

  /// The part with a prefix before all its names: with `named("return")`, its step `pack` is `return: pack`.
  ///
  /// ```swift
  /// Transport(of: \.goods).named("there")
  /// Transport(of: \.returns).named("back")     // "back: pack", "back: ship"
  /// ```
  ///
  /// That is the step's name everywhere: in the journal and so in idempotency keys, in reports, in
  /// `$0.run.step`, and in a ``CompensationOrder/list(_:)`` of the saga. Of nested parts the outer prefix comes
  /// first: `return: box: pack`. Slots are not renamed; a part that is to write others takes them as properties.
  ///
  /// - Parameter prefix: what is before the colon; like every name without `/ [ ] # ~` and control characters.
  ///   A blank one adds nothing. Changing it renames the steps, which orphans sagas that are under way.
  public func named(_ prefix: String) -> NamedPart<State> { NamedPart(node, prefix: prefix) }
}
