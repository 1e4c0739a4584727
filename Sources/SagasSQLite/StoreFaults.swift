#if canImport(SQLite3) || canImport(CSQLite)

/// Where a test makes a store fail, or the process end: around each transaction that writes.
package struct StoreFaults: Sendable {
  /// Everything is written, nothing is committed.
  package var beforeCommit: @Sendable () throws -> Void = {}
  /// Committed, and nobody was told. What is thrown here makes it look as if it had failed.
  package var afterCommit: @Sendable () throws -> Void = {}

  package init() {}
}
#endif
