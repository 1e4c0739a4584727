import Foundation
import Testing

/// On a machine without SQLite the store is left out, and its tests with it. Where the gate runs, that is a failure.
@Suite("SQLite was found")
struct FoundTests {
  @Test func whereItIsNeeded() {
    #if canImport(SQLite3) || canImport(CSQLite)
    let isFound = true
    #else
    let isFound = false
    #endif
    let isNeeded = ProcessInfo.processInfo.environment["SAGAS_NEEDS_SQLITE"] != nil
    #expect(isFound || !isNeeded, "install libsqlite3-dev, and build again from clean")
  }
}
