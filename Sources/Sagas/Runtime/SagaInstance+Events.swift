/// How a saga takes events. The board tells it that there may be something; what it takes it looks up itself, the
/// oldest event first, and whether it has taken it is for the machine to say.
extension SagaInstance {
  /// An event on its way to the machine.
  private struct Delivery {
    let event: KeptEvent
    let node: NodeID
    let alternative: Int
  }

  // MARK: Waiting

  /// A node waits from now on: enters it at the places of all it listens for.
  func listen(_ node: NodeID) {
    guard retirement == nil, let code = program[node].wait?.value else { return }
    let mark = code.sinceRetention ? 0 : info.mark
    var isThere = false
    for place in places(of: node, code) {
      guard let place else { continue }
      listening.add(place, node)
      if engine.events.shelves.join(self, at: place, after: mark) { isThere = true }
    }
    if isThere { outbox.append(Job(saga: self, work: .events)) }
  }

  func unlisten(_ node: NodeID) {
    listening.remove(node).forEach { engine.events.shelves.leave(self, at: $0) }
  }

  /// Takes part in events no more.
  func leaveEvents() {
    listening.removeAll().forEach { engine.events.shelves.leave(self, at: $0) }
    guard holdsEvents else { return }
    holdsEvents = false
    engine.events.leave(program, mark: info.mark)
  }

  /// Where the events of each alternative lie; `nil` where its key cannot be read.
  private func places(of node: NodeID, _ code: WaitCode) -> [UInt64?] {
    let view = data.keyView(of: node, machine, program)
    let run = questionRun(node)
    return code.alternatives.map { source in
      guard let field = source.field else { return EventPlace.of(source.type, target: info.id) }
      guard let key = try? source.key?(view, run) else { return nil }
      return EventPlace.of(field, key.hash)
    }
  }

  // MARK: Taking

  /// An event was published that may be for this saga: takes what there is, and answers once that is durable.
  func take(_ offer: EventOffer) {
    takeEvents()
    guard retirement == nil, hasConsumed(offer.event) else { return offer.receipt.refuse() }
    if unwritten.isEmpty {
      confirm(offer)
    } else {
      unwritten[unwritten.count - 1].offers.append(offer)
    }
  }

  /// It is durable that the event was taken.
  func confirm(_ offer: EventOffer) {
    let consumed = data.consumed.first { $0.number == offer.event.number }
    let since = consumed.flatMap { machine[$0.node].startedAt } ?? machine.time
    offer.receipt.take(info.id, since: since, place: offer.place)
  }

  /// Gives the machine every event that something waits for, in the order of events.
  func takeEvents() {
    while let delivery = nextDelivery() {
      let entries = machine.entries
      deliver(delivery)
      // Refused: it stays where it is.
      guard machine.entries > entries else { return }
    }
  }

  /// The oldest event that one of the nodes waits for, with the node that began to wait first.
  private func nextDelivery() -> Delivery? {
    guard retirement == nil, machine.phase == .forward, !listening.isEmpty else { return nil }
    var next: Delivery?
    for node in listening.nodes.sorted(by: { (machine[$0].begun, $0) < (machine[$1].begun, $1) }) {
      guard machine[node].forward == .waiting, let code = program[node].wait?.value else { continue }
      let view = data.keyView(of: node, machine, program)
      let run = questionRun(node)
      for (alternative, place) in places(of: node, code).enumerated() {
        guard let place else { continue }
        let source = code.alternatives[alternative]
        let kept = engine.events.shelves.kept(at: place, after: code.sinceRetention ? 0 : info.mark)
        for event in kept {
          if let next, next.event.number <= event.number { break }
          guard isFor(event, node, source), let value = event.value, source.matches(value, view, run) else {
            continue
          }
          next = Delivery(event: event, node: node, alternative: alternative)
          break
        }
      }
    }
    return next
  }

  /// Whether nothing but its key could keep an event from a node. What came after the node's limit comes too late, also
  /// where nobody was there to say so.
  private func isFor(_ event: KeptEvent, _ node: NodeID, _ source: EventSource) -> Bool {
    if hasConsumed(event) { return false }
    // While the clock says that the limit has not passed, no event comes too late, also after it was set back.
    if let due = machine[node].due, min(event.time, clock.now) > due { return false }
    return event.target == info.id || event.target == nil && source.field != nil
  }

  private func hasConsumed(_ event: KeptEvent) -> Bool {
    data.consumed.contains { $0.number == event.number }
  }

  private func deliver(_ delivery: Delivery) {
    let (event, node) = (delivery.event, delivery.node)
    guard let code = program[node].wait?.value, let value = event.value else { return }
    var bytes: [UInt8]?
    if engine.keepsBytes, code.slot != nil, code.alternatives[delivery.alternative].judge == nil {
      // It was encoded when it was published, by the same codec.
      bytes = try? code.coding.encode(value, engine.configuration.codec)
    }
    process { instance, batch in
      batch.delivery = RecordFormat.Delivery(number: event.number, id: event.id)
      instance.decide(
        .delivered(node, alternative: UInt16(delivery.alternative)), .value(value, encoded: bytes), &batch)
    }
  }
}
