import Sagas

// The definitions that the fixtures were recorded from. They never change: the logs in Tests/Fixtures must go on with
// them. What new fixtures need takes a definition of its own.

/// Steps one after the other and side by side, a choice, and a payment of which one may not know what became of it.
struct FixtureTrip: Saga {
  static let name = "fixture trip", version = 3
  let world: FixtureWorld

  struct Receipt: Codable, Equatable {
    let amount: Int
    var notes: [String: String] = [:]
  }

  struct State: Codable, Sendable {
    let nights: Int
    var seat: String?, left: Int?, right: Int?, receipt: Receipt?
  }

  var body: some Flow<State> {
    Step("seat", \.seat) { context in
      try await world.act("seat", context.run)
      return "12A"
    }
    .compensate { seat, undo in try await world.act("free \(seat)", undo.run) }
    Parallel("both") {
      Step("left", \.left) { context in
        try await world.act("left", context.run)
        return 1
      }
      .compensate { try await world.act("undo left", $1.run) }
      Step("right", \.right) { context in
        try await world.act("right", context.run)
        return 2
      }
      .compensate { try await world.act("undo right", $1.run) }
    }
    When("long?", { $0.nights > 3 }) {
      Step("insure") { try await world.act("insure", $0.run) }
        .compensate { try await world.act("undo insure", $0.run) }
    } otherwise: {
      Step("waive") { try await world.act("waive", $0.run) }
    }
    Step("pay", \.receipt) { context in
      try await world.act("pay", context.run)
      return Receipt(amount: try 100 * (context.left + context.right), notes: ["seat": try context.seat])
    }
    .compensate { receipt, undo in try await world.act("refund \(receipt.amount)", undo.run) }
    .compensateUnknown { try await world.act("void \($0.idempotencyKey)", $0.run) }
    Step("tell") { try await world.act("tell", $0.run) }.optional()
  }
  func output(_ s: Context<State>) throws -> Receipt { try s.receipt }
}

/// Waits for events, in a scope that an event ends, and for a time.
struct FixtureApproval: Saga {
  static let name = "fixture approval"
  let world: FixtureWorld

  struct State: Codable, Sendable {
    let order: String
    var ticket: String?, asked: FixtureAsked?, decision: FixtureDecided?, stamp: Int?
  }

  var body: some Flow<State> {
    Step("open", \.ticket) { context in
      try await world.act("open", context.run)
      return "T1"
    }
    .compensate { ticket, undo in try await world.act("close \(ticket)", undo.run) }
    Sequential {
      WaitForEvent("asked", \.asked, on: \.order, equals: \.order).timeout(.hours(24))
      WaitForEvent("decision", \.decision, on: \.ticket, equalsResult: \.ticket)
        .failing { $0.approved ? nil : FixtureFault(number: 8) }
      WaitForEvent("stamp", \.stamp) {
        On(FixtureStamped.self, \.order, equals: \.order) { $0.number }
        After(.hours(24)) { _ in -1 }
      }
    }
    .failing(on: FixtureWithdrawn.self, \.order, equals: \.order) { _ in FixtureFault(number: 9) }
    Sleep("a while", for: .days(2))
    Step("file") { try await world.act("file \(try $0.stamp)", $0.run) }
  }
}

struct FixtureAsked: SagaEvent {
  let order: String
}

struct FixtureDecided: SagaEvent {
  let ticket: String, approved: Bool
}

struct FixtureStamped: SagaEvent {
  let order: String, number: Int
}

struct FixtureWithdrawn: SagaEvent {
  let order: String
}

/// Past its pivot it only goes forward.
struct FixtureSale: Saga {
  static let name = "fixture sale"
  let world: FixtureWorld

  struct State: Codable, Sendable {
    var reserved: Int?, parcel: String?
  }

  var body: some Flow<State> {
    Step("reserve", \.reserved) { context in
      try await world.act("reserve", context.run)
      return 5
    }
    .compensate { try await world.act("release", $1.run) }
    Pivot("sold")
    Step("ship", \.parcel) { context in
      try await world.act("ship", context.run)
      return "P1"
    }
    .retry(.fixed(retries: 1, every: .seconds(1)))
    Step("thank") { try await world.act("thank", $0.run) }.optional()
  }
}

/// Undone by strategies and in an order that are asked.
struct FixtureStay: Saga {
  static let name = "fixture stay"
  let world: FixtureWorld

  struct State: Codable, Sendable {
    var a: Int?, b: Int?, c: Int?, kept: Int?
  }

  var compensationOrder: CompensationOrder { .list("a", "c") }

  var body: some Flow<State> {
    Step("a", \.a) { context in
      try await world.act("a", context.run)
      return 1
    }
    .compensate(.when { _, error in error is FixtureFault }) { try await world.act("undo a", $1.run) }
    Step("kept", \.kept) { context in
      try await world.act("kept", context.run)
      return 4
    }
    .compensate(.when { _, _ in false }) { try await world.act("undo kept", $1.run) }
    Step("b", \.b) { context in
      try await world.act("b", context.run)
      return 2
    }
    .compensate(.immediate) { try await world.act("undo b", $1.run) }
    Step("c", \.c) { context in
      try await world.act("c", context.run)
      return 3
    }
    .compensate { try await world.act("undo c", $1.run) }
    Step("once") { try await world.act("once", $0.run) }.atMostOnce()
  }
}

/// What its first step gives is not kept behind the end.
struct FixtureErrand: Saga {
  static let name = "fixture errand", token = "T-5ecret"
  let world: FixtureWorld

  struct State: Codable, Sendable {
    var token: String?
  }

  var body: some Flow<State> {
    Step("token", \.token) { context in
      try await world.act("token", context.run)
      return Self.token
    }
    .redacted()
    Step("use") { try await world.act("use \(try $0.token) \($0.run.idempotencyKey)", $0.run) }
  }

  func output(_ s: Context<State>) throws -> Int { 1 }
}

extension SagaOrchestrator {
  /// Registers all definitions that fixtures were recorded from.
  func registerFixtures(_ world: FixtureWorld) throws {
    try register(FixtureTrip(world: world))
    try register(FixtureApproval(world: world))
    try register(FixtureSale(world: world))
    try register(FixtureStay(world: world))
    try register(FixtureErrand(world: world))
  }
}
