/// Closed at first; whoever waits at it goes on when it is opened.
///
/// For holding a step at a known point. Once open it stays open.
package final class Gate: Sendable {
  private struct State: Sendable {
    var isOpen = false
    var arrivals = 0
  }

  private let monitor = Monitor(State())

  /// A closed gate.
  package init() {}

  /// A gate that was open from the beginning.
  package static var opened: Gate {
    let gate = Gate()
    gate.open()
    return gate
  }

  /// Whether the gate is open.
  package var isOpen: Bool { monitor.state.isOpen }

  /// How many have come to the gate so far, gone on or not.
  package var arrivals: Int { monitor.state.arrivals }

  /// Lets everybody through who waits and who comes later.
  package func open() {
    monitor.change { $0.isOpen = true }
  }

  /// Waits for the gate to be open: `true`; `false` when the calling task was cancelled before that.
  @discardableResult
  package func wait() async -> Bool {
    monitor.change { $0.arrivals += 1 }
    return await monitor.wait { $0.isOpen }
  }

  /// Waits until `count` have come to the gate; `false` when the calling task was cancelled before that.
  @discardableResult
  package func waitForArrivals(atLeast count: Int) async -> Bool {
    await monitor.wait { $0.arrivals >= count }
  }
}
