/// What the sagas of one orchestrator share. Live sagas hold on to it: they outlive a dropped orchestrator.
final class Engine: Sendable {
  let runtime: Runtime
  let configuration: SagaOrchestrator.Configuration
  let journal: Journal
  /// Whether values have to be encoded.
  let keepsBytes: Bool
  /// Tells this engine's records from those of another one on the same store.
  let writer: UInt64
  let catalog = DefinitionCatalog()
  let registry = Registry()
  let ready: ReadyQueue
  let deadlines: Deadlines
  /// `nil` where any number of sagas may run at once.
  let slots: Slots?
  /// Who watches all sagas.
  let watchers = UpdateHub()
  /// Sagas that cannot be run as they are.
  let parked = Lock<[String: SagaImage]>([:])

  init(store: any SagaStore, configuration: SagaOrchestrator.Configuration, runtime: Runtime) {
    self.runtime = runtime
    self.configuration = configuration
    journal = Journal(store)
    keepsBytes = journal.keepsBytes
    let chance = runtime.random
    writer = chance()
    ready = ReadyQueue(runtime: runtime)
    deadlines = Deadlines(runtime: runtime, ready: ready)
    slots = configuration.maxConcurrentSagas.map { [ready] in Slots(limit: $0, ready: ready) }
  }
}
