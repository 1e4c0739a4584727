/// The steps of a definition and what each of them can see of the others, for stores that show that to a person.
///
/// One object for all sagas of a definition: a store that has written it once knows it again.
public final class SagaOutline: Sendable, Hashable {
  /// A step, a wait, a sleep, or a ``Fail``.
  public struct Step: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// Whether its result goes into the State, where the steps behind it can read it.
    public let hasSlot: Bool
    /// The places in ``SagaOutline/steps`` of those whose results it can read, in ascending order.
    public let reads: [ClosedRange<Int>]

    package init(name: String, hasSlot: Bool, reads: [ClosedRange<Int>]) {
      self.name = name
      self.hasSlot = hasSlot
      self.reads = reads
    }
  }

  /// In the order of the body.
  public let steps: [Step]

  package init(steps: [Step]) { self.steps = steps }

  init(_ plan: SagaPlan, _ code: [NodeCode]) {
    // How many steps there are before each node.
    var places: [Int] = [0]
    for node in plan.nodes { places.append(places.last.map { $0 + (node.isCounted ? 1 : 0) } ?? 0) }
    steps = plan.all.filter { plan[$0].isCounted }.map { node in
      var reads: [ClosedRange<Int>] = []
      var child = node
      while let parent = plan[child].parent {
        let (first, end) = (places[Int(parent.index)], places[Int(child.index)])
        if plan[parent].kind == .sequential, first < end { reads.append(first...end - 1) }
        child = parent
      }
      return Step(
        name: plan.name(of: node), hasSlot: code[Int(node.index)].slot != nil, reads: reads.reversed())
    }
  }

  /// The same steps that can read the same.
  public static func == (a: SagaOutline, b: SagaOutline) -> Bool { a === b || a.steps == b.steps }

  /// Cheap, because there are few of them: it looks at how many steps there are.
  public func hash(into hasher: inout Hasher) { hasher.combine(steps.count) }
}
