/// Where the demo keeps its sagas.
enum StoreChoice: Hashable, Sendable {
  /// In a file of its own that goes with the process; in memory where SQLite was not found.
  case temporary
  /// In this file.
  case file(String)
  case memory

  /// Takes `--store PATH`, `--store=PATH` and `--in-memory`; `false` for anything else.
  ///
  /// Throws ``UsageError``.
  mutating func take(_ argument: String, _ rest: inout ArraySlice<String>) throws(UsageError) -> Bool {
    let prefix = "--store="
    switch argument {
    case "--in-memory":
      self = .memory
    case "--store":
      guard let path = rest.popFirst() else { throw UsageError("--store needs a file: --store shop.db") }
      self = .file(path)
    case _ where argument.hasPrefix(prefix):
      self = .file(String(argument.dropFirst(prefix.count)))
    default:
      return false
    }
    if case .file("") = self { throw UsageError("--store needs a file: --store shop.db") }
    return true
  }
}
