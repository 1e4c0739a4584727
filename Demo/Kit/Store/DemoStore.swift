import Foundation
import Sagas
import SagasSQLite

/// The store of a run of the demo, and what lies beside it.
struct DemoStore: Sendable {
  #if canImport(SQLite3) || canImport(CSQLite)
  /// Whether sagas can be kept in a file.
  static let isDurable = true
  #else
  static let isDurable = false
  #endif

  /// For whoever has no SQLite.
  static let advice =
    "SQLite was not found when this was built, so sagas are kept in memory only: install libsqlite3-dev "
    + "(apt-get) or sqlite-devel (dnf), and build again from clean"

  let sagas: any SagaStore
  /// The payment provider's books; `nil` where the sagas are kept in memory.
  let books: PaymentBooks?
  /// The file; `nil` where the sagas are kept in memory.
  let path: String?
  /// What goes at the end.
  private let directory: String?

  /// Opens, or makes, a store.
  ///
  /// Throws ``DemoStoreError``.
  init(_ choice: StoreChoice) throws(DemoStoreError) {
    switch choice {
    case .memory: self.init()
    case .file(let path): try self.init(path: path, directory: nil)
    case .temporary where !Self.isDurable: self.init()
    case .temporary:
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sagas-demo-\(UUID())")
      do {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      } catch {
        throw DemoStoreError(error)
      }
      let path = folder.appendingPathComponent("sagas.db").path
      try self.init(path: path, directory: folder.path)
    }
  }

  private init() {
    sagas = InMemoryStore()
    books = nil
    path = nil
    directory = nil
  }

  private init(path: String, directory: String?) throws(DemoStoreError) {
    #if canImport(SQLite3) || canImport(CSQLite)
    do {
      sagas = try SQLiteStore(path: path)
      books = try PaymentBooks(beside: path)
    } catch {
      throw DemoStoreError(error)
    }
    self.path = path
    self.directory = directory
    #else
    throw .notBuilt
    #endif
  }

  /// Lets go of the file, so that another process may have it.
  func release() async {
    #if canImport(SQLite3) || canImport(CSQLite)
    await (sagas as? SQLiteStore)?.close()
    #endif
  }

  /// Lets go of the file, and takes a temporary one away.
  func close() async {
    await release()
    if let directory { try? FileManager.default.removeItem(atPath: directory) }
  }
}
