/// What `crash` can be told.
struct CrashOptions: Hashable, Sendable {
  /// How many orders there are.
  var orders = 1_000
  /// Decides how long the services take.
  var seed: UInt64 = 1
  /// Where the sagas are kept; a temporary file when `nil`.
  var path: String?
  /// Whether this is the process that is killed.
  var isVictim = false

  init() {}

  /// Reads the arguments behind the command.
  ///
  /// Throws ``UsageError``.
  init(_ arguments: [String]) throws(UsageError) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      var store = StoreChoice.temporary
      switch argument {
      case "--victim": isVictim = true
      case "--orders":
        guard let text = rest.popFirst(), let count = Int(text), (2...OrderFile.limit).contains(count) else {
          throw UsageError("--orders needs a number from 2 to \(OrderFile.limit): --orders 1000")
        }
        orders = count
      case "--seed":
        guard let text = rest.popFirst(), let number = UInt64(text) else {
          throw UsageError("--seed needs a whole number from 0 on: --seed 7")
        }
        seed = number
      case _ where try store.take(argument, &rest):
        guard case .file(let path) = store else {
          throw UsageError("'crash' is about a file: leave out --in-memory")
        }
        self.path = path
      default:
        throw UsageError("unknown argument '\(argument)': use --orders N, --seed N, --store PATH or --help")
      }
    }
  }

  /// The arguments of the process that is killed.
  func victim(path: String) -> [String] {
    ["crash", "--victim", "--orders", "\(orders)", "--seed", "\(seed)", "--store", path]
  }
}
