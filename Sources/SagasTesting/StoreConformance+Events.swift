import Sagas

extension StoreConformance {
  /// What holds for published events.
  static let events: [StoreConformance] = [
    StoreConformance("keeps events as they were published, in the order of their numbers") { subject in
      _ = try await subject.store.claimEvents(for: 1)
      for (number, saga) in [(2, "a"), (1, nil), (5, nil)] as [(UInt64, String?)] {
        try await subject.publish(subject.event(number, saga: saga))
      }
      let stored = try await subject.store.claimEvents(for: 1)
      try subject.expect(stored.events.map(\.number) == [1, 2, 5], "numbers \(stored.events.map(\.number))")
      try subject.expect(stored.lastNumber == 5, "the last number is \(stored.lastNumber)")
      let second = stored.events[1]
      try subject.expect(
        second.id == "e2" && second.name == "Paid" && second.sagaID == "a" && stored.events[0].sagaID == nil
          && second.time == Timestamp(nanoseconds: 2) && second.bytes == Array("2".utf8),
        "not as it was published: \(second)")
    },
    StoreConformance("takes events before the earlier ones are durable, and loses none") { subject in
      _ = try await subject.store.claimEvents(for: 1)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 1...200 as ClosedRange<UInt64> {
          group.addTask { try await subject.publish(subject.event(number)) }
        }
        try await group.waitForAll()
      }
      let stored = try await subject.store.claimEvents(for: 1)
      try subject.expect(stored.events.map(\.number) == Array(1...200), "all of them")
    },
    StoreConformance("refuses an event whose number it has") { subject in
      _ = try await subject.store.claimEvents(for: 1)
      try await subject.publish(subject.event(1))
      try await subject.expectRefusal(subject.event(1), by: 1, "one number twice")
    },
    StoreConformance("takes events only from who has claimed them last") { subject in
      try await subject.expectRefusal(subject.event(1), by: 1, as: .takenOver, "nobody has claimed them")
      _ = try await subject.store.claimEvents(for: 1)
      try await subject.publish(subject.event(1))
      _ = try await subject.store.claimEvents(for: 9)
      try await subject.expectRefusal(subject.event(2), by: 1, as: .takenOver, "another has them")
      subject.store.removeEvents([1], by: 1)
      try await subject.publish(subject.event(2), by: 9)
      let stored = try await subject.store.claimEvents(for: 9)
      try subject.expect(stored.events.map(\.number) == [1, 2], "nobody else removes one")
    },
    StoreConformance("forgets events, but not which numbers they had") { subject in
      _ = try await subject.store.claimEvents(for: 1)
      for number in 1...4 as ClosedRange<UInt64> { try await subject.publish(subject.event(number)) }
      subject.store.removeEvents([1, 4, 7], by: 1)
      // Behind one more event, the removal is done.
      try await subject.publish(subject.event(5))
      subject.store.removeEvents([5], by: 1)
      try await subject.append(subject.record("a", 0))
      let stored = try await subject.store.claimEvents(for: 9)
      try subject.expect(stored.events.map(\.number) == [2, 3], "left are \(stored.events.map(\.number))")
      try subject.expect(stored.lastNumber == 5, "the last number is \(stored.lastNumber)")
    },
  ]
}

extension StoreConformance.Subject {
  func event(_ number: UInt64, saga: String? = nil) -> EventRecord {
    EventRecord(
      number: number, id: "e\(number)", name: "Paid", sagaID: saga,
      time: Timestamp(nanoseconds: Int64(number)), bytes: Array(number.description.utf8))
  }

  /// Appends an event, and returns how it went once that is known.
  func result(of event: EventRecord, by writer: UInt64) async -> Result<Void, any Error> {
    await withCheckedContinuation { continuation in
      let durability = store.append(event, by: writer) { continuation.resume(returning: $0) }
      if durability == .durable { continuation.resume(returning: .success(())) }
    }
  }

  func publish(_ event: EventRecord, by writer: UInt64 = 1) async throws {
    try await result(of: event, by: writer).get()
  }

  func expectRefusal(
    _ event: EventRecord, by writer: UInt64, as code: SagaError.Code? = nil, _ what: String
  ) async throws {
    guard case .failure(let error) = await result(of: event, by: writer) else {
      throw StoreConformance.Violation(description: what)
    }
    guard let code else { return }
    try expect((error as? SagaError)?.code == code, "\(what): refused with \(error), not \(code)")
  }
}
