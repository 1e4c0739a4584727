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
    sagas = InMemoryStore(retention: .all)
    path = nil
    directory = nil
  }

  private init(path: String, directory: String?) throws(DemoStoreError) {
    #if canImport(SQLite3) || canImport(CSQLite)
    do {
      // The summary of a later run tells of all of them; and an id that is free again would be started again.
      sagas = try SQLiteStore(path: path, retention: .all)
    } catch {
      throw DemoStoreError(error)
    }
    self.path = path
    self.directory = directory
    #else
    throw .notBuilt
    #endif
  }

  /// The books of somebody who keeps them beside the file; `nil` where the sagas are kept in memory.
  ///
  /// Throws ``DemoStoreError``.
  func books<Entry: BookEntry>(of entry: Entry.Type = Entry.self) throws(DemoStoreError) -> Books<Entry>? {
    guard let path else { return nil }
    return try Books(beside: path)
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
