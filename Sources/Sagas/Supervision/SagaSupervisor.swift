/// Watches over the sagas of an orchestrator.
///
/// It announces what goes wrong (``events``), counts (``statistics()``), looks for sagas that do not get on, and does
/// about them what its ``SupervisorPolicy`` says, by the same commands a user has. How it does that, and how often, is
/// in ``SagaOrchestrator/Configuration/Supervision``. What it has to do from time to time it does only where that makes
/// a difference: without live sagas, or without anybody who listens and a policy that acts, it does nothing at all.
///
/// It also owns the one deadline heap that all timeouts, graces and backoffs of all sagas share, and the one task that
/// sleeps until the earliest of them.
public actor SagaSupervisor {
  /// What it watches over; weak, because that owns it.
  private struct Charge: Sendable {
    weak var engine: Engine?
  }

  nonisolated let deadlines: Deadlines
  nonisolated let settings: SagaOrchestrator.Configuration.Supervision
  nonisolated let clock: any SagaClock
  nonisolated let hub = SupervisorHub()
  nonisolated let admission: Admission
  private nonisolated let rounds: Rounds
  private nonisolated let charge = Lock(Charge())
  /// What it remembers of sagas it has found fault with.
  var attention: [String: Attention] = [:]
  /// Where the next state check begins: the number of a shard of the registry.
  var nextShard = 0

  init(
    deadlines: Deadlines, settings: SagaOrchestrator.Configuration.Supervision, runtime: Runtime
  ) {
    self.deadlines = deadlines
    self.settings = settings
    clock = runtime.clock
    admission = Admission(settings)
    rounds = Rounds(runtime: runtime)
  }

  /// What it watches over; `nil` once that is gone.
  nonisolated var engine: Engine? { charge.withLock { $0.engine } }

  /// Begins to watch.
  nonisolated func attend(to engine: Engine) { charge.withLock { $0.engine = engine } }

  /// Stops watching: there is nothing left.
  nonisolated func dismiss() {
    rounds.end()
    hub.finish()
  }

  // MARK: Announcing

  /// What happens to the sagas and is found out about them, from the beginning of each iteration on.
  ///
  /// What sagas say of themselves is announced once it is durable, and before anybody who awaits their outcome learns
  /// it. What is found in one look at many sagas comes in the order of their creation.
  public nonisolated var events: SupervisorEvents {
    SupervisorEvents { [weak self] in
      let mailbox = SupervisorMailbox()
      guard let self, engine != nil else {
        mailbox.finish()
        return mailbox
      }
      hub.add(mailbox)
      begin()
      return mailbox
    }
  }

  /// Lets sagas of this name be started again, and begins the row of their failures anew. Harmless for any other name.
  public func resetAdmission(_ name: String) { admission.reset(name) }

  // MARK: What sagas tell

  /// A saga begins, or goes on after a crash.
  nonisolated func begin() {
    guard hub.isHeard || settings.policy.acts, let engine else { return }
    for duty in Duty.allCases {
      if let interval = interval(of: duty), isNeeded(duty, engine) {
        rounds.begin(duty, every: interval, by: self)
      }
    }
  }

  /// A saga has ended, or got stuck.
  nonisolated func note(_ saga: SagaInstance, _ status: SagaStatus, at time: Timestamp) {
    let info = saga.info
    if status.isTerminal { saga.program.tally.end(info, status, at: time) }
    let finding = admission.note(info, status, at: time)
    guard finding != .nothing, hub.isHeard else { return }
    hub.push(SupervisorEvent(.failureThresholdReached, at: time, name: info.name))
    if finding == .stopped { hub.push(SupervisorEvent(.admissionStopped, at: time, name: info.name)) }
  }

  // MARK: Duties

  private nonisolated func interval(of duty: Duty) -> Duration? {
    switch duty {
    case .check: settings.checkInterval
    case .heartbeat: settings.heartbeat
    case .stateCheck: settings.stateCheck
    }
  }

  private nonisolated func isNeeded(_ duty: Duty, _ engine: Engine) -> Bool {
    switch duty {
    case .check: (settings.policy.acts || hub.hasListeners) && engine.registry.count > 0
    case .heartbeat: hub.hasListeners
    case .stateCheck: hub.hasListeners && engine.registry.count > 0
    }
  }

  /// Does a duty, if it is needed still; whether it is.
  func goOn(with duty: Duty) async -> Bool {
    guard let engine else { return false }
    // The end of an engine ends the rounds: it must not come while these are asked.
    let goesOn = withExtendedLifetime(engine) { rounds.goesOn(duty) { isNeeded(duty, engine) } }
    guard goesOn else { return false }
    switch duty {
    case .check: await check(engine)
    case .heartbeat:
      hub.push(SupervisorEvent(.heartbeat, at: clock.now, statistics: await statistics()))
    case .stateCheck: await compare(engine)
    }
    return true
  }

  // MARK: Deadlines

  /// When the next timeout, grace or backoff of any saga is due; `nil` when nothing is.
  ///
  /// Approximate towards the past: a deadline that has become void may still be listed until its time has come.
  public nonisolated var nextDeadline: Timestamp? { deadlines.earliest }

  /// How many sagas have something due at some time.
  public nonisolated var sagasWithDeadline: Int { deadlines.count }
}
