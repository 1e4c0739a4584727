import Sagas
import SagasTesting

/// What the sagas of a run are, and what goes wrong with each of them: all of it follows from the seed.
struct Mix: Sendable {
  enum Kind: String, CaseIterable, Sendable, Codable {
    case chain, fork, once, held, knotted, told, summoned, sealed
  }

  /// What a service does when it is asked.
  enum Fate: Sendable {
    case works
    /// Nothing is done.
    case refuses
    /// It is done, and the answer is lost.
    case loses
    /// It cannot be undone.
    case impossible
  }

  /// What the operator does about a saga that stands.
  enum Decision: Sendable {
    case resume, compensate, cancel, abandon, retryCompensation, skipCompensation, leave
  }

  /// What the operator does about a saga that was recovered too often.
  enum Rescue: String, CaseIterable, Sendable {
    case recover, cancel, abandon
  }

  let seed: UInt64
  let count: Int

  var ids: [String] { (0..<count).map { "\(kind($0).rawValue)-\($0)" } }

  func kind(_ index: Int) -> Kind { Kind.allCases[index % Kind.allCases.count] }

  static func kind(of id: String) -> Kind? { Kind(rawValue: String(id.prefix { $0 != "-" })) }

  private func index(_ id: String) -> Int { Int(id.drop { $0 != "-" }.dropFirst()) ?? 0 }

  /// Which of several variants of its kind a saga is.
  func variant(of id: String, _ variants: Int) -> Int {
    (index(id) / Kind.allCases.count + Int(seed % 97)) % variants
  }

  /// A number that is the same for the same place in every process.
  func draw(_ id: String, _ step: String, _ salt: String, _ range: Range<Int>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
    for byte in "\(id)/\(step)/\(salt)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var random = SeededRandom(seed: hash)
    return Int.random(in: range, using: &random)
  }

  /// What a service does when a step asks it for the `attempt`th time.
  func fate(of id: String, _ step: String, attempt: Int, isRepaired: Bool) -> Fate {
    switch (Self.kind(of: id), step, variant(of: id, 4)) {
    // Two failures are retried; where there is one more, that is the end.
    case (.chain, "flaky", let variant): attempt <= [0, 2, 3, 1][variant] ? .refuses : .works
    case (.chain, "close", 1): .refuses
    case (.chain, "middle", 3): .loses
    case (.fork, "left 2", 0), (.fork, "finish", 1): .refuses
    case (.fork, "mail", 2): .refuses
    case (.fork, "mail", 3): .loses
    case (.once, "after", 1), (.once, "after", 3): .refuses
    case (.held, "doubtful", _): isRepaired ? .works : .refuses
    case (.knotted, "fails", _), (.told, "use", 3), (.summoned, "close", 1), (.sealed, "last", 1): .refuses
    default: .works
    }
  }

  /// What a service does when it is asked to take something back for the `attempt`th time.
  func undoFate(of id: String, _ step: String, attempt: Int, isRepaired: Bool) -> Fate {
    if Self.kind(of: id) == .knotted, step == "knot" {
      if variant(of: id, 5) == 4 { return .impossible }
      return isRepaired ? .works : .refuses
    }
    // At first some services are not there.
    return attempt == 1 && draw(id, step, "undo", 0..<3) == 0 ? .refuses : .works
  }

  /// What the journal of a saga must not have behind its end.
  static func secret(of id: String) -> String { "5ECRET \(id)" }

  /// How often a saga is recovered that does not get on; in every other run these kills are none of its doing.
  var recoveryLimit: Int? { [nil, 1, nil, 2][Int(seed % 4)] }

  /// What the operator does about a saga that was recovered too often.
  func rescue(of id: String, in process: Int) -> Rescue {
    Rescue.allCases[draw(id, "", "rescue \(process)", 0..<Rescue.allCases.count)]
  }

  /// Whether a saga that waits for words is refused behind the first.
  func isRefused(_ id: String) -> Bool { variant(of: id, 4) == 2 }

  /// What the operator does about a saga that is suspended or stuck.
  func decision(about id: String) -> Decision {
    switch Self.kind(of: id) {
    case .held: [.resume, .compensate, .cancel, .abandon][variant(of: id, 4)]
    case .knotted: [.retryCompensation, .skipCompensation, .abandon, .leave, .leave][variant(of: id, 5)]
    case .chain, .fork, .once, .told, .summoned, .sealed, nil: .leave
    }
  }

  /// Whether a saga is among those that are cancelled by the first command of a process that cancels.
  func isCancelled(_ id: String, by process: Int) -> Bool { draw(id, "", "cancel \(process)", 0..<3) == 0 }
}
