#if canImport(FoundationEssentials)
public import struct FoundationEssentials.Data
#else
public import struct Foundation.Data
#endif

extension SagaOrchestrator {
  /// Starts a saga and returns its handle at once: as soon as its creation is durable.
  ///
  /// - Parameters:
  ///   - type: the registered saga, in the version of this type.
  ///   - state: the input, and slots that are filled already.
  ///   - id: the saga's id, unique among those that run or are kept; made up when `nil`. None of `/ [ ] # ~`.
  ///   - metadata: passed along to every step and report.
  ///   - onExisting: what to do when there is a saga of this id. One may be joined where nothing may be started.
  ///   - options: what is different for this saga; kept after a crash. Not looked at where a saga is joined.
  ///
  /// Throws ``SagaError``: `notRegistered`, `deprecated`, `alreadyExists` (with the handle), `wrongType` where the saga
  /// to be joined is another one or of another version, `invalidArgument`, `notEncodable`, `admissionStopped` behind
  /// ``SagaOrchestrator/shutdown(grace:)``, or `storeFailed`. After a throw nothing of a saga runs in this process, and
  /// with two exceptions none was started: with `shutDown` the grace of a shutdown was over before the store had
  /// answered, and with `storeFailed` a store may have written what it says it could not; in both cases a saga that is
  /// there after all goes on with the next ``SagaOrchestrator/recover()``. Safe to call from any number of tasks: of
  /// several starts with one id exactly one wins.
  public nonisolated func start<S: Saga>(
    _ type: S.Type, _ state: S.State, id: String? = nil, metadata: [String: String] = [:],
    onExisting: ExistingPolicy = .fail, options: StartOptions = StartOptions()
  ) async throws -> SagaRun<S> {
    let program: SagaProgram
    do {
      program = try engine.catalog.startable(type)
    } catch let error as SagaError where error.code == .deprecated && onExisting == .join {
      return try await engine.existing(id, S.name, else: error).typed(type)
    }
    return try await engine.start(
      program, StateBox(state), id: id, metadata: metadata, onExisting: onExisting, options: options
    ).typed(type)
  }

  /// Starts a saga and returns its output.
  ///
  /// Throws what ``start(_:_:id:metadata:onExisting:options:)`` throws, ``SagaFailure`` when the saga ends otherwise
  /// than completed, and ``SagaNotFinished`` once it is suspended, stuck or parked. Cancelling the calling task does
  /// not cancel the saga.
  public nonisolated func run<S: Saga>(
    _ type: S.Type, _ state: S.State, id: String? = nil, metadata: [String: String] = [:],
    onExisting: ExistingPolicy = .fail, options: StartOptions = StartOptions()
  ) async throws -> S.Output {
    try await start(type, state, id: id, metadata: metadata, onExisting: onExisting, options: options).output
  }

  /// Starts a saga whose type is not known here, by the name of its definition, with its State as JSON.
  ///
  /// The latest version that is not deprecated is started. A saga that is joined may be of any version of that name.
  ///
  /// Throws what ``start(_:_:id:metadata:onExisting:options:)`` throws, and `undecodableInput`, which says where in the
  /// JSON something is missing or wrong.
  public nonisolated func start(
    named name: String, json: String, id: String? = nil, metadata: [String: String] = [:],
    onExisting: ExistingPolicy = .fail, options: StartOptions = StartOptions()
  ) async throws -> AnySagaRun {
    let program: SagaProgram
    do {
      program = try engine.catalog.startable(named: name)
    } catch let error as SagaError where error.code == .deprecated && onExisting == .join {
      return AnySagaRun(try await engine.existing(id, name, else: error))
    }
    let state: AnyStateBox
    do {
      state = try program.state.decode(Array(json.utf8), JSONCodec())
    } catch {
      throw SagaError.undecodableInput(name, cause: error)
    }
    return AnySagaRun(
      try await engine.start(
        program, state, id: id, metadata: metadata, onExisting: onExisting, options: options))
  }

  /// Starts a saga by name with its State as JSON data; see ``start(named:json:id:metadata:onExisting:options:)``.
  public nonisolated func start(
    named name: String, json: Data, id: String? = nil, metadata: [String: String] = [:],
    onExisting: ExistingPolicy = .fail, options: StartOptions = StartOptions()
  ) async throws -> AnySagaRun {
    try await start(
      named: name, json: String(decoding: json, as: UTF8.self), id: id, metadata: metadata,
      onExisting: onExisting, options: options)
  }
}
