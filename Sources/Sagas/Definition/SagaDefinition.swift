/// What can be said of a registered definition without running it.
public struct SagaDefinition: Sendable {
  private let program: SagaProgram

  init(_ program: SagaProgram) { self.program = program }

  /// The name of the definition.
  public var name: String { program.name }
  /// The version of the definition.
  public var version: Int { program.version }
  /// The names of its steps, waits and sleeps, in the order of the body.
  public var steps: [String] {
    program.plan.all.filter { program.plan[$0].settles }.map { program.plan.name(of: $0) }
  }

  /// The plan as a Mermaid flowchart, for documentation and reviews: the same text for the same definition.
  ///
  /// Steps are boxes, with `↩` where there is an undo and a dashed border where a failure is tolerated;
  /// groups open and close with a trapezoid, choices are diamonds, a ``Fail`` is a hexagon. Waits and sleeps are
  /// slanted boxes; a scope that an event ends begins with a flag, with a dotted line to how it ends.
  public var mermaid: String { MermaidDiagram(program).text }
}
