extension OutsideSource {
  /// Mistakes about events and sleeps.
  static let eventMistakes: [OutsideSource] = [
    .body(
      "a key of another type in the event",
      #"""
      WaitForEvent("a", \.approved, on: \.number, equals: \.orderID)  // error: the property of the event and the one of the State it must equal have to be of one type
      """#),
    .body(
      "a key of another type in the event, without a slot",
      #"""
      WaitForEvent("a", for: Approved.self, on: \.number, equals: \.orderID)  // error: the property of the event and the one of the State it must equal have to be of one type
      """#),
    .body(
      "a key that is a slot",
      #"""
      WaitForEvent("a", \.approved, on: \.orderID, equals: \.ticket)  // error: this is a slot, empty until its step has completed: write equalsResult: \.slot
      """#),
    .body(
      "a key that is a slot, without a slot for the event",
      #"""
      WaitForEvent("a", for: Approved.self, on: \.orderID, equals: \.ticket)  // error: this is a slot, empty until its step has completed: write equalsResult: \.slot
      """#),
    .body(
      "a result of another type than the key",
      #"""
      WaitForEvent("a", \.approved, on: \.number, equalsResult: \.ticket)  // error: the property of the event and the slot whose value it must equal have to be of one type
      """#),
    .body(
      "a key that cannot be the id of the saga",
      #"""
      WaitForEvent("a", \.approved, on: \.number)  // error: without equals: the property is compared with the saga's own id, so it must be a String
      """#),
    .body(
      "an event without a key",
      #"""
      WaitForEvent("a", \.approved)  // error: which events belong to the saga? write on: \.key, equals: \.key, or for: Event.self
      """#),
    .body(
      "a key of the event that is misspelt",
      #"""
      WaitForEvent("a", \.approved, on: \.orderId, equals: \.orderID)  // error: value of type 'Approved' has no member 'orderId'
      """#),
    .body(
      "a key of the State that is misspelt",
      #"""
      WaitForEvent("a", \.approved, on: \.orderID, equals: \.orderId)  // error: value of type 'S.State' has no member 'orderId'
      """#),
    .body(
      "a slot for something that is no event",
      #"""
      WaitForEvent("a", \.receipt, on: \.id, equals: \.orderID)  // error: requires that 'Receipt' conform to 'SagaEvent'
      """#),
    .body(
      "a wait that is tried again",
      #"""
      WaitForEvent("a", \.approved, for: Approved.self).retry(.never)  // error: a wait is not tried again
      """#),
    .body(
      "an optional wait",
      #"""
      WaitForEvent("a", \.approved, for: Approved.self).optional()  // error: a wait is not optional; to go on without the event make time an outcome
      """#),
    .body(
      "a wait that is undone",
      #"""
      WaitForEvent("a", \.approved, for: Approved.self).compensate { _ in }  // error: a wait does nothing that could be undone
      """#),
    .body(
      "a sleep without a unit",
      #"""
      Sleep("a", for: 5)  // error: how long is that? write a Duration: Sleep("name", for: .seconds(5))
      """#),
    .body(
      "a sleep without a name",
      #"""
      Sleep(for: .seconds(5))  // error: a sleep needs a stable name
      """#),
    .body(
      "a sleep without a label",
      #"""
      Sleep("a", .seconds(5))  // error: how long it sleeps is called for: Sleep("name", for: .days(3))
      """#),
    .body(
      "an alternative by a key of another type",
      #"""
      WaitForEvent("b", \.decision) {
        On(Approved.self, \.number, equals: \.orderID) { .approved(by: $0.by) }  // error: the property of the event and the one of the State it must equal have to be of one type
      }
      """#),
    .body(
      "an alternative by a key that is a slot",
      #"""
      WaitForEvent("b", \.decision) {
        On(Approved.self, \.orderID, equals: \.ticket) { .approved(by: $0.by) }  // error: this is a slot, empty until its step has completed: write equalsResult: \.slot
      }
      """#),
    .body(
      "an alternative of another type than the slot",
      #"""
      WaitForEvent("b", \.decision) {
        On(Approved.self) { $0.by }  // error: cannot convert value of type 'String' to closure result type 'Decision'
      }
      """#),
    .body(
      "an alternative that is misspelt",
      #"""
      WaitForEvent("b", \.decision) {
        On(Approved.self) { .aproved(by: $0.by) }  // error: type 'Decision' has no member 'aproved'
      }
      """#),
    .body(
      "a step as an alternative",
      #"""
      WaitForEvent("b", \.decision) {
        Step("x") { _ in }  // error: here stand On(Event.self, ...) { ... } and After(...) { ... }
      }
      """#),
    .body(
      "a time without a unit",
      #"""
      WaitForEvent("b", \.decision) {
        On(Approved.self) { .approved(by: $0.by) }
        After(5) { _ in .nobody }  // error: how long is that? write a Duration: After(.hours(24)) { _ in ... }
      }
      """#),
    .body(
      "a time without its argument",
      #"""
      WaitForEvent("b", \.decision) {
        On(Approved.self) { .approved(by: $0.by) }
        After(.seconds(5)) { .nobody }  // error: contextual type for closure argument list expects 1 argument, which cannot be implicitly ignored
      }
      """#),
    .body(
      "a failure of a wait with alternatives",
      #"""
      WaitForEvent("b", \.decision) {
        On(Approved.self) { .approved(by: $0.by) }
      }
      .failing { _ in nil }  // error: requires that 'Decision' conform to 'SagaEvent'
      """#),
    .body(
      "a scope by a key of another type",
      #"""
      Sequential { Sleep("z", for: .seconds(1)) }
        .failing(on: Approved.self, \.number, equals: \.orderID) { _ in Refused() }  // error: the property of the event and the one of the State it must equal have to be of one type
      """#),
    .body(
      "a scope whose event means no error",
      #"""
      Sequential { Sleep("z", for: .seconds(1)) }
        .failing(on: Approved.self, \.orderID, equals: \.orderID) { $0.by }  // error: every such event ends the scope, so it must be an Error that is returned
      """#),
    .body(
      "a scope whose event means an error at times",
      #"""
      Sequential { Sleep("z", for: .seconds(1)) }
        .failing(on: Approved.self, \.orderID, equals: \.orderID) { $0.by == "" ? Refused() : nil }  // error: for some of them only use WaitForEvent with .failing { event in error or nil }
      """#),
    .body(
      "a sleep that is tried again", saysMore: true,
      #"""
      Sleep("a", for: .seconds(5)).retry(.never)  // error: has no member 'retry'
      """#),
  ]

  /// All ways to wait for events and to sleep.
  static let eventSpellings: [OutsideSource] = [
    .body(
      "waits with a slot",
      #"""
      WaitForEvent("by a property", \.approved, on: \.orderID, equals: \.orderID)
        .timeout(.hours(24))
        .failing { $0.by.isEmpty ? Refused() : nil }
      WaitForEvent("by a result", \.approved, on: \.orderID, equalsResult: \.ticket)
      WaitForEvent("by the id", \.approved, on: \.sagaID)
      WaitForEvent("published to it", \.approved, for: Approved.self)
      WaitForEvent("older ones", \.approved, on: \.number, equals: \.total, since: .retention)
      WaitForEvent("older by a result", \.approved, on: \.orderID, equalsResult: \.ticket, since: .retention)
      WaitForEvent("older by the id", \.approved, on: \.sagaID, since: .retention)
      WaitForEvent("older to it", \.approved, for: Approved.self, since: .retention)
      """#),
    .body(
      "waits without a slot, and a sleep",
      #"""
      WaitForEvent("by a property", for: Approved.self, on: \.orderID, equals: \.orderID)
      WaitForEvent("by a result", for: Approved.self, on: \.orderID, equalsResult: \.ticket, since: .retention)
      WaitForEvent("by the id", for: Approved.self, on: \.sagaID)
      WaitForEvent("published to it", for: Approved.self)
        .failing { event in
          if event.by == "me" { return nil }
          return Refused()
        }
        .timeout(.seconds(1))
      Sleep("a while", for: .days(3))
      """#),
    .body(
      "alternatives of a wait",
      #"""
      WaitForEvent("b", \.decision) {
        On(Approved.self, \.orderID, equals: \.orderID) { .approved(by: $0.by) }
        On(Rejected.self, \.orderID, equals: \.orderID) { .rejected($0.reason) }
        After(.hours(24)) { _ in .nobody }
      }
      WaitForEvent("c", \.decision, since: .retention) {
        On(Approved.self, \.orderID, equalsResult: \.ticket) { event in
          let by = event.by
          if by.isEmpty { throw Refused() }
          return .approved(by: by)
        }
        On(Rejected.self, \.orderID) { .rejected($0.reason) }
        On(Rejected.self) { _ in .nobody }
        After(.hours(1)) { try $0.ticket.isEmpty ? .nobody : .approved(by: $0.orderID) }
      }
      WaitForEvent("d", \.decision) { On(Approved.self) { .approved(by: $0.by) } }
        .timeout(.seconds(1))
      """#),
    .body(
      "scopes that an event ends",
      #"""
      Sequential {
        Step("pay", \.receipt) { try await bank.pay($0.total) }
        WaitForEvent("w", \.approved, for: Approved.self)
      }
      .failing(on: Rejected.self, \.orderID, equals: \.orderID) { _ in Refused() }
      .failing(on: Approved.self, \.orderID, equalsResult: \.ticket) { event in
        if event.by == "me" { return Busy() }
        return Refused()
      }
      .failing(on: Rejected.self, \.orderID) { _ in Refused() }
      .failing(on: Rejected.self) { _ in Refused() }
      Parallel("p") {
        Sequential { Sleep("z", for: .seconds(1)) }
          .failing(on: Rejected.self) { _ in Refused() }
        Sleep("y", for: .milliseconds(5))
      }
      """#),
  ]
}
