import Synchronization

/// Where those outside a saga's actor wait for it and post to it: they never enter the busy actor.
final class Bulletin: Sendable {
  private struct State {
    /// Who answers for the saga.
    enum Source {
      /// Nobody yet: nobody has a handle.
      case none
      /// What runs it.
      case running(SagaInstance)
      /// It has ended, or left this process, like this.
      case ended(Shared<SagaImage>)
    }

    /// In one word: the source alone, or beside what few sagas have.
    private enum Content {
      case none
      case running(SagaInstance)
      case ended(Shared<SagaImage>)
      case rare(Boxed<Rare>)

      init(_ source: Source) {
        self =
          switch source {
          case .none: .none
          case .running(let instance): .running(instance)
          case .ended(let image): .ended(image)
          }
      }

      var source: Source {
        switch self {
        case .none: .none
        case .running(let instance): .running(instance)
        case .ended(let image): .ended(image)
        case .rare(let rare): rare.value.source
        }
      }
    }

    private var content = Content.none
    /// `suspended`, `stuck` or `parked`, while the saga stands still.
    var standstill: SagaStatus?
    /// Whether a publication of what a step said is under way.
    var isPosted = false

    var ended: Shared<SagaImage>? { if case .ended(let image) = content.source { image } else { nil } }

    var instance: SagaInstance? { if case .running(let instance) = content.source { instance } else { nil } }

    mutating func keep(_ instance: SagaInstance) { if ended == nil { answer(.running(instance)) } }

    mutating func end(_ image: Shared<SagaImage>) { answer(.ended(image)) }

    private mutating func answer(_ source: Source) {
      if case .rare = content { rare.source = source } else { content = Content(source) }
    }

    /// What a saga has that somebody waits for, or whose steps say something; made when something is put into it.
    var rare: Rare {
      get {
        if case .rare(let rare) = content { rare.value } else { Rare.none }
      }
      _modify {
        var rare = if case .rare(let rare) = content { rare } else { Boxed(Rare(source: content.source)) }
        // One owner, so that it is changed in place.
        content = .none
        defer { content = .rare(rare) }
        yield &rare.value
      }
    }

    mutating func takeOutcomeWaiters() -> [CheckedContinuation<Shared<SagaImage>, Never>] {
      if rare.outcomeWaiters.isEmpty { return [] }
      defer { rare.outcomeWaiters = [] }
      return rare.outcomeWaiters
    }

    mutating func takeSettledWaiters() -> [CheckedContinuation<SagaStatus, Never>] {
      if rare.settledWaiters.isEmpty { return [] }
      defer { rare.settledWaiters = [] }
      return rare.settledWaiters
    }
  }

  private struct Rare: Sendable {
    var source = State.Source.none
    var outcomeWaiters: [CheckedContinuation<Shared<SagaImage>, Never>] = []
    var settledWaiters: [CheckedContinuation<SagaStatus, Never>] = []
    /// What a running step said last.
    var progress: StepProgress?
    /// The scratch, by who sees it.
    var scratch: [ScratchPage: [String: ScratchValue?]] = [:]

    static let none = Rare()
  }

  private let state = Lock(State())
  private let isScratchUsed = Atomic(false)

  init() {}

  init(ended image: Shared<SagaImage>) {
    state.withLock { $0.end(image) }
  }

  // MARK: Outcome

  /// The saga as it ended, `nil` before.
  var ended: Shared<SagaImage>? { state.withLock { $0.ended } }

  /// What runs the saga; `nil` once it has ended, and before anybody has a handle.
  var instance: SagaInstance? { state.withLock { $0.instance } }

  /// Keeps what runs the saga, until its end.
  func keep(_ instance: SagaInstance) {
    state.withLock { $0.keep(instance) }
  }

