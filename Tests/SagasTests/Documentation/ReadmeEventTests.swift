// swift-format-ignore-file
// The examples are kept as the README prints them.
import Sagas
import SagasTesting
import Testing

struct ApprovalDecided: SagaEvent {
  let orderID: String, approved: Bool, by: String
}

struct Approval: Saga {
  let desk: Desk

  struct State: Codable, Sendable {
    let orderID: String
    var ticket: String?, decision: ApprovalDecided?
  }

  var body: some Flow<State> {
    Step("open ticket", \.ticket) { try await desk.open($0.orderID) }
      .compensate { try await desk.close($0) }
    WaitForEvent("approval", \.decision, on: \.orderID, equals: \.orderID)
      .timeout(.hours(24))
      .failing { $0.approved ? nil : ApprovalRejected(by: $0.by) }
    Step("ship") { try await desk.ship($0.orderID, by: $0.decision.by) }
  }
}

struct ApprovalRejected: Error, Codable {
  let by: String
}

struct Desk: Sendable {
  let log: EventLog

  func open(_ order: String) async throws -> String {
    log.append("open")
    return "ticket of \(order)"
  }
  func close(_ ticket: String) async throws { log.append("close \(ticket)") }
  func ship(_ order: String, by name: String) async throws { log.append("ship \(order), said \(name)") }
}

/// The example of waiting for events, word for word.
@Suite("README: events")
struct ReadmeEventTests {
  private let said = EventLog()
  private let log = EventLog()

  private func print(_ items: Any...) {
    said.append(items.map { "\($0)" }.joined(separator: " "))
  }

  @Test func waitingForAnEvent() async throws {
    let sagas = SagaOrchestrator()
    try await sagas.register(Approval(desk: Desk(log: log)))
    let run = try await sagas.start(Approval.self, .init(orderID: "order-1"), id: "a-1")
    let report = try await sagas.events.publish(
      ApprovalDecided(orderID: "order-1", approved: true, by: "Ada"), id: "decision-17")
    print("taken by", report.deliveredTo)   // an event of the same id is refused: report.isDuplicate
    #expect(await run.outcome.isSuccess)
    #expect(log.entries == ["open", "ship order-1, said Ada"])
    #expect(said.entries.count == 1)
  }

  @Test func aDecisionThatRejects_undoes() async throws {
    let sagas = SagaOrchestrator()
    try await sagas.register(Approval(desk: Desk(log: log)))
    let run = try await sagas.start(Approval.self, .init(orderID: "order-2"))
    try await sagas.events.publish(ApprovalDecided(orderID: "order-2", approved: false, by: "Bob"))
    #expect(await run.outcome.failure?.error(as: ApprovalRejected.self)?.by == "Bob")
    #expect(log.entries == ["open", "close ticket of order-2"])
  }
}
