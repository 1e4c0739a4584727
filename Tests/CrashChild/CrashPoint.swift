import SagasSQLite

#if canImport(SQLite3) || canImport(CSQLite)
/// The journal write at which this process ends itself.
struct CrashPoint: Sendable, Equatable {
  enum Side: String, Sendable, CaseIterable {
    /// All is written, nothing is committed.
    case before
    /// It is committed, and nobody was told.
    case after
  }

  let side: Side
  /// The number of the transaction, from 1 on.
  let commit: Int

  init(_ side: Side, _ commit: Int) {
    self.side = side
    self.commit = commit
  }

  /// From `before:3`, say.
  init?(_ text: String) {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let side = Side(rawValue: String(parts[0])), let commit = Int(parts[1]) else {
      return nil
    }
    self.init(side, commit)
  }

  var description: String { "\(side.rawValue):\(commit)" }
}

extension StoreFaults {
  /// Beats at each transaction, and ends the process at one of them.
  init(_ point: CrashPoint?) {
    self.init()
    let commits = CommitCount()
    beforeCommit = {
      Pulse.beat()
      if point == CrashPoint(.before, commits.begin()) { Pulse.stop() }
    }
    afterCommit = {
      Pulse.beat()
      if point == CrashPoint(.after, commits.value) { Pulse.stop() }
    }
  }
}
#endif
