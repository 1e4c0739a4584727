/// Draws a plan as a Mermaid flowchart.
struct MermaidDiagram {
  let text: String

  /// - Parameter undo: the waves of an unwind, whose numbers are written to the steps.
  init(_ program: SagaProgram, undo waves: [[NodeID]] = []) {
    let numbers = waves.enumerated().flatMap { number, wave in wave.map { ($0, number + 1) } }
    var drawing = Drawing(
      program: program, waves: Dictionary(numbers, uniquingKeysWith: { first, _ in first }))
    drawing.draw()
    text = drawing.lines.joined(separator: "\n") + "\n"
  }
}

extension MermaidDiagram {
  /// An arrow whose end is not known yet.
  private struct Loose {
    var from: String
    var label: String?
  }

  private struct Drawing {
    let program: SagaProgram
    /// In which wave a step is undone.
    let waves: [NodeID: Int]
    var lines = ["flowchart TD"]
    var optional: [String] = []

    mutating func draw() {
      box("start", "([\"\(escaped(program.name)) \(program.version)\"])")
      _ = draw(.root, from: [Loose(from: "start")])
      if !optional.isEmpty {
        lines.append("  classDef optional stroke-dasharray: 5 5")
        lines.append("  class \(optional.joined(separator: ",")) optional")
      }
    }

    /// Draws a subtree and the arrows into it; returns the arrows out of it.
    private mutating func draw(_ node: NodeID, from entries: [Loose]) -> [Loose] {
      let id = "n\(node.index)"
      let name = escaped(program.plan.name(of: node))
      switch program.plan[node].kind {
      case .sequential:
        guard program.plan[node].traits.contains(.guarded) else {
          return program.plan.children(of: node).reduce(entries) { draw($1, from: $0) }
        }
        let events = escaped(program[node].wait?.value.eventNames ?? "")
        box(id, ">\"until \(events)\"]", from: entries)
        lines.append("  \(id)x{{\"✗ \(events)\"}}")
        lines.append("  \(id) -.-> \(id)x")
        return program.plan.children(of: node).reduce([Loose(from: id)]) { draw($1, from: $0) }
      case .wait:
        box(id, "[/\"\(name): \(escaped(program[node].wait?.value.eventNames ?? ""))\"/]", from: entries)
        return [Loose(from: id)]
      case .sleep:
        box(id, "[/\"\(name)\"/]", from: entries)
        return [Loose(from: id)]
      case .step:
        let traits = program.plan[node].traits
        let undo = waves[node].map { " ↩ \($0)" } ?? (traits.isDisjoint(with: .anyUndo) ? "" : " ↩")
        box(id, "[\"\(name)\(undo)\"]", from: entries)
        if traits.contains(.optional) { optional.append(id) }
        return [Loose(from: id)]
      case .pivot:
        box(id, "[[\"◆ \(name)\"]]", from: entries)
        return [Loose(from: id)]
      case .fail:
        box(id, "{{\"✗ \(name)\"}}", from: entries)
        return []
      case .output:
        box(id, "([\"\(name)\"])", from: entries)
        return []
      case .parallel:
        box(id, "[/\"\(name)\"\\]", from: entries)
        var exits: [Loose] = []
        for child in program.plan.children(of: node) { exits += draw(child, from: [Loose(from: id)]) }
        guard !exits.isEmpty else { return [] }
        box("\(id)j", "[\\\"\(name)\"/]", from: exits)
        return [Loose(from: "\(id)j")]
      case .choice:
        box(id, "{\"\(name)\"}", from: entries)
        let labels = program.choiceLabels[node]
        var exits: [Loose] = []
        for (number, child) in program.plan.children(of: node).enumerated() {
          let label = labels.flatMap { $0.branches.indices.contains(number) ? $0.branches[number] : nil }
          exits += draw(child, from: [Loose(from: id, label: label)])
        }
        if let past = labels?.past { exits.append(Loose(from: id, label: past)) }
        return exits
      }
    }

    private mutating func box(_ id: String, _ shape: String, from entries: [Loose] = []) {
      lines.append("  \(id)\(shape)")
      for entry in entries {
        let label = entry.label.map { "|\"\(escaped($0))\"|" } ?? ""
        lines.append("  \(entry.from) -->\(label) \(id)")
      }
    }

    /// Text that Mermaid shows as it is: its own signs as entities, anything unprintable as a space.
    private func escaped(_ text: String) -> String {
      var result = ""
      for scalar in text.unicodeScalars {
        switch scalar {
        case "#": result += "#35;"
        case "\"": result += "#quot;"
        case "<": result += "#lt;"
        case ">": result += "#gt;"
        case "&": result += "#amp;"
        case "`": result += "#96;"
        default:
          let isControl = scalar.properties.generalCategory == .control
          result.unicodeScalars.append(isControl ? " " : scalar)
        }
      }
      return result
    }
  }
}
