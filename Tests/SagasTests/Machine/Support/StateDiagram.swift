@testable import Sagas

/// Statuses, and what leads from one to the other, as Mermaid: the same for the same transitions.
struct StateDiagram<Status: Hashable & Sendable & CaseIterable & RawRepresentable>
where Status.RawValue == String, Status.AllCases.Element == Status {
  let steps: Set<Exploration.Step<Status>>
  let first: Status

  /// The lines of the diagram, without its fence.
  var lines: [String] {
    var lines = ["stateDiagram-v2", "  [*] --> \(first.rawValue)"]
    for from in Status.allCases {
      for to in Status.allCases {
        let causes = steps.filter { $0.from == from && $0.to == to }.map(\.cause)
        guard !causes.isEmpty else { continue }
        let words = causes.compactMap { if case .said(let words) = $0 { words } else { nil } }.sorted()
        let all = words + (causes.contains(.elsewhere) ? ["another step"] : [])
        lines.append("  \(from.rawValue) --> \(to.rawValue): \(all.joined(separator: ", "))")
      }
    }
    let left = Set(steps.map(\.from))
    let reached = Set(steps.map(\.to))
    for status in Status.allCases where reached.contains(status) && !left.contains(status) {
      lines.append("  \(status.rawValue) --> [*]")
    }
    return lines
  }
}
