@testable import Sagas

extension SagaProgram {
  /// The plan as text, one line per node: what a person would check by eye.
  var lines: String {
    let plan = plan
    var lines: [String] = []
    for node in plan.all {
      let depth = sequence(first: node) { plan[$0].parent }.reduce(-1) { depth, _ in depth + 1 }
      var line = String(repeating: "  ", count: depth) + "\(plan[node].kind)"
      if !plan.name(of: node).isEmpty { line += " '\(plan.name(of: node))'" }
      lines.append(line)
    }
    return lines.joined(separator: "\n")
  }
}
