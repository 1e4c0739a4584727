/// When, and whether, a step is undone once its saga fails.
///
/// ```swift
/// Step("hold seat", \.hold) { try await seats.hold($0.seat) }
///   .compensate(.immediate) { try await seats.release($0) }
/// Step("charge", \.receipt) { try await payments.charge($0.total, key: $0.run.idempotencyKey) }
///   .compensate(.when(PaymentError.self) { !$0.isDispute }) { try await payments.refund($0) }
/// ```
///
/// Asked once for each step that has something to undo, when the saga's failure is accepted, or when the step
/// settles after that. The answer is recorded and never asked for again, also not after a crash.
public struct CompensationStrategy<State: Sendable>: Sendable {
  /// What a strategy says.
  public enum Decision: Sendable, Hashable {
    /// Undo the step at once, beside others and outside of the order.
    case now
    /// Undo the step in its turn.
    case later
    /// Leave the step as it is. It is not listed as unresolved: that was the decision.
    case never
  }

  /// What a strategy is asked about.
  public struct Question: Sendable {
    /// The name of the step.
    public let step: String
    /// Why the saga is undone.
    public let error: any Error
    /// The State the step saw, plus its own result.
    public let context: Context<State>
  }

  enum Kind: Sendable {
    case deferred
    case immediate
    case custom(@Sendable (Question) throws -> Decision)
  }

  let kind: Kind

  /// A strategy of your own.
  ///
  /// Must not take long: the saga stands still meanwhile. If it throws, the step is undone in its turn.
  public init(_ decide: @escaping @Sendable (Question) throws -> Decision) { kind = .custom(decide) }

  private init(kind: Kind) { self.kind = kind }

  /// In the ordered unwind, once everything in flight has settled. The default.
  public static var deferred: Self { Self(kind: .deferred) }

  /// As soon as the failure is accepted, all such steps together; one that settles later starts on settling.
  public static var immediate: Self { Self(kind: .immediate) }

  /// In its turn if the saga fails with such an error and the condition holds; not at all otherwise.
  public static func when<Failure: Error>(
    _ type: Failure.Type, _ condition: @escaping @Sendable (Failure) throws -> Bool = { _ in true }
  ) -> Self {
    Self { question in
      let recorded = question.error as? RecordedError
      guard let error = question.error as? Failure ?? recorded?.restored(as: type) else { return .never }
      return try condition(error) ? .later : .never
    }
  }

  /// In its turn if the condition holds; not at all otherwise.
  public static func when(
    _ condition: @escaping @Sendable (Context<State>, any Error) throws -> Bool
  ) -> Self {
    Self { try condition($0.context, $0.error) ? .later : .never }
  }
}

extension CompensationStrategy {
  /// The strategy for an engine that does not know `State`; `nil` for the default.
  var erased: ErasedStrategy? {
    switch kind {
    case .deferred: nil
    case .immediate: .immediate
    case .custom(let decide):
      .ask { box, run, error in
        let question = Question(step: run.step, error: error, context: Context(erased: box, run: run))
        // Undoing what should have stayed can be told from the log; leaving what should have been undone costs money.
        switch (try? decide(question)) ?? .later {
        case .now: return .now
        case .later: return .later
        case .never: return .never
        }
      }
    }
  }
}
