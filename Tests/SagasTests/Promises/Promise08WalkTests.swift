import SagasTesting
import Testing

@testable import Sagas

/// Promise 8 at random: sagas with waits, publishers, cancels and hand-overs, and a judge that knows nothing of the
/// engine: from what was published when, and what each saga says it got, it tells who must have got what.
@Suite("8 Events: walk")
struct Promise08WalkTests {
  struct Mail: SagaEvent, Hashable {
    /// Unlike any other's.
    let letter: Int
    let room: Int
  }

  struct Tenant: Saga {
    let bench: Workbench
    struct State: Codable, Sendable {
      let room: Int
      let pauses: [Int]
      var a: Int?, b: Int?, c: Int?, d: Int?
    }
    var body: some Flow<State> {
      Step("rest") { try await bench.sleep(.seconds($0.pauses[0])) }
      WaitForEvent("a", \.a) {
        On(Mail.self, \.room, equals: \.room) { $0.letter }
        After(.seconds(30)) { _ in 0 }
      }
      Step("rest again") { try await bench.sleep(.seconds($0.pauses[1])) }
      WaitForEvent("b", \.b) {
        On(Mail.self) { $0.letter }
        On(Mail.self, \.room, equals: \.room) { $0.letter }
        After(.seconds(30)) { _ in 0 }
      }
      Parallel("two") {
        WaitForEvent("c", \.c) {
          On(Mail.self, \.room, equals: \.room) { $0.letter }
          After(.seconds(40)) { _ in 0 }
        }
        Sequential {
          Step("rest once more") { try await bench.sleep(.seconds($0.pauses[2])) }
          WaitForEvent("d", \.d) {
            On(Mail.self, \.room, equals: \.room) { $0.letter }
            After(.seconds(20)) { _ in 0 }
          }
        }
      }
    }
  }

  /// What the judge may know of a letter.
  struct Letter: Sendable {
    let mail: Mail
    let target: String?
    let number: UInt64
    let time: Timestamp
  }

  /// What the walk has done, and been told.
  final class Notes: Sendable {
    struct Facts {
      var current: Workbench
      var delivered: [Int: [String]] = [:]
    }
    let facts: Lock<Facts>

    init(_ bench: Workbench) { facts = Lock(Facts(current: bench)) }
    var current: Workbench { facts.withLock { $0.current } }
  }

  @Test(arguments: [false, true])
  func everySagaGetsWhatItMust_andNothingElse(flaky: Bool) throws {
    let taken = Lock(0)
    try underSchedules(60) { simulation in
      let store: any SagaStore =
        flaky ? FlakyStore(simulation, failures: 5) : InMemoryStore(encoding: simulation.seed % 2 == 0)
      let letters = try await walk(simulation, store, mayHandOver: simulation.seed % 3 != 0)
      taken.withLock { $0 += letters }
    }
    #expect(taken.withLock { $0 } > 300, "the walks meet somewhere")
  }

