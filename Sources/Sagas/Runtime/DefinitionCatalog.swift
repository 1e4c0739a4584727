/// The registered definitions, by name and version.
final class DefinitionCatalog: Sendable {
  private struct State {
    var versions: [String: [Int: SagaProgram]] = [:]
    var latest: [String: SagaProgram] = [:]
    /// Those of `latest`, by the `Saga` type they were made from.
    var latestOfType: [ObjectIdentifier: SagaProgram] = [:]
  }

  private let state = Lock(State())

  /// Throws ``SagaError`` `alreadyRegistered` for a name and version it has.
  func add(_ program: SagaProgram) throws {
    let isNew = state.withLock { state in
      guard state.versions[program.name]?[program.version] == nil else { return false }
      state.versions[program.name, default: [:]][program.version] = program
      let former = state.latest[program.name]
      if former.map({ $0.version < program.version }) ?? true {
        if let former { state.latestOfType[former.identity] = nil }
        state.latest[program.name] = program
        state.latestOfType[program.identity] = program
      }
      return true
    }
    guard isNew else { throw SagaError.alreadyRegistered(program.name, program.version) }
  }

  /// The latest version of a saga's name, if it was made from this type. Spares asking the type for its name, which
  /// by default is made anew each time.
  func program(of type: any Saga.Type) -> SagaProgram? {
    state.withLock { $0.latestOfType[ObjectIdentifier(type)] }
  }

  /// All programs, by name: in the order of their names, and of their versions.
  var programsByName: [(name: String, programs: [SagaProgram])] {
    state.withLock { state in
      state.versions.sorted { $0.key < $1.key }.map { name, versions in
        (name, versions.sorted { $0.key < $1.key }.map(\.value))
      }
    }
  }

  /// The latest version of that name, or a certain one.
  func program(named name: String, version: Int? = nil) -> SagaProgram? {
    state.withLock { state in
      guard let version else { return state.latest[name] }
      return state.versions[name]?[version]
    }
  }
}
