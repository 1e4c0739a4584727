/// What can be said of a registered definition without running it.
public struct SagaDefinition: Sendable {
  private let program: SagaProgram

  init(_ program: SagaProgram, deprecated: String? = nil) {
    self.program = program
    self.deprecated = deprecated
  }

  /// The name of the definition.
  public var name: String { program.name }
  /// The version of the definition.
  public var version: Int { program.version }
  /// How long a saga of it may take from its admission on; `nil` for no limit.
  public var timeout: Duration? { program.plan.timeout }
  /// Why it starts no new sagas, as it was said when it was registered; `nil` where it does.
  public let deprecated: String?
  /// The names of its steps, waits and sleeps, in the order of the body.
  public var steps: [String] {
    program.plan.all.filter { program.plan[$0].settles }.map { program.plan.name(of: $0) }
  }

  /// What a recorded saga needs of its definition, in sixteen digits: the same in every process and on every platform.
  ///
  /// It is recorded with each saga at its creation. Where the definition that is registered under the saga's name and
  /// version has another one, the saga is parked instead of recovered: see ``SagaOrchestrator/recover()``.
  ///
  /// It changes with
  /// - the kinds of the parts, their number, their order and their nesting; a pivot is such a part;
  /// - their names;
  /// - whether a step has an undo, and for which effects, is ``Step/optional()`` or ``Step/atMostOnce()``;
  /// - the types of results and of the output, by their names without module and enclosing types;
  /// - the names of the events a wait or a scope listens for, whether a result of an earlier step is what they are
  ///   compared with, and whether there is a closure that judges the event or the time.
  ///
  /// It does not change with what closures do, timeouts, retries, strategies and the order of undoing, policies,
  /// interceptors, slots, or the properties of the State and of results: those evolve as their `Codable` conformance
  /// allows. Sagas that are recovered go by what is registered then. One case is left: where the log of a saga has
  /// something that the changed policy would never have led to, such as the answer of a strategy that is not there
  /// any more while the saga is being undone, it is parked with ``SagaError/Code/brokenLog``.
  public var fingerprint: String { program.fingerprint.text }

  /// The plan as a Mermaid flowchart, for documentation and reviews: the same text for the same definition.
  ///
  /// Steps are boxes, with `↩` where there is an undo and a dashed border where a failure is tolerated;
  /// groups open and close with a trapezoid, choices are diamonds, a ``Fail`` is a hexagon. Waits and sleeps are
  /// slanted boxes; a scope that an event ends begins with a flag, with a dotted line to how it ends.
  public var mermaid: String { MermaidDiagram(program).text }
}
