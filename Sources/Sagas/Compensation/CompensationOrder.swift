/// In which order the steps of a saga are undone.
///
/// ```swift
/// extension CompensationOrder {
///   /// Money first, then the rest, the last completed first.
///   static let moneyFirst = CompensationOrder { completed in
///     let names = completed.map(\.name).reversed()
///     return [names.filter { $0.hasPrefix("pay") }, names.filter { !$0.hasPrefix("pay") }]
///   }
/// }
/// ```
///
/// Evaluated once, over all that is to be undone, when everything in flight and all immediate undoes have settled;
/// the waves are recorded before the first undo of the order and never evaluated again.
public struct CompensationOrder: Sendable {
  /// A step that is to be undone.
  public struct CompletedStep: Sendable {
    /// The step's name.
    public let name: String
    /// When its first attempt began.
    public let startedAt: Timestamp
    /// When it settled.
    public let completedAt: Timestamp
    let node: NodeID
  }

  enum Kind: Sendable {
    case reverseCompletion
    case reverseStart
    case dependencyAware
    case parallel
    case list([String])
    case custom(@Sendable ([CompletedStep]) -> [[String]])
  }

  let kind: Kind

  /// An order of your own: waves of step names; the steps of a wave are undone side by side, one wave after another.
  ///
  /// Gets the steps in the order in which they settled. What it leaves out is undone behind the rest, in reverse
  /// order of completion; what it names twice or does not know is ignored, and listed in the report's `warnings`.
  public init(_ waves: @escaping @Sendable (_ completed: [CompletedStep]) -> [[String]]) {
    kind = .custom(waves)
  }

  private init(kind: Kind) { self.kind = kind }

  /// The last settled first, one after the other, across all nesting. The default.
  public static var reverseCompletion: Self { Self(kind: .reverseCompletion) }

  /// The last begun first, one after the other.
  public static var reverseStart: Self { Self(kind: .reverseStart) }

  /// A step after all that could see its result, steps that do not depend on each other side by side.
  public static var dependencyAware: Self { Self(kind: .dependencyAware) }

  /// All side by side.
  public static var parallel: Self { Self(kind: .parallel) }

  /// These first, in this order, one after the other; then the rest in reverse order of completion.
  ///
  /// A name that no step has is a ``DefinitionError``.
  public static func list(_ names: String...) -> Self { Self(kind: .list(names)) }
}

extension CompensationOrder {
  /// Whether the engine has to ask.
  var isAsked: Bool {
    if case .reverseCompletion = kind { false } else { true }
  }

  /// The waves for steps given in the order in which they settled, and what was wrong with them.
  func waves(of steps: [CompletedStep], begun: (NodeID) -> UInt32, _ plan: SagaPlan) -> (
    waves: [[NodeID]], warnings: [String]
  ) {
    switch kind {
    case .reverseCompletion: (steps.reversed().map { [$0.node] }, [])
    case .reverseStart: (steps.map(\.node).sorted { begun($0) > begun($1) }.map { [$0] }, [])
    case .parallel: ([steps.map(\.node)], [])
    case .dependencyAware: (Self.levels(of: steps.map(\.node), plan), [])
    case .list(let names): Self.resolve(names.map { [$0] }, steps, reportsUnknown: false)
    case .custom(let waves): Self.resolve(waves(steps), steps, reportsUnknown: true)
    }
  }

  /// Again and again what no remaining step depends on.
  private static func levels(of nodes: [NodeID], _ plan: SagaPlan) -> [[NodeID]] {
    var remaining = nodes.sorted()
    var waves: [[NodeID]] = []
    while !remaining.isEmpty {
      let wave = remaining.filter { node in !remaining.contains { plan.isVisible(node, to: $0) } }
      waves.append(wave)
      remaining.removeAll { wave.contains($0) }
    }
    return waves
  }

  private static func resolve(
    _ waves: [[String]], _ steps: [CompletedStep], reportsUnknown: Bool
  ) -> (waves: [[NodeID]], warnings: [String]) {
    let nodes = Dictionary(steps.map { ($0.name, $0.node) }, uniquingKeysWith: { first, _ in first })
    var seen: Set<String> = []
    var warnings: [String] = []
    let resolved = waves.map { wave in
      wave.compactMap { name -> NodeID? in
        guard let node = nodes[name] else {
          if reportsUnknown {
            warnings.append("the compensation order names '\(name)', which is not to be undone")
          }
          return nil
        }
        guard seen.insert(name).inserted else {
          warnings.append("the compensation order names '\(name)' more than once")
          return nil
        }
        return node
      }
    }
    return (resolved.filter { !$0.isEmpty }, warnings)
  }
}
