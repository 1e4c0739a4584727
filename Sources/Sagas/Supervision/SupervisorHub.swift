import Synchronization

/// Those who listen to a supervisor. Costs one atomic read while nobody does.
final class SupervisorHub: Sendable {
  private struct Listener {
    weak var mailbox: SupervisorMailbox?
  }

  private let listeners = Lock<[Listener]>([])
  private let count = Atomic<Int>(0)

  /// Whether anybody may be listening.
  var isHeard: Bool { count.load(ordering: .acquiring) > 0 }

  /// Whether anybody is listening now.
  var hasListeners: Bool { isHeard && !current().isEmpty }

  /// Adds a listener; it leaves by letting go of its mailbox.
  func add(_ mailbox: SupervisorMailbox) {
    listeners.withLock { listeners in
      listeners.append(Listener(mailbox: mailbox))
      count.store(listeners.count, ordering: .releasing)
    }
  }

  func push(_ event: SupervisorEvent) {
    for mailbox in current() { mailbox.push(event) }
  }

  /// Ends the sequences of all listeners.
  func finish() {
    for mailbox in current() { mailbox.finish() }
  }

  private func current() -> [SupervisorMailbox] {
    listeners.withLock { listeners in
      listeners.removeAll { $0.mailbox == nil }
      count.store(listeners.count, ordering: .releasing)
      return listeners.compactMap(\.mailbox)
    }
  }
}
