/// What an orchestrator takes from its surroundings: threads, time, ids and chance.
///
/// The defaults are right for an application. A test injects its own and so decides about every one of them.
public struct Runtime: Sendable {
  /// Where the tasks of the library run; `nil` for the global pool of Swift.
  public var executor: (any TaskExecutor)?
  /// The time, and waiting for it.
  public var clock: any SagaClock
  /// Makes the id of a saga that was started without one; must not repeat itself.
  public var ids: @Sendable () -> String
  /// Gives 64 random bits, for the jitter of retries and the default `ids`; called from any thread.
  public var random: @Sendable () -> UInt64

  /// Surroundings for an orchestrator; everything left out is that of an application.
  /// - Parameters:
  ///   - executor: where the tasks of the library run; `nil` for the global pool of Swift.
  ///   - clock: the time, and waiting for it.
  ///   - ids: makes the id of a saga that was started without one; by default 15 characters drawn from `random`,
  ///     75 bits.
  ///   - random: 64 random bits at a time; by default from a generator seeded by the system, not meant for secrets.
  public init(
    executor: (any TaskExecutor)? = nil, clock: any SagaClock = SystemClock(),
    ids: (@Sendable () -> String)? = nil, random: (@Sendable () -> UInt64)? = nil
  ) {
    let random = random ?? { [generator = SystemRandom()] in generator.next() }
    self.executor = executor
    self.clock = clock
    self.random = random
    self.ids = ids ?? { Self.id(from: random(), random()) }
  }

  /// Starts a task that nobody waits for by structure: the only place of the library that does.
  ///
  /// Detached, so that no task-local value and no priority of whoever happened to call reaches a saga.
  @discardableResult
  package func spawn(
    _ name: String, priority: TaskPriority? = nil,
    _ operation: sending @escaping @isolated(any) () async -> Void
  ) -> Task<Void, Never> {
    guard let executor else { return Task.detached(name: name, priority: priority, operation: operation) }
    return Task.detached(name: name, executorPreference: executor, priority: priority, operation: operation)
  }

  /// Waits, whether or not the calling task was cancelled.
  func pause(_ duration: Duration) async {
    let due = clock.now.advanced(by: duration)
    await spawn("saga pause") { [clock] in try? await clock.sleep(until: due) }.value
  }

  /// 15 characters of base 32, short enough to live inside a `String` without memory of their own.
  static func id(from first: UInt64, _ second: UInt64) -> String {
    let digits: StaticString = "0123456789abcdefghjkmnpqrstvwxyz"
    return String(unsafeUninitializedCapacity: 15) { characters in
      for place in 0..<15 {
        let bits = place < 12 ? first >> (5 * place) : second >> (5 * (place - 12))
        characters[place] = digits.utf8Start[Int(bits & 31)]
      }
      return 15
    }
  }
}
