/// What a log needs of a plan, as one number: where it is the same, the one can read the log of the other.
///
/// Kept with every saga from its creation on, so it has to come out the same in every process, on every platform, and
/// in every later version of the library: all of it goes in as text, in an order that is fixed. What a later version
/// adds to plans may only add text where it occurs, so that plans without it keep their number. The hash is FNV-1a of
/// 64 bits.
struct Fingerprint: Hashable, Sendable {
  let value: UInt64

  init(value: UInt64) { self.value = value }

  init(_ plan: SagaPlan, _ code: [NodeCode]) {
    var hash = FowlerNollVo()
    for node in plan.all { hash.add(Self.words(plan[node], plan.name(of: node), code[Int(node.index)])) }
    value = hash.value
  }

  /// Sixteen digits.
  var text: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// What counts of one node. In pre-order the numbers of children say where each of them stands.
  private static func words(_ node: PlanNode, _ name: String, _ code: NodeCode) -> [String] {
    var words = [word(for: node.kind), String(node.children), name]
    for (trait, word) in traits where node.traits.contains(trait) { words.append(word) }
    for source in code.wait?.value.alternatives ?? [] { words += ["on", source.type.name] }
    if let type = code.valueType { words += ["->", type] }
    return words
  }

  private static func word(for kind: PlanNode.Kind) -> String {
    switch kind {
    case .sequential: "sequential"
    case .parallel: "parallel"
    case .choice: "choice"
    case .step: "step"
    case .wait: "wait"
    case .sleep: "sleep"
    case .pivot: "pivot"
    case .fail: "fail"
    case .output: "output"
    }
  }

  /// What changes how a log is read. Policies that were asked, and whose answers are in the log, do not.
  private static let traits: [(PlanNode.Traits, String)] = [
    (.undoesCompleted, "undo"), (.undoesUnknown, "undo unknown"), (.undoesFailed, "undo failed"),
    (.optional, "optional"), (.atMostOnce, "at most once"), (.guarded, "until"), (.asksKey, "of a result"),
    (.judgesEvent, "judged"), (.judgesTime, "after"),
  ]
}

/// The hash of Fowler, Noll and Vo, in its form 1a of 64 bits.
private struct FowlerNollVo {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The words of one node; the ends of words and of nodes are bytes that no text has.
  mutating func add(_ words: [String]) {
    for word in words {
      for byte in word.utf8 { add(byte) }
      add(0xFF)
    }
    add(0xFE)
  }

  private mutating func add(_ byte: UInt8) {
    value ^= UInt64(byte)
    value &*= 0x100_0000_01b3
  }
}

extension NodeCode {
  /// The type of what is recorded for the node, without its module and the types it is declared in: those may differ
  /// from platform to platform. `nil` where it has no value.
  var valueType: String? {
    switch self {
    case .step, .wait: coding?.shortName
    case .output(_, let coding): coding.shortName
    case .none, .choice, .fail: nil
    }
  }
}
