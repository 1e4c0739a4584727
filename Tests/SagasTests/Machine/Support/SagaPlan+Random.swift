@testable import Sagas

extension SagaPlan {
  /// A plan of any shape: nested groups, every combination of traits, here and there a `fail`, perhaps a pivot, any
  /// policy.
  static func random(_ random: inout SeededRandom) -> SagaPlan {
    var grower = Grower(random: random)
    var members = (0...grower.random.below(4)).map { _ in grower.grow(depth: 3) }
    if grower.random.once(in: 3) {
      members.append(grower.pivot())
      members += (0..<grower.random.below(4)).map { _ in grower.grow(depth: 3) }
    }
    random = grower.random
    return .sketch(
      onCompensationFailure: random.once(in: 3) ? .finish : .stuck,
      closing: random.once(in: 8) ? .stop : .unwind,
      suspendsOnFailure: random.once(in: 6),
      timeout: random.once(in: 4) ? .seconds(60) : nil,
      unwindTimeout: random.once(in: 3) ? .seconds(20) : nil,
      asksWaves: random.once(in: 2), members)
  }
}

private struct Grower {
  var random: SeededRandom
  private var count = 0
  private var isBehindPivot = false

  init(random: SeededRandom) { self.random = random }

  mutating func grow(depth: Int) -> Sketch {
    switch depth == 0 || count > 14 ? 0 : random.below(13) {
    case 9 where !isBehindPivot:
      .guarded(
        random.once(in: 3) ? .asksKey : [], alternatives: UInt16(1 + random.below(2)), members(depth - 1))
    case 5, 6: .parallel(members(depth - 1))
    case 7: .sequential(members(depth - 1))
    case 8: .choice(name("choice"), members(depth - 1))
    case 0 where random.once(in: 12) && !isBehindPivot: .fail(name("fail"))
    default: leaf()
    }
  }

  /// Nothing behind it may fail the saga by its own decision.
  mutating func pivot() -> Sketch {
    isBehindPivot = true
    return .pivot(name("pivot"))
  }

  private mutating func members(_ depth: Int) -> [Sketch] {
    (0...random.below(3)).map { _ in grow(depth: depth) }
  }

  private mutating func leaf() -> Sketch {
    switch random.below(14) {
    case 0: return .sleep(name("sleep"), .seconds(1 + random.below(20)))
    case 1: return waiting()
    default: return stepping()
    }
  }

  private mutating func waiting() -> Sketch {
    var traits: PlanNode.Traits = []
    if random.once(in: 3) { traits.insert(.asksKey) }
    if random.once(in: 2) { traits.insert(.judgesEvent) }
    let hasLimit = random.once(in: 2)
    if hasLimit, random.once(in: 2) { traits.insert(.judgesTime) }
    return .wait(
      name("wait"), traits, alternatives: UInt16(1 + random.below(3)),
      timeout: hasLimit ? .seconds(1 + random.below(20)) : nil)
  }

  private mutating func stepping() -> Sketch {
    var traits = PlanNode.Traits(rawValue: UInt16(random.below(64)))
    switch random.below(5) {
    case 0: traits.insert(.undoesAtOnce)
    case 1: traits.insert(.asksStrategy)
    default: break  // a step has at most one strategy
    }
    if random.once(in: 4) { traits.insert(.atMostOnce) }
    if random.once(in: 4) { traits.insert(.tellsFailure) }
    return .step(
      name("step"), traits.subtracting(random.once(in: 2) ? .optional : []),
      timeout: random.once(in: 2) ? .seconds(30) : nil, undoTimeout: random.once(in: 2) ? .seconds(30) : nil)
  }

  private mutating func name(_ kind: String) -> String {
    count += 1
    return "\(kind)\(count)"
  }
}
