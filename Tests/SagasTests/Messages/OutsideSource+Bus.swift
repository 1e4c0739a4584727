extension OutsideSource {
  /// Statements of a function that has an orchestrator, and a saga to start.
  private static func call(_ title: String, saysMore: Bool = false, _ statements: String) -> OutsideSource {
    file(
      title, saysMore: saysMore,
      """
      private struct S: Saga {
        struct State: Codable, Sendable {
          let orderID: String
          var approved: Approved?
        }
        var body: some Flow<State> { WaitForEvent("a", \\.approved, on: \\.orderID, equals: \\.orderID) }
      }
      private func run(_ sagas: SagaOrchestrator) async throws {
      \(statements)
      }
      """)
  }

  /// Mistakes about publishing, reading, and starting on events.
  static let busMistakes: [OutsideSource] = [
    call(
      "something published that is no event",
      #"""
      try await sagas.events.publish("approved")  // error: requires that 'String' conform to 'SagaEvent'
      """#),
    call(
      "an id that is no text",
      #"""
      try await sagas.events.publish(Approved(), id: 7)  // error: cannot convert value of type 'Int' to expected argument type 'String'
      """#),
    call(
      "an event by name without its JSON",
      #"""
      try await sagas.events.publish(named: "Approved")  // error: missing argument for parameter 'json' in call
      """#),
    call(
      "reading what is no event", saysMore: true,
      #"""
      for await text in sagas.events.events(of: String.self) { print(text) }  // error: requires that 'String' conform to 'SagaEvent'
      """#),
    call(
      "a misspelt property of an event that is read",
      #"""
      for await event in sagas.events.events(of: Approved.self) { print(event.orderId) }  // error: value of type 'Approved' has no member 'orderId'
      """#),
    call(
      "a misspelt property of the event that starts a saga",
      #"""
      try await sagas.start(S.self, on: Approved.self) { .init(orderID: $0.orderId) }  // error: value of type 'Approved' has no member 'orderId'
      """#),
    call(
      "starting on what is no event",
      #"""
      try await sagas.start(S.self, on: String.self) { _ in .init(orderID: "") }  // error: requires that 'String' conform to 'SagaEvent'
      """#),
    call(
      "starting on an event with something that is no State",
      #"""
      try await sagas.start(S.self, on: Approved.self) { $0.orderID }  // error: cannot convert value of type 'String' to closure result type 'S.State'
      """#),
    call(
      "starting on an event without a State",
      #"""
      try await sagas.start(S.self, on: Approved.self)  // error: missing argument for parameter 'state' in call
      """#),
    file(
      "an event that cannot be sent and kept", saysMore: true,
      #"""
      private final class Note { var text = "" }
      private struct Noted: SagaEvent { var note: Note }  // error: type 'Noted' does not conform to protocol 'Decodable'
      """#),
  ]

  /// All ways to publish, to read, and to start on events.
  static let busSpellings: [OutsideSource] = [
    call(
      "publishing, reading and starting",
      #"""
      try await sagas.events.publish(Approved())
      let report = try await sagas.events.publish(Approved(), id: "decision-1")
      print(report.deliveredTo, report.started, report.isKept, report.isDuplicate, report.eventID)
      try await sagas.events.publish(Approved(), to: "s")
      try await sagas.events.publish(Approved(), to: "s", id: "decision-2")
      try await sagas.events.register(Approved.self)
      try await sagas.events.publish(named: "Approved", json: "{}")
      try await sagas.events.publish(named: "Approved", json: "{}", to: "s", id: "decision-3")
      for await event in sagas.events.events(of: Approved.self) { print(event.by) }
      try await sagas.start(S.self, on: Approved.self) { .init(orderID: $0.orderID) }
      try await sagas.start(S.self, on: Approved.self, id: { $0.sagaID }) { event in
        let orderID = event.orderID
        return .init(orderID: orderID)
      }
      """#)
  ]
}
