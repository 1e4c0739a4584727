/// What `inspect` can be told.
struct InspectOptions: Hashable, Sendable {
  /// The file.
  let path: String
  /// The saga to show; all when `nil`.
  var id: String?
  /// Whether to list finished ones without limit.
  var showsAll = false

  init(path: String, id: String? = nil, showsAll: Bool = false) {
    self.path = path
    self.id = id
    self.showsAll = showsAll
  }

  /// Reads the arguments behind the command.
  ///
  /// Throws ``UsageError``.
  init(_ arguments: [String]) throws(UsageError) {
    let options = arguments.filter { $0.hasPrefix("-") }
    if let unknown = options.first(where: { $0 != "--all" }) {
      throw UsageError("unknown option '\(unknown)': use --all or --help")
    }
    let names = arguments.filter { !$0.hasPrefix("-") }
    guard let path = names.first else { throw UsageError("inspect needs a file: inspect shop.db") }
    if names.count > 2 { throw UsageError("more than one saga: leave out '\(names[2])'") }
    self.init(path: path, id: names.dropFirst().first, showsAll: !options.isEmpty)
  }
}
