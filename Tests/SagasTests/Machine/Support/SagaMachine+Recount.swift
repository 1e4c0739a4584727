@testable import Sagas

extension SagaMachine {
  /// What the counters would be if they were counted afresh; empty when they agree.
  var miscounted: [String] {
    var wrong: [String] = []
    func check(_ name: String, _ kept: some BinaryInteger, _ counted: Int) {
      if kept != counted { wrong.append("\(name) is \(kept), counted \(counted)") }
    }
    check("active", active, rows.count { $0.isActive })
    check("resting", resting, rows.count { $0.forward == .backoff })
    check("waits", waits, zip(rows, plan.nodes).count { $0.forward == .waiting && $1.settles })
    // What begins again after a resume has lost its place.
    if settled < rows.map(\.order).max() ?? 0 { wrong.append("settled is \(settled), less than a place") }
    if let unwind {
      check(
        "open", unwind.open,
        rows.count { [.running, .stopping, .deciding, .backoff].contains($0.undo) })
      check("failed", unwind.failed, rows.count { $0.undo == .failed })
      check(
        "cursor", unwind.cursor,
        unwind.order.firstIndex { self[$0.node].undo == .queued } ?? unwind.order.count)
    } else {
      check("undoes without an unwind", rows.count { $0.undo != .none }, 0)
    }
    check("rows", min(rows.count, plan.nodes.count), rows.count)
    return wrong
  }
}
