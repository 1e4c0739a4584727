@testable import Sagas

/// A machine on the table, with the log it has written so far.
struct Bench {
  var machine: SagaMachine
  var now = Timestamp.second(0)
  private(set) var log: [(entry: Entry, time: Timestamp)] = []

  init(_ plan: SagaPlan) { machine = SagaMachine(plan: plan) }

  /// A saga that has been accepted and admitted.
  init(running plan: SagaPlan) throws {
    self.init(plan)
    try send(.create, .admit)
  }

  var plan: SagaPlan { machine.plan }
  var entries: [Entry] { log.map(\.entry) }

  /// Feeds the events, and returns what the machine made of all of them.
  @discardableResult
  mutating func send(_ events: Event...) throws -> Told { try send(events) }

  @discardableResult
  mutating func send(_ events: [Event]) throws -> Told {
    var recorder = Recorder()
    for event in events {
      let before = recorder.entries.count
      try machine.handle(event, at: now, into: &recorder)
      for entry in recorder.entries[before...] { log.append((entry, machine.time)) }
    }
    return Told(recorder.entries, recorder.actions)
  }

  mutating func wait(_ seconds: Int64) { now = now.advanced(by: .seconds(seconds)) }

  /// The machine that another process gets from the log.
  func replayed() throws -> SagaMachine {
    var copy = SagaMachine(plan: plan)
    for (entry, time) in log { try copy.apply(entry, at: time) }
    return copy
  }

  /// The process dies: what is known is what the log tells.
  @discardableResult
  mutating func crashAndRecover() throws -> Told {
    machine = try replayed()
    return try send(.recover)
  }

  /// The nodes whose undo began, in that order.
  var undoOrder: [String] {
    entries.compactMap { entry in
      if case .undoStarted(let node, 1) = entry { plan.name(of: node) } else { nil }
    }
  }
}

extension Timestamp {
  static func second(_ number: Int64) -> Timestamp { Timestamp(nanoseconds: number * 1_000_000_000) }
}
