extension EventRecord {
  /// The name under which it is kept that a saga was started on an event; the id has the event's number and the name
  /// of the saga.
  static let startName = "~started"

  /// For a record of that name: which saga was started on which event.
  var started: (event: UInt64, saga: String)? {
    guard name == Self.startName, let slash = id.firstIndex(of: "/"), let event = UInt64(id[..<slash]) else {
      return nil
    }
    return (event, String(id[id.index(after: slash)...]))
  }
}

extension EventBoard {
  /// Sees to it that the events of the store are here, and that only this engine publishes into it.
  ///
  /// Throws ``SagaError`` `storeFailed`; the next one who comes tries again.
  func open() async throws {
    if !order.withLock({ $0.isOpen }) { try await claim() }
  }

  /// Takes the events of the store over, also where they were here before: another engine may have had them since.
  func claim() async throws {
    while await !begins() {
      // Somebody else was at it.
      if order.withLock({ $0.isOpen }) { return }
    }
    let result: Result<StoredEvents, any Error>
    do {
      result = .success(try await store.claimEvents(for: writer))
    } catch {
      result = .failure(error)
    }
    if case .success(let stored) = result { take(stored) }
    let visitors = order.withLock { order in
      if case .success(let stored) = result {
        let last = max(stored.lastNumber, stored.events.last?.number ?? 0)
        order.last = max(order.last, last)
        order.published = max(order.published, last)
        order.floor = last
        order.isOpen = true
      }
      defer { order.visitors = nil }
      return order.visitors ?? []
    }
    for visitor in visitors { visitor.resume(returning: false) }
    if case .failure(let error) = result { throw SagaError.eventsNotLoaded(cause: error) }
  }

  /// Takes the events of the store over, and lets nothing of them go until ``endRecovery()``.
  func beginRecovery() async throws {
    order.withLock { $0.recoveries += 1 }
    do {
      try await claim()
    } catch {
      order.withLock { $0.recoveries -= 1 }
      throw error
    }
  }

  /// Every saga that may want what the store had is back, or is parked, unless another recovery is under way.
  func endRecovery() {
    order.withLock { order in
      order.recoveries -= 1
      if order.recoveries == 0 { order.floor = 0 }
    }
  }

  /// Whether the caller is the one who loads the events; if not, returns when somebody has tried.
  private func begins() async -> Bool {
    await withCheckedContinuation { continuation in
      let begins = order.withLock { order in
        guard order.visitors == nil else {
          order.visitors?.append(continuation)
          return false
        }
        order.visitors = []
        order.isOpen = false
        return true
      }
      if begins { continuation.resume(returning: true) }
    }
  }

  /// Takes in what is not here yet.
  private func take(_ stored: StoredEvents) {
    // Of two records of one id the first could not be confirmed, and was published again.
    var latest: [String: UInt64] = [:]
    for record in stored.events where record.started == nil { latest[record.id] = record.number }
    let numbers = Set(stored.events.map(\.number))
    let orphans = stored.events.filter { $0.started.map { !numbers.contains($0.event) } ?? false }.map(
      \.number)
    if !orphans.isEmpty { store.removeEvents(orphans, by: writer) }
    order.withLock { order in
      for record in stored.events {
        guard let (event, saga) = record.started, numbers.contains(event) else { continue }
        if order.starts[event]?.contains(where: { $0.saga == saga }) == true { continue }
        order.starts[event, default: []].append((saga, record.number))
      }
    }
    for record in stored.events where record.started == nil {
      guard latest[record.id] == record.number else {
        store.removeEvents([record.number], by: writer)
        continue
      }
      let event = KeptEvent(
        number: record.number, id: record.id, name: record.name, target: record.sagaID, time: record.time,
        content: record.value.map { .value($0) } ?? .bytes(record.bytes))
      let isNew = order.withLock { order in
        guard order.ids[event.id] != event.number else { return false }
        order.ids[event.id] = event.number
        order.time = max(order.time, event.time)
        return true
      }
      if isNew { _ = bringOut(event, in: topic(named: event.name)) }
    }
  }
}
