import SagasTesting
import Testing

@testable import Sagas

/// Promise 15: what is recorded outlives the types it was recorded from, as far as their `Codable` allows.
@Suite("15 Versions: State and results evolve")
struct Promise15EvolutionTests {
  /// Stores that keep bytes.
  static let kinds = StoreKind.allCases.filter { $0 != .memory }

  /// What runs is the same in all of them: only the types differ.
  enum Before {
    struct Receipt: Codable {
      let amount: Int
    }

    struct Order: Saga {
      static let name = "order"
      let bench: Workbench
      let gate: Gate

      struct State: Codable, Sendable {
        let item: String
        var note: String?, prices: [String: Int] = [:]
        var receipt: Receipt?, seat: Int?, sent: String?
      }

      var body: some Flow<State> {
        Step("pay", \.receipt) { _ in Receipt(amount: 1234) }
          .compensate { bench.log.append("refund \($0.amount)") }
        Step("seat", \.seat) { _ in 7 }.compensate { _ in bench.log.append("free") }
        Step("send", \.sent) { context in
          bench.log.append("send \(context.item)")
          await gate.wait()
          return "sent"
        }
      }
      func output(_ s: Context<State>) throws -> Int { try s.receipt.amount }
    }
  }

  /// A property and a slot removed, a slot renamed, one added, and a result with one property more.
  enum Later {
    struct Receipt: Codable {
      let amount: Int
      var currency: String?
    }

    struct Order: Saga {
      static let name = "order"
      let bench: Workbench
      var fails = false

      struct State: Codable, Sendable {
        let item: String
        var prices: [String: Int]
        var paid: Receipt?, delivered: String?, comment: String?

        enum CodingKeys: String, CodingKey {
          case item, prices, comment
          case paid = "receipt"
          case delivered = "sent"
        }
      }

      var body: some Flow<State> {
        Step("pay", \.paid) { _ in Receipt(amount: 1) }
          .compensate { bench.log.append("later refund \($0.amount)") }
        Step("seat") { _ in 8 }.compensate { bench.log.append("later free \($0)") }
        Step("send", \.delivered) { context in
          bench.log.append("later send \(context.item) for \(try context.paid.amount)")
          if fails { throw Refused() }
          return "delivered"
        }
      }
      func output(_ s: Context<State>) throws -> Int { try s.paid.amount + (s.comment == nil ? 1 : 0) }
    }
  }

  /// A result that needs more than was recorded.
  enum Strict {
    struct Receipt: Codable {
      let amount: Int
      let currency: String
    }

    struct Order: Saga {
      static let name = "order"
      let bench: Workbench

      struct State: Codable, Sendable {
        let item: String
        var receipt: Receipt?, seat: Int?, sent: String?
      }

      var body: some Flow<State> {
        Step("pay", \.receipt) { _ in Receipt(amount: 1, currency: "EUR") }
          .compensate { _ in bench.log.append("strict refund") }
        Step("seat", \.seat) { _ in 7 }.compensate { _ in bench.log.append("strict free") }
        Step("send", \.sent) { _ in
          bench.log.append("strict send")
          return "sent"
        }
      }
      func output(_ s: Context<State>) throws -> Int { 0 }
    }
  }

  /// An input that needs more than was recorded, or something else.
  private struct Inputs<State: OrderState>: Saga {
    static var name: String { "order" }
    let bench: Workbench

    var body: some Flow<State> {
      Step("pay") { _ in Before.Receipt(amount: 1) }.compensate { _ in bench.log.append("undo") }
      Step("seat") { _ in 7 }.compensate { _ in bench.log.append("undo") }
      Step("send") { _ in
        bench.log.append("inputs send")
        return "sent"
      }
    }
    func output(_ s: Context<State>) throws -> Int { 0 }
  }

  protocol OrderState: Codable, Sendable {}
  struct NeedsCountry: OrderState {
    let item: String
    let country: String
  }
  struct OtherPrices: OrderState {
    let prices: [String: [Bool]]
  }

  private func begin(_ simulation: Simulation, _ store: any SagaStore) async throws -> Gate {
    let bench = Workbench(simulation, store: store)
    let held = Gate()
    try await bench.sagas.register(Before.Order(bench: bench, gate: held))
    _ = try await bench.sagas.start(
      Before.Order.self, .init(item: "boots", note: "hush", prices: ["hidden": 1]), id: "o")
    await held.waitForArrivals(atLeast: 1)
    await bench.settle()
    return held
  }

