extension SagaInstance {
  /// What a cancel now would undo: nothing behind the pivot, or where the saga is being stopped without undo.
  func unwindPlan() -> UnwindPlan {
    let plan = program.plan
    let touched = plan.all.prefix(machine.rows.count)
    let undoes = !machine.isPastPivot && machine.closing != .stop
    var atOnce: [NodeID] = []
    var ordered: [NodeID] = []
    var kept: [NodeID] = []
    for node in touched where undoes && machine.isMember(node) && machine[node].isSettled {
      guard let code = program[node].step else { continue }
      let said = machine[node].verdict
      switch said == .open ? verdict(of: node, code.value, data.failure ?? SagaCancelled()) : said {
      case .now: atOnce.append(node)
      case .never: kept.append(node)
      case .open, .later: ordered.append(node)
      }
    }
    let queued =
      machine.unwind.map { unwind in unwind.order.filter { machine[$0.node].undo == .queued } } ?? []
    let waves = queued.isEmpty ? waves(of: ordered).waves : Self.waves(of: queued)
    func names(_ nodes: some Sequence<NodeID>) -> [String] { nodes.map { plan.name(of: $0) } }
    return UnwindPlan(
      atOnce: names(atOnce), waves: waves.map(names), kept: names(kept),
      inFlight: names(touched.filter { machine[$0].isActive }),
      unresolved: names(touched.filter { machine.isUnresolved($0) }),
      mermaid: MermaidDiagram(program, undo: waves).text)
  }

  private static func waves(of places: [Unwind.Place]) -> [[NodeID]] {
    var waves: [[NodeID]] = []
    var last: UInt16?
    for place in places {
      if place.wave == last { waves[waves.count - 1].append(place.node) } else { waves.append([place.node]) }
      last = place.wave
    }
    return waves
  }
}
