/// What happened in a test, in the order in which it happened.
package final class EventLog: Sendable {
  private let monitor = Monitor<[String]>([])

  /// An empty log.
  package init() {}

  /// All that was written so far.
  package var entries: [String] { monitor.state }

  /// Writes an entry behind those that are there.
  package func append(_ entry: String) {
    monitor.change { $0.append(entry) }
  }

  /// How many times `entry` was written.
  package func count(of entry: String) -> Int {
    entries.count { $0 == entry }
  }

  /// Where `entry` was written first; `nil` if it was not.
  package func index(of entry: String) -> Int? {
    entries.firstIndex(of: entry)
  }

  /// Whether both were written, and the first `earlier` came before the first `later`.
  package func has(_ earlier: String, before later: String) -> Bool {
    guard let first = index(of: earlier), let second = index(of: later) else { return false }
    return first < second
  }

  /// Waits until `entry` has been written `times`; `false` when the calling task was cancelled before that.
  @discardableResult
  package func waitFor(_ entry: String, times: Int = 1) async -> Bool {
    await monitor.wait { entries in entries.count { $0 == entry } >= times }
  }
}
