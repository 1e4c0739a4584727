import SagasTesting
import Testing

@testable import Sagas

/// On the threads of the machine, for ThreadSanitizer to look at: what the simulations run on one thread.
@Suite("Real executor", .timeLimit(.minutes(5)))
struct RealExecutorTests {
  struct Reading: Saga {
    struct State: Codable, Sendable {
      let text: String
      var a: String?, b: [String]?, c: String?
    }
    let surprises: EventLog
    let over: Gate

    var body: some Flow<State> {
      Step("reads") { context in
        // Given up soon, and still reading.
        while !over.isOpen {
          if context.state.a != nil || context.state.b != nil { surprises.append("\(context.state)") }
          await Task.yield()
        }
      }
      .optional().timeout(.milliseconds(1)).settleGrace(.zero)
      Step("a", \.a) { "\($0.text) a" }.compensate { undo in
        if undo != "\(undo.prefix(1)) a" { surprises.append(undo) }
      }
      Parallel("both") {
        Sequential {
          Step("b", \.b) { [try $0.a] }
          Step("b again", \.b) { try $0.b + ["again"] }
        }
        Step("c", \.c) { try $0.a + " c" }
      }
      Step("fails") { context in
        if context.text == "x" { throw Refused() }
      }
    }
  }

  /// The State of an attempt that was given up stays as it was, while the saga writes on.
  @Test(arguments: [true, false])
  func givenUpAttempts_readWhatTheySaw(encoding: Bool) async throws {
    let saga = Reading(surprises: EventLog(), over: Gate())
    let sagas = SagaOrchestrator(store: InMemoryStore(encoding: encoding))
    try await sagas.register(saga)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for n in 0..<60 {
        group.addTask {
          let run = try await sagas.start(Reading.self, .init(text: n % 3 == 0 ? "x" : "y"), id: "s\(n)")
          async let updates: Void = { for await update in run.updates { _ = update.progress } }()
          for _ in 0..<5 {
            _ = await run.report.input?.value(as: Reading.State.self)
            await Task.yield()
          }
          let outcome = await run.outcome
          if case .completed(let state) = outcome {
            #expect(state.b == ["y a", "again"] && state.c == "y a c")
          } else {
            #expect(n % 3 == 0)
          }
          await updates
        }
      }
      try await group.waitForAll()
    }
    saga.over.open()
    #expect(saga.surprises.entries.isEmpty)
    #expect(sagas.liveCount == 0)
  }

  struct Chain: Saga {
    struct State: Codable, Sendable {
      var a: Int?, b: Int?, c: Int?
    }
    var body: some Flow<State> {
      Step("a", \.a) { _ in
        await Task.yield()
        return 1
      }
      .compensate { _ in await Task.yield() }
      Parallel("both") {
        Step("b", \.b) { _ in
          await Task.yield()
          return 2
        }
        .compensate { _ in }.compensateUnknown { _ in }
        Step("c", \.c) { _ in 3 }.compensate { _ in }
      }
      Step("d") { _ in await Task.yield() }
    }
  }

  /// Starts, joins, cancels, reports and claims by three orchestrators, all at once: every saga ends.
  @Test(arguments: [true, false])
  func everythingAtOnce_losesNothing(encoding: Bool) async throws {
    let store = InMemoryStore(encoding: encoding)
    // Handed to and fro, a saga is recovered more often than any that gets on.
    let orchestrators = (0..<3).map { _ in
      SagaOrchestrator(store: store, configuration: .init(recoveries: nil))
    }
    for sagas in orchestrators { try await sagas.register(Chain()) }
    let ids = (0..<150).map { "s\($0)" }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (n, id) in ids.enumerated() {
        for k in 0..<2 {
          group.addTask {
            let sagas = orchestrators[(n + k) % 3]
            _ = try? await sagas.start(Chain.self, .init(), id: id, onExisting: .join)
          }
        }
        group.addTask {
          let sagas = orchestrators[n % 3]
          if n % 4 == 0 { try? await sagas.cancel(id) }
          _ = try? await sagas.report(id)?.progress
        }
        if n % 10 == 0 { group.addTask { try await orchestrators[n / 10 % 3].recover() } }
      }
      try await group.waitForAll()
    }
    // The last to claim ends what is left.
    try await orchestrators[0].recover()
    for id in ids {
      var run = try #require(try await orchestrators[0].handle(id))
      // One that has ended elsewhere may not have been told here yet: then the store is asked.
      if (await run.outcome.failure?.error as? SagaError)?.code == .takenOver {
        run = try #require(try await orchestrators[0].handle(id))
      }
      let outcome = await run.outcome
      #expect(await run.status.isTerminal, "\(id): \(outcome)")
    }
  }
}
