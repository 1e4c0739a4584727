import Synchronization

/// What the sagas of one orchestrator share. Live sagas hold on to it: they outlive a dropped orchestrator.
final class Engine: Sendable {
  let runtime: Runtime
  let configuration: SagaOrchestrator.Configuration
  let journal: Journal
  /// Whether values have to be encoded.
  let keepsBytes: Bool
  /// Whether the store keeps tables for people.
  let wantsDetails: Bool
  /// Whether encoded values are JSON.
  let writesJSON: Bool
  /// Tells this engine's records from those of another one on the same store.
  let writer: UInt64
  let catalog = DefinitionCatalog()
  let registry = Registry()
  let ready: ReadyQueue
  let deadlines: Deadlines
  let events: EventBoard
  let supervisor: SagaSupervisor
  /// `nil` where any number of sagas may run at once.
  let slots: Slots?
  /// Who watches all sagas.
  let watchers = UpdateHub()
  /// One recovery at a time: what one of them has in hand, the next one finds running, or parked.
  let recoveries = Turns()
  /// Sagas that cannot be run as they are.
  let parked = Lock<[String: SagaImage]>([:])
  private let stopping = Atomic(false)
  private let gone = Atomic(false)

  /// It is being shut down: nothing new begins.
  var isStopping: Bool { stopping.load(ordering: .acquiring) }

  /// It was shut down: nothing of it changes any more.
  var isShutDown: Bool { gone.load(ordering: .acquiring) }

  init(store: any SagaStore, configuration: SagaOrchestrator.Configuration, runtime: Runtime) {
    self.runtime = runtime
    self.configuration = configuration
    journal = Journal(store)
    keepsBytes = journal.keepsBytes
    wantsDetails = journal.keepsBytes && store.wantsDetails
    writesJSON = configuration.codec is JSONCodec
    let chance = runtime.random
    writer = chance()
    ready = ReadyQueue(runtime: runtime)
    deadlines = Deadlines(runtime: runtime, ready: ready)
    events = EventBoard(
      store: store, keepsBytes: keepsBytes, writer: writer, configuration: configuration, runtime: runtime,
      ready: ready)
    supervisor = SagaSupervisor(
      deadlines: deadlines, settings: configuration.supervision, runtime: runtime)
    slots = configuration.maxConcurrentSagas.map { [ready] in Slots(limit: $0, ready: ready) }
    supervisor.attend(to: self)
  }

  /// Lets nothing new begin, waits until what runs has settled or the grace is over, and lets go of every saga.
  func shutDown(grace: Duration) async {
    stopping.store(true, ordering: .releasing)
    events.close()
    let deadline = runtime.clock.now.advanced(by: max(grace, .zero))
    // A start that entered before this look is among them; one that enters behind it sees that it may not.
    let sagas = registry.sagas
    for saga in sagas { await saga.leave(by: deadline) }
    for saga in sagas { _ = await saga.bulletin.outcome() }
    gone.store(true, ordering: .releasing)
    supervisor.dismiss()
    deadlines.stop()
    watchers.finish()
  }

  deinit { supervisor.dismiss() }
}
