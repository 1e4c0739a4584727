/// A decision at run time between several branches, by the value in a slot.
///
/// ```swift
/// Switch("tier", on: \.tier) {
///   Case(.premium) { Step("apply premium", \.discount) { try await crm.apply(20, to: $0.customerID) } }
///   Case(.standard, .trial) { Step("apply small", \.discount) { try await crm.apply(5, to: $0.customerID) } }
/// } otherwise: {
///   Step("log") { try await crm.log($0.customerID) }
/// }
/// ```
///
/// The slot is read once, when the saga gets there, and the decision is recorded: it is not made again after
/// a crash. A value without a case takes `otherwise`, or nothing. An empty slot fails the saga here with
/// ``SagaError/Code/missing``: a step must have written it, or the input must have filled it.
public struct Switch<State: Sendable, Value: Equatable & Sendable>: Flow {
  /// What it adds to the plan of the saga.
  public let node: Node<State>

  /// A decision by the value in a slot.
  /// - Parameters:
  ///   - name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  ///   - slot: what to look at.
  ///   - cases: one ``Case`` per branch. Two of the same value are refused at registration.
  ///   - otherwise: what runs if no case fits; nothing, unless given.
  public init(
    _ name: String,
    on slot: KeyPath<State, Value?> & Sendable,
    @SwitchBuilder<State, Value> cases: () -> [Case<State, Value>],
    @FlowBuilder<State> otherwise: () -> Sequential<State> = { FlowBuilder<State>.buildBlock() }
  ) {
    let cases = cases()
    let values = cases.map(\.values)
    var branches = cases.map {
      ChoiceTree.Branch(label: $0.label, tree: $0.content.node.tree)
    }
    branches.append(.init(label: "otherwise", tree: otherwise().node.tree))
    node = Node(
      .choice(
        ChoiceTree(
          name: name,
          branches: branches,
          choose: { box, run in
            let value = try Context<State>(erased: box, run: run).require(slot)
            return values.firstIndex { $0.contains(value) } ?? values.count
          },
          repeatedCases: Self.repeated(in: values.flatMap { $0 }))))
  }

  private static func repeated(in values: [Value]) -> [String] {
    var repeated: [Value] = []
    for (index, value) in values.enumerated()
    where values[..<index].contains(value) && !repeated.contains(value) {
      repeated.append(value)
    }
    return repeated.map { String(describing: $0) }
  }
}
