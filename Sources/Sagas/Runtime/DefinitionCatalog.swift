/// The registered definitions, by name and version.
final class DefinitionCatalog: Sendable {
  private struct State {
    var versions: [String: [Int: SagaProgram]] = [:]
    var latest: [String: SagaProgram] = [:]
  }

  private let state = Lock(State())

  /// Throws ``SagaError`` `alreadyRegistered` for a name and version it has.
  func add(_ program: SagaProgram) throws {
    let isNew = state.withLock { state in
      guard state.versions[program.name]?[program.version] == nil else { return false }
      state.versions[program.name, default: [:]][program.version] = program
      if state.latest[program.name].map({ $0.version < program.version }) ?? true {
        state.latest[program.name] = program
      }
      return true
    }
    guard isNew else { throw SagaError.alreadyRegistered(program.name, program.version) }
  }

  /// The latest version of that name, or a certain one.
  func program(named name: String, version: Int? = nil) -> SagaProgram? {
    state.withLock { state in
      guard let version else { return state.latest[name] }
      return state.versions[name]?[version]
    }
  }
}
