#if canImport(SQLite3) || canImport(CSQLite)
import Sagas
import SagasSQLite
import SagasTesting
import Testing

/// Every sentence of the contract, on every store there is.
@Suite("Store conformance")
struct StoreConformanceTests {
  @Test(arguments: StoreConformance.all)
  func inMemory(_ check: StoreConformance) async throws {
    try await check.check(InMemoryStore(encoding: true))
  }

  @Test(arguments: StoreConformance.all)
  func sqlite(_ check: StoreConformance) async throws {
    let file = try TemporaryFile()
    let store = try SQLiteStore(path: file.path, durability: .normal)
    try await check.check(store)
    await store.close()
  }

  @Test(arguments: StoreConformance.all)
  func sqliteWithoutThread(_ check: StoreConformance) async throws {
    try await check.check(SQLiteStore(path: ":memory:", faults: StoreFaults(), isThreaded: false))
  }
}
#endif
