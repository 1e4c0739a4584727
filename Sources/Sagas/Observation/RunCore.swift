/// What typed and untyped handles share: a saga, whether it runs here or is kept as it ended.
struct RunCore: Sendable {
  let info: SagaInfo
  let program: SagaProgram
  let bulletin: Bulletin
  /// Can take it up, where it is parked because it was recovered too often.
  private(set) var keeper: Engine?
  /// `nil` for a saga that is not run in this process any more: what it needed to run is not kept by its handles.
  var instance: SagaInstance? { bulletin.instance }

  init(_ instance: SagaInstance) {
    info = instance.info
    program = instance.program
    bulletin = instance.bulletin
    bulletin.keep(instance)
  }

  init(_ image: SagaImage, engine: Engine) {
    info = image.info
    program = image.program
    bulletin = Bulletin(ended: Shared(image))
    if image.parked?.code == .tooManyRecoveries { keeper = engine }
  }

  /// The handle of its type.
  ///
  /// Throws ``SagaError`` `wrongType` where it is another saga, or was made from the type of another version.
  func typed<S: Saga>(_ type: S.Type) throws -> SagaRun<S> {
    if program.identity == ObjectIdentifier(type) { return SagaRun(self) }
    guard info.name == S.name else { throw SagaError.wrongType(info.id, info.name, S.name) }
    // One that is parked, or whose definition is not here, has nothing that could be of a wrong type.
    let isReadable = !program.isUnknown && bulletin.ended?.value.parked == nil
    guard !isReadable, info.version == S.version else {
      throw SagaError.otherVersion(info.id, info.name, found: info.version, asked: S.version)
    }
    return SagaRun(self)
  }

  /// Whether it has ended, and is kept as it did.
  var hasEnded: Bool { bulletin.ended?.value.machine.phase.isTerminal == true }

  /// All there is to know now.
  func image() async -> SagaImage {
    if let ended = bulletin.ended { return ended.value }
    if let instance { return await instance.image }
    return await bulletin.outcome().value
  }

  func report() async -> SagaReport { await image().report(bulletin.progress) }

  var updates: SagaUpdates {
    SagaUpdates {
      let mailbox = UpdateMailbox(.keepNewest(64))
      if let instance {
        instance.engine.ready.submit(Job(saga: instance, work: .watch(mailbox)))
      } else {
        if let ended = bulletin.ended { mailbox.push(ended.value.update(nil)) }
        mailbox.finish()
      }
      return mailbox
    }
  }

  /// The result of a step by its name; throws where there is none, or it is of another type.
  func result<Value: Decodable>(of name: String, as type: Value.Type) async throws -> Value {
    let image = await image()
    guard let node = image.program.plan.node(named: name), image.program.plan[node].settles else {
      throw SagaError(.invalidArgument, "has no step of this name", saga: info.id, step: name)
    }
    return try value(image, node, type)
  }

  /// The result of the last step that ran and writes this slot.
  func result<Value: Decodable>(of slot: AnyKeyPath, as type: Value.Type) async throws -> Value {
    let image = await image()
    let writers = image.program.plan.all.filter { image.program[$0].slot?.keyPath == slot }
    let ran = writers.filter { image.machine[$0].effect == .completed }
      .max { image.machine[$0].order < image.machine[$1].order }
    guard let node = ran ?? writers.last else {
      throw SagaError(.invalidArgument, "no step writes \(slot)", saga: info.id)
    }
    return try value(image, node, type)
  }

  private func value<Value: Decodable>(_ image: SagaImage, _ node: NodeID, _ type: Value.Type) throws -> Value
  {
    let name = image.program.plan.name(of: node)
    guard let result = image.result(of: node) else {
      throw SagaError(
        .missing, "has no result: it is \(image.machine.status(of: node).rawValue)", saga: info.id, step: name
      )
    }
    if result.isRedacted { throw SagaError.redacted(info.id, step: name) }
    guard let value = result.value(as: type) else {
      throw SagaError(
        .wrongType, "its result is a \(result.typeName), not a \(type)", saga: info.id, step: name)
    }
    return value
  }

  func outcome<Output: Decodable & Sendable>(as type: Output.Type) async -> SagaOutcome<Output> {
    outcome(of: await bulletin.outcome().value, as: type)
  }

  private func outcome<Output: Decodable & Sendable>(
    of image: SagaImage, as type: Output.Type
  ) -> SagaOutcome<Output> {
    let failure = image.failure
    switch image.status {
    case .completed:
      if let output = image.output?.value(as: type) { return .completed(output) }
      return .failed(
        image.failure(
          with: SagaError(
            .wrongType, "its output is a \(image.output?.typeName ?? "Void"), not a \(type)", saga: info.id)))
    case .compensated where failure != nil:
      return .compensated(failure ?? image.failure(with: SagaCancelled()))
    case .compensated, .failed, .parked, .created, .running, .waiting, .compensating, .suspended, .stuck:
      return .failed(failure ?? image.failure(with: image.standstill ?? SagaError.notFound(info.id)))
    }
  }

  /// The output, or the reason why there is none.
  func output<Output: Decodable & Sendable>(as type: Output.Type) async throws -> Output {
    let status = await bulletin.settled()
    guard status != .parked, let ended = bulletin.ended else {
      throw SagaNotFinished(status: status, sagaID: info.id)
    }
    switch outcome(of: ended.value, as: type) {
    case .completed(let output): return output
    case .compensated(let failure), .failed(let failure): throw failure
    }
  }
}
