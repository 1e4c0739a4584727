extension EventBoard {
  /// An event that somebody wants to publish.
  struct Draft: Sendable {
    let topic: EventTopic
    let id: String
    let target: String?
    let value: any SagaEvent
    let bytes: [UInt8]
  }

  /// Publishes an event; returns once it is durable and every saga that it was offered to has recorded that it took
  /// it, or did not.
  func publish(
    _ value: any SagaEvent, _ type: EventType, in topic: EventTopic, to target: String?, id: String?
  ) async throws -> PublishReport {
    let draft = Draft(
      topic: topic, id: id ?? runtime.ids(), target: target, value: value,
      bytes: keepsBytes ? try encode(value, type) : [])
    while true {
      switch try await withCheckedThrowingContinuation({ enter(draft, $0) }) {
      case .closed: try await open()
      case .free: continue
      case .duplicate: return PublishReport(eventID: draft.id, isDuplicate: true)
      case .published(let receipt, let isKept):
        #if TSAN
        // A continuation that a thread of the store resumes hands over what that thread has made. ThreadSanitizer does
        // not see that; it sees the lock, which that thread has taken since.
        order.withLock { _ in }
        #endif
        var report = PublishReport(eventID: draft.id, isKept: isKept)
        await receipt.complete(&report)
        return report
      }
    }
  }

  private func encode(_ value: any SagaEvent, _ type: EventType) throws -> [UInt8] {
    do {
      return try type.encode(value, codec)
    } catch {
      throw SagaError.eventNotEncodable(type.name, cause: error)
    }
  }

  /// Gives an event its number and hands it to the store; whoever publishes it is told what became of it.
  private func enter(_ draft: Draft, _ publisher: CheckedContinuation<EventOrder.Verdict, any Error>) {
    let now = runtime.clock.now
    let (record, verdict) = order.withLock { order -> (EventRecord?, EventOrder.Verdict?) in
      guard order.isOpen else { return (nil, .closed) }
      if let number = order.ids[draft.id] {
        guard let place = order.pendingPlace(number) else { return (nil, .duplicate) }
        order.pending[place].rivals.append(publisher)
        return (nil, nil)
      }
      let (number, time) = order.next(at: now)
      let event = KeptEvent(
        number: number, id: draft.id, name: draft.topic.name, target: draft.target, time: time,
        content: .value(draft.value))
      order.ids[draft.id] = number
      order.pending.append(EventOrder.Pending(event: event, topic: draft.topic, publisher: publisher))
      let record = EventRecord(
        number: number, id: event.id, name: event.name, sagaID: event.target, time: time,
        bytes: draft.bytes, value: draft.value)
      return (record, nil)
    }
    if let verdict { publisher.resume(returning: verdict) }
    guard let record else { return }
    let durability = store.append(record, by: writer) { self.settle(record.number, $0) }
    if durability == .durable { settle(record.number, .success(())) }
  }

  /// The store has answered. What is durable is brought out in the order of numbers, by one at a time: two events of
  /// one key cannot overtake each other.
  private func settle(_ number: UInt64, _ outcome: Result<Void, any Error>) {
    let drains = order.withLock { order in
      guard let place = order.pendingPlace(number), order.pending[place].outcome == nil else { return false }
      order.pending[place].outcome = outcome
      guard !order.isDraining else { return false }
      order.isDraining = true
      return true
    }
    guard drains else { return }
    while let (pending, outcome) = order.withLock({ $0.takeSettled() }) {
      switch outcome {
      case .success:
        let receipt = bringOut(pending.event, in: pending.topic)
        let isKept = !purge(pending.event.number)
        pending.publisher.resume(returning: .published(receipt, isKept: isKept))
        for rival in pending.rivals { rival.resume(returning: .duplicate) }
      case .failure(let error):
        // It may be there all the same, and must not come back once it was published again.
        store.removeEvents([pending.event.number], by: writer)
        pending.publisher.resume(throwing: SagaError.notPublished(pending.event.id, cause: error))
        for rival in pending.rivals { rival.resume(returning: .free) }
      }
    }
  }

  /// Keeps an event and tells everybody who has to know of it.
  func bringOut(_ event: KeptEvent, in topic: EventTopic) -> PublishReceipt {
    let audience = topic.insert(event, shelves, codec)
    let receipt = PublishReceipt(offers: audience.sagas.count + audience.starts.count)
    for (place, saga) in audience.sagas.enumerated() {
      ready.submit(Job(saga: saga, work: .offer(EventOffer(event: event, receipt: receipt, place: place))))
    }
    for reader in audience.readers { reader.push(event) }
    for start in audience.starts { perform(start, event, receipt) }
    return receipt
  }

  // MARK: Starting sagas

  /// Has a saga started on every event of a topic, those that are kept included.
  func add(_ start: EventStart, to topic: EventTopic) {
    for event in topic.add(start) { perform(start, event, nil) }
  }

  private func perform(_ start: EventStart, _ event: KeptEvent, _ receipt: PublishReceipt?) {
    runtime.spawn("saga start on event") {
      let started = self.order.withLock { $0.starts[event.number]?.map(\.saga) ?? [] }
      var receipt = receipt
      while !started.contains(start.saga) {
        switch await start.perform(event) {
        case .started(let id):
          await self.record(start, event)
          receipt?.start(id)
          return
        case .later:
          // Who published does not wait for what may take long.
          receipt?.refuse()
          receipt = nil
          await self.runtime.pause(.seconds(1))
        case .never:
          receipt?.refuse()
          return
        }
      }
      receipt?.refuse()
    }
  }

  /// Records that a saga was started on an event, for as long as the event is kept: the saga itself may end and be
  /// dropped before that.
  private func record(_ start: EventStart, _ event: KeptEvent) async {
    while true {
      let now = runtime.clock.now
      let record = order.withLock { order -> EventRecord? in
        guard order.ids[event.id] == event.number, !order.isClosing else { return nil }
        let (number, time) = order.next(at: now)
        return EventRecord(
          number: number, id: "\(event.number)/\(start.saga)", name: EventRecord.startName, sagaID: nil,
          time: time, bytes: [])
      }
      guard let record else { return }
      let failure = await withCheckedContinuation { continuation in
        let durability = store.append(record, by: writer) { result in
          if case .failure(let error) = result {
            continuation.resume(returning: error as (any Error)?)
          } else {
            continuation.resume(returning: nil)
          }
        }
        if durability == .durable { continuation.resume(returning: nil) }
      }
      // Another engine has the store now, and has seen the saga there.
      guard let failure, (failure as? SagaError)?.code != .takenOver else {
        let isKept = order.withLock { order in
          guard order.ids[event.id] == event.number else { return false }
          order.starts[event.number, default: []].append((start.saga, record.number))
          return true
        }
        // The event was let go meanwhile.
        if !isKept { store.removeEvents([record.number], by: writer) }
        return
      }
      await runtime.pause(.seconds(1))
    }
  }
}