  @Test(arguments: kinds)
  func slotsComeGoAndAreRenamed_resultsGrow(_ kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let store = try kind.make()
      let held = try await begin(simulation, store)
      let second = Workbench(simulation, store: store)
      try await second.sagas.register(Later.Order(bench: second))
      try #require(try await second.sagas.recover().recovered == ["o"])
      let run = try #require(try await second.sagas.handle(Later.Order.self, "o"))
      try #require(try await run.output == 1235)
      try #require(second.log.entries == ["later send boots for 1234"])
      let receipt = try await run.result(of: \.paid)
      try #require(receipt.amount == 1234 && receipt.currency == nil)
      try #require(try await run.result(of: "seat", as: Int.self) == 7)
      try #require(try await run.result(of: \.delivered) == "delivered")
      let input = await run.report.input?.value(as: Later.Order.State.self)
      try #require(input?.item == "boots" && input?.comment == nil && input?.prices == ["hidden": 1])
      held.open()
    }
  }

  /// Undoes get what was recorded, in the types of now.
  @Test(arguments: kinds)
  func theUndoes_getTheOldResults(_ kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let store = try kind.make()
      let held = try await begin(simulation, store)
      let second = Workbench(simulation, store: store)
      try await second.sagas.register(Later.Order(bench: second, fails: true))
      try await second.sagas.recover()
      let run = try #require(try await second.sagas.handle(Later.Order.self, "o"))
      try #require(await run.outcome.failure?.undone == ["seat", "pay"])
      try #require(second.log.entries.suffix(2) == ["later free 7", "later refund 1234"])
      held.open()
    }
  }

  @Test(arguments: kinds)
  func aResultThatCannotBeDecoded_parks_andSaysWhich_withoutValues(_ kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let store = try kind.make()
      let held = try await begin(simulation, store)
      let second = Workbench(simulation, store: store)
      try await second.sagas.register(Strict.Order(bench: second))
      let recovery = try await second.sagas.recover()
      try #require(recovery.recovered.isEmpty && recovery.parked.map(\.id) == ["o"])
      let error = recovery.parked[0].error
      try #require(error.code == .undecodable && error.saga == "o" && error.step == "pay")
      try #require(
        error.description.hasPrefix(
          "saga 'o', step 'pay': its recorded result cannot be decoded as Receipt: 'currency' is missing at the top;"
        ), "\(error)")
      for value in ["1234", "boots", "hush", "hidden"] {
        try #require(!error.description.contains(value))
      }
      let report = try #require(try await second.sagas.report("o"))
      try #require(report.status == .parked && (report.error as? SagaError)?.code == .undecodable)
      let refusal = try await refused { try await second.sagas.cancel("o") }
      try #require(refusal.code == .undecodable)
      await second.settle()
      try #require(second.log.entries.isEmpty)
      try await goesOn(simulation, store)
      held.open()
    }
  }

  @Test(arguments: kinds)
  func anInputThatCannotBeDecoded_parks_andSaysWhat_withoutValues(_ kind: StoreKind) throws {
    try underSchedules(3) { simulation in
      let store = try kind.make()
      let held = try await begin(simulation, store)
      let country = try await parked(
        simulation, store, Inputs<NeedsCountry>.self, "NeedsCountry: 'country' is missing at the top;")
      let prices = try await parked(
        simulation, store, Inputs<OtherPrices>.self, "at 'prices.…'")
      for error in [country, prices] {
        try #require(error.description.hasPrefix("saga 'o': its recorded State cannot be decoded as "))
        for value in ["1234", "boots", "hush", "hidden"] {
          try #require(!error.description.contains(value), "\(error)")
        }
      }
      try await goesOn(simulation, store)
      held.open()
    }
  }

  private func parked<State: OrderState>(
    _ simulation: Simulation, _ store: any SagaStore, _ type: Inputs<State>.Type, _ words: String
  ) async throws -> SagaError {
    let bench = Workbench(simulation, store: store)
    try await bench.sagas.register(Inputs<State>(bench: bench))
    let recovery = try await bench.sagas.recover()
    try #require(recovery.parked.map(\.id) == ["o"])
    let error = recovery.parked[0].error
    try #require(error.code == .undecodable && error.description.contains(words), "\(error)")
    try #require(bench.log.entries.isEmpty)
    return error
  }

  /// With the types it was recorded from it is as if nothing had happened.
  private func goesOn(_ simulation: Simulation, _ store: any SagaStore) async throws {
    let bench = Workbench(simulation, store: store)
    try await bench.sagas.register(Before.Order(bench: bench, gate: .opened))
    try #require(try await bench.sagas.recover().recovered == ["o"])
    let run = try #require(try await bench.sagas.handle(Before.Order.self, "o"))
    try #require(try await run.output == 1234)
    try #require(bench.log.entries == ["send boots"])
  }
}
