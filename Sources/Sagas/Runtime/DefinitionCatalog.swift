/// The registered definitions, by name and version.
final class DefinitionCatalog: Sendable {
  /// A definition, and why it starts nothing new, if it does not.
  struct Entry: Sendable {
    let program: SagaProgram
    let deprecated: String?
  }

  private struct State {
    var versions: [String: [Int: Entry]] = [:]
    /// Of each name the latest version that is not deprecated.
    var latest: [String: SagaProgram] = [:]
    /// The same for each `Saga` type that programs were made from: commonly one program.
    var latestOfType: [ObjectIdentifier: SagaProgram] = [:]
  }

  private let state = Lock(State())

  /// Throws ``SagaError`` `alreadyRegistered` for a name and version it has.
  func add(_ program: SagaProgram, deprecated: String? = nil) throws {
    let isNew = state.withLock { state in
      guard state.versions[program.name]?[program.version] == nil else { return false }
      state.versions[program.name, default: [:]][program.version] = Entry(
        program: program, deprecated: deprecated)
      guard deprecated == nil else { return true }
      Self.add(program, to: &state.latest[program.name])
      Self.add(program, to: &state.latestOfType[program.identity])
      return true
    }
    guard isNew else { throw SagaError.alreadyRegistered(program.name, program.version) }
  }

  private static func add(_ program: SagaProgram, to latest: inout SagaProgram?) {
    if latest.map({ $0.version < program.version }) ?? true { latest = program }
  }

  // MARK: Starting

  /// What a start by type starts: the version that was made from this type, whatever other versions there are.
  ///
  /// Spares asking the type for its name, which by default is made anew each time. Throws ``SagaError``: `deprecated`,
  /// or `notRegistered`.
  func startable<S: Saga>(_ type: S.Type) throws -> SagaProgram {
    if let program = state.withLock({ $0.latestOfType[ObjectIdentifier(type)] }) { return program }
    let entries = entries(named: S.name)
    let own = entries.last { $0.program.identity == ObjectIdentifier(type) }
    if let own { throw refusal(of: own) }
    throw SagaError.notRegistered(S.name, S.version, registered: entries.map(\.program.version))
  }

  /// What a start by name starts: the latest version that is not deprecated. Throws as ``startable(_:)`` does.
  func startable(named name: String) throws -> SagaProgram {
    if let program = state.withLock({ $0.latest[name] }) { return program }
    if let last = entries(named: name).last { throw refusal(of: last) }
    throw SagaError.notRegistered(name)
  }

  private func refusal(of entry: Entry) -> SagaError {
    let program = entry.program
    return .deprecated(
      program.name, program.version, entry.deprecated ?? "",
      latest: state.withLock { $0.latest[program.name]?.version })
  }

  // MARK: Finding

  /// A certain version of that name, or the one that a start by name starts; where all are deprecated, the latest.
  func entry(named name: String, version: Int? = nil) -> Entry? {
    state.withLock { state in
      if let version { return state.versions[name]?[version] }
      if let program = state.latest[name] { return Entry(program: program, deprecated: nil) }
      return state.versions[name]?.max { $0.key < $1.key }?.value
    }
  }

  /// A certain version of that name, or the one that ``entry(named:version:)`` finds; deprecated or not.
  func program(named name: String, version: Int? = nil) -> SagaProgram? {
    entry(named: name, version: version)?.program
  }

  /// All versions of a name, in their order.
  func entries(named name: String) -> [Entry] {
    state.withLock { $0.versions[name] ?? [:] }.sorted { $0.key < $1.key }.map(\.value)
  }

  /// All programs, by name: in the order of their names, and of their versions.
  var programsByName: [(name: String, programs: [SagaProgram])] {
    state.withLock { state in
      state.versions.sorted { $0.key < $1.key }.map { name, versions in
        (name, versions.sorted { $0.key < $1.key }.map(\.value.program))
      }
    }
  }
}
