import SagasTesting
import Testing

@testable import Sagas

/// A part that stands in a body more than once.
@Suite("Named parts")
struct NamedPartTests {
  /// Parcels that go somewhere, and what is written on them.
  struct Trip: Saga {
    let bench: Workbench
    struct State: Codable, Sendable { var there: String?, back: String?, note: String? }

    /// Used twice, and again inside of ``Both``; says what it is called where.
    struct Transport: Part {
      typealias State = Trip.State
      let bench: Workbench
      let slot: Slot<State, String>

      var body: some Flow<State> {
        Step("pack", slot) { context in
          bench.log.append(context.run.idempotencyKey)
          return context.run.step
        }
        .compensate { text in bench.log.append("unpack \(text)") }
        Parallel("carry") {
          Step("truck") { _ in }
          Step("ship") { _ in }
        }
        When("heavy?", { _ in true }) {
          Step("crane") { bench.log.append($0.run.step) }
        } otherwise: {
          Fail("too light") { _ in Refused() }
        }
      }
    }

    struct Both: Part {
      typealias State = Trip.State
      let bench: Workbench

      var body: some Flow<State> {
        Transport(bench: bench, slot: \.there)
        Transport(bench: bench, slot: \.back).named("back")
      }
    }

    var body: some Flow<State> {
      Both(bench: bench).named("first")
      Both(bench: bench).named("inner").named("second")
      Step("pay", \.note) { _ in throw Refused() }
    }
  }

  @Test func everyName_hasThePrefix_theOuterOneFirst() throws {
    try underSchedules(1) { simulation in
      let program = try PlanCompiler.compile(Trip(bench: Workbench(simulation)))
      let own = ["pack", "carry", "truck", "ship", "heavy?", "crane", "too light"]
      let names = ["first: ", "first: back: ", "second: inner: ", "second: inner: back: "]
        .flatMap { prefix in own.map { prefix + $0 } }
      try #require(program.plan.names.filter { !$0.isEmpty } == names + ["pay", "output"])
    }
  }

  @Test func theLongerName_isTheOneOfKeys_runsReportsAndOrders() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(of: Trip(bench: bench), .init())
      try #require(outcome.failure?.undone.first == "second: inner: back: pack")
      try #require(
        bench.log.entries == [
          "s/first: pack", "first: crane", "s/first: back: pack", "first: back: crane",
          "s/second: inner: pack", "second: inner: crane", "s/second: inner: back: pack",
          "second: inner: back: crane",
          "unpack second: inner: back: pack", "unpack second: inner: pack", "unpack first: back: pack",
          "unpack first: pack",
        ])
      try #require(report.step("second: inner: back: pack")?.status == .compensated)
      try #require(report.step("pack") == nil)
    }
  }

  private struct Sample: Saga {
    struct State: Codable, Sendable {}
    struct Piece: Part {
      typealias State = Sample.State
      var name = "x"
      var body: some Flow<State> { Step(name) { _ in } }
    }
    let pieces: [NamedPart<State>]
    var body: some Flow<State> { Sagas.Sequential(pieces.map(\.node)) }
    static let piece = Piece()
  }

  private func problems(_ pieces: NamedPart<Sample.State>...) -> [DefinitionError.Problem.Code] {
    do {
      _ = try PlanCompiler.compile(Sample(pieces: pieces))
      return []
    } catch {
      return error.problems.map(\.code)
    }
  }

  @Test func aPivot_hasThePrefixToo() throws {
    struct Sale: Saga {
      struct State: Codable, Sendable {}
      struct Pay: Part {
        typealias State = Sale.State
        var body: some Flow<State> {
          Step("pay") { _ in }
          Pivot("paid")
        }
      }
      var body: some Flow<State> { Pay().named("first") }
    }
    #expect(try PlanCompiler.compile(Sale()).plan.names == ["", "first: pay", "first: paid", "output"])
  }

  @Test func whatIsWrong_isReported() {
    let piece = Sample.piece
    #expect(problems(piece.named("a"), piece.named("b")).isEmpty)
    #expect(problems(piece.named("a"), piece.named("a")) == [.duplicateName])
    #expect(problems(piece.named(""), piece.named("  ")) == [.duplicateName], "a blank prefix adds nothing")
    #expect(problems(piece.named("a/b")) == [.invalidName])
    #expect(problems(Sample.Piece(name: " ").named("a")) == [.invalidName], "a prefix is no name")
    #expect(problems(Sample.Piece(name: "output").named("a")).isEmpty)
  }
}