  private func walk(_ simulation: Simulation, _ store: any SagaStore, mayHandOver: Bool) async throws -> Int {
    var random = SeededRandom(seed: simulation.seed &* 977 &+ 5)
    let first = Workbench(simulation, store: store)
    try await first.sagas.register(Tenant(bench: first))
    let notes = Notes(first)
    let ids = (0..<8).map { "t\($0)" }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for id in ids {
        let state = Tenant.State(
          room: Int.random(in: 0..<3, using: &random),
          pauses: (0..<3).map { _ in Int.random(in: 0..<25, using: &random) })
        let delay = Duration.seconds(Int.random(in: 0..<20, using: &random))
        let cancelled = Int.random(in: 0..<6, using: &random) == 0
        let patience = Duration.seconds(Int.random(in: 1..<60, using: &random))
        group.addTask {
          try await first.sleep(delay)
          try await until(first.clock) {
            let host = notes.current.sagas
            _ = try await host.start(Tenant.self, state, id: id, onExisting: .join)
            // It came to be where nobody publishes any more.
            if host !== notes.current.sagas { try await notes.current.sagas.recover() }
          }
          guard cancelled else { return }
          try await first.sleep(patience)
          try await until(first.clock) { try await notes.current.sagas.cancel(id) }
        }
      }
      for letter in 1...40 {
        let mail = Mail(letter: letter, room: Int.random(in: 0..<3, using: &random))
        let isDirected = Int.random(in: 0..<5, using: &random) == 0
        let target = isDirected ? ids[Int.random(in: 0..<8, using: &random)] : nil
        let delay = Duration.seconds(Int.random(in: 0..<90, using: &random))
        group.addTask {
          try await first.sleep(delay)
          try await until(first.clock) {
            let events = notes.current.sagas.events
            let report =
              if let target {
                try await events.publish(mail, to: target, id: "l\(letter)")
              } else {
                try await events.publish(mail, id: "l\(letter)")
              }
            notes.facts.withLock { $0.delivered[letter, default: []] += report.deliveredTo }
          }
        }
      }
      if mayHandOver {
        let delay = Duration.seconds(Int.random(in: 1..<90, using: &random))
        group.addTask {
          try await first.sleep(delay)
          // A store that fails may come to know of a saga there only much later.
          if store is FlakyStore { await first.sagas.shutdown() }
          let second = Workbench(simulation, store: store)
          try await second.sagas.register(Tenant(bench: second))
          notes.facts.withLock { $0.current = second }
          try await until(first.clock) { try await second.sagas.recover() }
        }
      }
      try await group.waitForAll()
    }
    let last = notes.current
    let letters = last.sagas.engine.events.topic(named: "Mail").kept.compactMap { event in
      (event.value as? Mail).map {
        Letter(mail: $0, target: event.target, number: event.number, time: event.time)
      }
    }
    try #require(letters.count == 40 && Set(letters.map(\.mail.letter)).count == 40, "each is published once")
    var all = 0
    for id in ids {
      let run = try #require(try await last.sagas.handle(Tenant.self, id))
      _ = await run.outcome
      let mine = notes.facts.withLock { $0.delivered.filter { $0.value.contains(id) }.map(\.key) }
      all += try judge(
        await run.report, run.core.info.mark, letters, delivered: mine, margin: .seconds(2))
    }
    return all
  }

  /// Tries until the store and whoever has it agree.
  private func until(_ clock: VirtualClock, _ body: () async throws -> Void) async throws {
    while true {
      do {
        return try await body()
      } catch let error as SagaError {
        let passing: [SagaError.Code] = [.storeFailed, .takenOver, .notFound, .admissionStopped, .shutDown]
        guard passing.contains(error.code) else { throw error }
        try await clock.sleep(until: clock.now.advanced(by: .milliseconds(50)))
      }
    }
  }

  // MARK: The judge

  /// How many letters a saga got.
  private func judge(
    _ report: SagaReport, _ mark: UInt64, _ letters: [Letter], delivered: [Int], margin: Duration
  ) throws -> Int {
    let input = try #require(report.input?.value(as: Tenant.State.self))
    let limits = ["a": 30, "b": 30, "c": 40, "d": 20]
    let byLetter = Dictionary(uniqueKeysWithValues: letters.map { ($0.mail.letter, $0) })
    var got: [String: Letter] = [:]
    var timedOut: [String] = []
    for (name, _) in limits.sorted(by: { $0.key < $1.key }) {
      guard case .completed(let value)? = report.step(name)?.effect else { continue }
      let letter = try #require(value.value(as: Int.self))
      if letter == 0 {
        timedOut.append(name)
      } else {
        let found: Letter = try #require(byLetter[letter])
        got[name] = found
      }
    }
    let taken = Set(got.values.map(\.number))
    try #require(taken.count == got.count, "\(report.id) took a letter twice")
    try #require(Set(delivered).isSubset(of: got.values.map(\.mail.letter)), "a report said so")

    func isFor(_ letter: Letter, _ wait: String) -> Bool {
      guard letter.number > mark, letter.target == nil || letter.target == report.id else { return false }
      return letter.mail.room == input.room || wait == "b" && letter.target != nil
    }
    for (wait, letter) in got {
      try #require(isFor(letter, wait), "\(report.id) took what is not its own")
      // The oldest first: what was there before it, and fits as well, has been taken too.
      for other in letters where other.number < letter.number && isFor(other, wait) {
        try #require(taken.contains(other.number), "\(report.id), \(wait): \(other) was passed over")
      }
    }
    for wait in timedOut {
      let began = try #require(report.step(wait)?.startedAt)
      let due = began.advanced(by: .seconds(limits[wait] ?? 0) - margin)
      for letter in letters where isFor(letter, wait) && letter.time < due {
        try #require(taken.contains(letter.number), "\(report.id), \(wait): \(letter) was lost")
      }
    }
    return got.count
  }
}
