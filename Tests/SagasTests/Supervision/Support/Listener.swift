import SagasTesting

@testable import Sagas

/// Somebody who listens to a supervisor and writes down what is announced.
final class Listener: Sendable {
  /// Each announcement as text: kind, saga's id or name, step, decision.
  let log = EventLog()
  private let heard = Lock<[SupervisorEvent]>([])
  private let mailbox: SupervisorMailbox

  init(_ bench: Workbench) {
    mailbox = bench.sagas.supervisor.events.makeAsyncIterator().mailbox
    bench.simulation.runtime.spawn("listener") { [self, mailbox] in
      while let event = await mailbox.next() {
        heard.withLock { $0.append(event) }
        let parts = [event.kind.description, event.sagaID ?? event.sagaName, event.step]
        log.append(parts.compactMap { $0 }.joined(separator: " "))
      }
    }
  }

  var events: [SupervisorEvent] { heard.withLock { $0 } }

  func first(_ kind: SupervisorEvent.Kind) -> SupervisorEvent? { events.first { $0.kind == kind } }
}
