// swift-format-ignore-file
// The examples are kept as the README prints them.
import Sagas
import SagasTesting
import Testing

struct SignUpV1: Saga {
  static let name = "sign-up", version = 1
  let mail: Mailer

  struct State: Codable, Sendable {
    let address: String
  }

  var body: some Flow<State> {
    Step("welcome") { try await mail.welcome($0.address) }
  }
}

struct SignUp: Saga {
  static let name = "sign-up", version = 2
  let mail: Mailer

  struct State: Codable, Sendable {
    let address: String
    var language: String?   // optional: also what was recorded without it can be read
  }

  var body: some Flow<State> {
    Step("ask to confirm") { try await mail.confirm($0.address) }
    WaitForEvent("confirmed", for: Confirmed.self, on: \.address, equals: \.address).timeout(.days(2))
    Step("welcome") { try await mail.welcome($0.address) }
  }
}

struct Confirmed: SagaEvent {
  let address: String
}

struct Mailer: Sendable {
  let log: EventLog
  let gate: Gate

  func confirm(_ address: String) async throws { log.append("confirm \(address)") }
  func welcome(_ address: String) async throws {
    log.append("welcome \(address)")
    await gate.wait()
  }
}

/// The example of versions, word for word.
@Suite("README: versions")
struct ReadmeVersionTests {
  private let said = EventLog()
  private let log = EventLog()

  private func print(_ items: Any...) {
    said.append(items.map { "\($0)" }.joined(separator: " "))
  }

  @Test func versions() async throws {
    let store = InMemoryStore(encoding: true)
    let gate = Gate()
    let before = SagaOrchestrator(store: store)
    try await before.register(SignUpV1(mail: Mailer(log: log, gate: gate)))
    _ = try await before.start(SignUpV1.self, .init(address: "ada"), id: "a")
    await log.waitFor("welcome ada")

    let sagas = SagaOrchestrator(store: store)
    let mail = Mailer(log: log, gate: .opened)
    try await sagas.register(SignUpV1(mail: mail), deprecated: "addresses are confirmed now")
    try await sagas.register(SignUp(mail: mail))
    for (id, error) in try await sagas.recover().parked { print(id, "is parked:", error) }
    #expect(said.entries.isEmpty)
    #expect(try await sagas.handle("a")?.outcome.isSuccess == true)
    let error = await #expect(throws: SagaError.self) {
      try await sagas.start(SignUpV1.self, .init(address: "bob"))
    }
    #expect(error?.code == .deprecated)
    let run = try await sagas.start(named: "sign-up", json: #"{"address":"bob"}"#)
    await log.waitFor("confirm bob")
    try await sagas.events.publish(Confirmed(address: "bob"))
    #expect(await run.outcome.isSuccess)
    #expect(log.entries == ["welcome ada", "welcome ada", "confirm bob", "welcome bob"])
    #expect(sagas.definition(named: "sign-up")?.fingerprint.count == 16)
    gate.open()
  }
}