  /// The saga has ended; later calls replace what is remembered, as a late result does.
  func end(_ image: Shared<SagaImage>) {
    let (outcomes, settleds) = state.withLock { state in
      state.end(image)
      state.standstill = nil
      return (state.takeOutcomeWaiters(), state.takeSettledWaiters())
    }
    for waiter in outcomes { waiter.resume(returning: image) }
    for waiter in settleds { waiter.resume(returning: image.value.status) }
  }

  /// `suspended` or `stuck`, while the saga stands still.
  var standstill: SagaStatus? { state.withLock { $0.standstill } }

  /// The saga stands still.
  func stand(still status: SagaStatus) {
    let waiters = state.withLock { state in
      state.standstill = status
      return state.takeSettledWaiters()
    }
    for waiter in waiters { waiter.resume(returning: status) }
  }

  /// The saga goes on again.
  func goOn() {
    state.withLock { $0.standstill = nil }
  }

  /// Returns on a terminal status. Not shortened by cancellation: it is the saga that ends, not the wait.
  func outcome() async -> Shared<SagaImage> {
    await withCheckedContinuation { continuation in
      let image = state.withLock { state -> Shared<SagaImage>? in
        if let ended = state.ended { return ended }
        state.rare.outcomeWaiters.append(continuation)
        return nil
      }
      if let image { continuation.resume(returning: image) }
    }
  }

  /// Returns on a terminal status, and when the saga stands still.
  func settled() async -> SagaStatus {
    await withCheckedContinuation { continuation in
      let status = state.withLock { state -> SagaStatus? in
        if let status = state.ended?.value.status ?? state.standstill { return status }
        state.rare.settledWaiters.append(continuation)
        return nil
      }
      if let status { continuation.resume(returning: status) }
    }
  }

  // MARK: Scratch

  /// Whether the scratch was ever used: most sagas never do, and then nobody takes the lock for it.
  var hasScratch: Bool { isScratchUsed.load(ordering: .acquiring) }

  /// A value as an attempt sees it: its own, else what is durable. Without one: what is accepted.
  func scratch(_ name: String, for attempt: ScratchPage?) -> ScratchValue? {
    guard hasScratch else { return nil }
    return state.withLock { state in
      guard let attempt else { return state.rare.scratch[.accepted]?[name] ?? nil }
      if let own = state.rare.scratch[attempt]?[name] { return own }
      return state.rare.scratch[.durable]?[name] ?? nil
    }
  }

  /// Sets a value for one attempt; nobody else sees it before it is recorded.
  func setScratch(_ value: ScratchValue?, _ name: String, by attempt: ScratchPage) {
    state.withLock { state in _ = state.rare.scratch[attempt, default: [:]].updateValue(value, forKey: name) }
    isScratchUsed.store(true, ordering: .releasing)
  }

  /// Takes what an attempt has set; `nil` when that is nothing.
  func takeScratch(of attempt: ScratchPage) -> [String: ScratchValue?]? {
    state.withLock { $0.rare.scratch.removeValue(forKey: attempt) }
  }

  /// The scratch as it is now recorded, though perhaps not durable: for what is asked within the same decision.
  func accept(scratch: [String: ScratchValue]) { set(scratch, on: .accepted) }

  /// The scratch as it is now durable: for attempts.
  func show(scratch: [String: ScratchValue]) { set(scratch, on: .durable) }

  private func set(_ scratch: [String: ScratchValue], on page: ScratchPage) {
    state.withLock { $0.rare.scratch[page] = scratch.mapValues { $0 } }
    isScratchUsed.store(true, ordering: .releasing)
  }

  // MARK: Progress

  /// What a running step said last.
  var progress: StepProgress? { state.withLock { $0.rare.progress } }

  /// Keeps what a step says; whether it must be seen to that it is published.
  func post(_ progress: StepProgress) -> Bool {
    state.withLock { state in
      state.rare.progress = progress
      defer { state.isPosted = true }
      return !state.isPosted
    }
  }

  /// Takes what was said, to publish it.
  func takeProgress() -> StepProgress? {
    state.withLock { state in
      state.isPosted = false
      return state.rare.progress
    }
  }
}
