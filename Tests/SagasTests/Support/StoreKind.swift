import Foundation
import Sagas
import SagasSQLite

/// The stores that a test can run over, all of them without threads of their own.
enum StoreKind: String, CaseIterable, Sendable {
  /// Nothing is encoded.
  case memory
  /// Bytes in memory.
  case encoding
  #if canImport(SQLite3) || canImport(CSQLite)
  /// A database in memory.
  case sqlite
  #endif

  /// What tests run over that do not say: `SAGAS_TEST_STORE`, else bytes in memory.
  static let standard =
    ProcessInfo.processInfo.environment["SAGAS_TEST_STORE"].flatMap(StoreKind.init) ?? .encoding

  func make(keepsFinished: Bool = true) throws -> any SagaStore {
    let retention = keepsFinished ? 1_000 : 0
    switch self {
    case .memory: return InMemoryStore(retention: .last(retention))
    case .encoding: return InMemoryStore(encoding: true, retention: .last(retention))
    #if canImport(SQLite3) || canImport(CSQLite)
    case .sqlite:
      return try SQLiteStore(
        path: ":memory:", retention: .last(retention), faults: StoreFaults(), isThreaded: false)
    #endif
    }
  }
}
