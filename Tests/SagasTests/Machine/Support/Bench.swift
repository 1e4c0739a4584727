@testable import Sagas

/// A machine on the table, with the log it has written so far.
struct Bench {
  var machine: SagaMachine
  var now = Timestamp.second(0)
  private(set) var log: [(entry: Entry, time: Timestamp)] = []
  /// What `play` answers for the strategies and the order.
  var verdicts: [String: Verdict] = [:]
  var waves: [[String]] = []

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

  /// Feeds the events as a driver does: what strategies and the order are asked is answered in the same record.
  mutating func play(_ events: Event...) throws {
    for event in events {
      var actions = try send(event).actions
      while let action = actions.first {
        actions.removeFirst()
        switch action {
        case .ask(let node, .verdict):
          actions += try send(.answered(node, .verdict(verdicts[plan.name(of: node)] ?? .later))).actions
        case .ask(.root, .waves):
          for (number, wave) in waves.enumerated() {
            for name in wave where machine.isMember(plan[name]) {
              try send(.answered(plan[name], .wave(UInt16(number))))
            }
          }
          try send(.answered(.root, .waves))
        case .ask, .run, .stop, .sleep, .listen, .unlisten, .undo, .stopUndo, .sleepUndo, .tellFailure,
          .limitSaga, .limitUnwind, .settle:
          break
        }
      }
    }
  }

  /// Lets everything that is undone right now return, again and again; tells what was under way together.
  mutating func unwind(crashing: Bool = false) throws -> [[String]] {
    var rounds: [[String]] = []
    while true {
      let running = entries.compactMap { entry in
        if case .undoStarted(let node, let attempt) = entry, machine[node].undo == .running,
          machine[node].undoAttempts == attempt
        {
          node
        } else {
          nil
        }
      }
      if running.isEmpty { return rounds }
      rounds.append(running.map { plan.name(of: $0) })
      for node in running {
        if crashing { try crashAndRecover() }
        try play(.undoReturned(node, machine[node].undoAttempts))
      }
    }
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
