/// A long-running process made of steps; if it fails, what was done is undone by the steps' compensations.
///
/// A definition is a value: services are stored properties, ``body`` says what happens in which order.
///
/// ```swift
/// struct Checkout: Saga {
///   let payments: any PaymentService, orders: Orders
///
///   struct State: Codable, Sendable {
///     let cart: Cart
///     var receipt: Receipt?, order: Order?
///   }
///
///   var body: some Flow<State> {
///     Step("charge payment", \.receipt) { try await payments.charge($0.cart, key: $0.run.idempotencyKey) }
///       .compensate { try await payments.refund($0) }
///     Step("create order", \.order) { try await orders.create($0.cart, $0.receipt) }
///   }
///
///   func output(_ s: Context<State>) throws -> Order { try s.order }
/// }
/// ```
///
/// The body is read when the definition is registered; what is wrong with it is reported then, all of
/// it, by one ``DefinitionError``. Every instance shares the definition, so its services are used by many
/// sagas at once.
public protocol Saga: Stateful, PlainLimits, Sendable {
  /// What a completed saga yields. The `State` itself, unless `output(_:)` says otherwise.
  associatedtype Output: Codable & Sendable = State
  /// What an `output` of the saga's own returns, whether or not that can be recorded: where it is not the ``Output``,
  /// registering the saga throws. Inferred; nobody writes it.
  associatedtype StatedOutput = State
  /// The type behind `some Flow<State>`.
  associatedtype Body: Flow<State>

  /// The name the definition is recorded and found under. The name of the type, unless given.
  ///
  /// Renaming a type therefore orphans the sagas in a store, unless the old name is kept here. `/ [ ] # ~`
  /// and control characters are refused.
  static var name: String { get }

  /// The version of the definition, 1 or higher; 1 unless given.
  ///
  /// An instance stays on the version it was started with. Raise it whenever the body changes its shape, which is what
  /// ``SagaDefinition/fingerprint`` lists, and keep the former definition for the sagas that still run: as a type of
  /// its own with the same ``name``, registered beside this one.
  static var version: Int { get }

  /// The steps, in the order in which they run. A fixed plan: it must be the same in each process.
  @FlowBuilder<State> var body: Body { get }

  /// The result of the saga, read from its final `State`.
  ///
  /// Called once, after the last step; what it returns is recorded. If it throws, the saga fails as if a step
  /// named `output` had thrown, and is undone. May be called from any thread.
  func output(_ s: Context<State>) throws -> Output

  /// The same, whatever it returns: one whose result is not `Codable` is found when the saga is registered.
  func output(_ s: Context<State>) throws -> StatedOutput

  /// Retries and timeouts for steps that declare none. Empty unless given; then the orchestrator's apply.
  var defaults: StepDefaults { get }

  /// In which order steps are undone. ``CompensationOrder/reverseCompletion`` unless given.
  var compensationOrder: CompensationOrder { get }

  /// How long the saga may take from its admission on; more than zero, `nil` for no limit.
  ///
  /// Passing it is a failure of the saga, ``SagaTimedOut``, that nothing tolerates. Unless given, it is
  /// ``SagaOrchestrator/Configuration/timeout``, 24 hours by default, for a body that goes on by itself, made of steps,
  /// groups and choices, and none for others. May be declared as a `Duration` as well:
  /// `let timeout = Duration.seconds(30)`.
  var timeout: Duration? { get }

  /// What becomes of the saga when it fails. ``FailurePolicy/compensate`` unless given.
  var failurePolicy: FailurePolicy { get }

  /// How long undoing may take, from the failure on; more than zero, `nil` for no limit, which is the default.
  ///
  /// May be declared as a `Duration` as well. When it has passed, the undoes under way are asked to stop, no more
  /// begin, and the saga is stuck.
  var unwindTimeout: Duration? { get }

  /// How often a saga is recovered that does not get on; `nil` for what the configuration says, which is the default.
  ///
  /// See ``SagaOrchestrator/Configuration/recoveries``. `.max` is as good as any number of times.
  var recoveries: Int? { get }

  /// What becomes of the saga when an undo has failed for good. ``CompensationFailurePolicy/stuck`` unless
  /// given.
  var onCompensationFailure: CompensationFailurePolicy { get }

  /// Stand around every attempt of this saga's actions and undoes, the first one outermost; inside of those of the
  /// orchestrator. None unless given.
  var interceptors: [any Interceptor] { get }
}

extension Saga {
  /// The name of the type.
  public static var name: String { String(describing: Self.self) }
  /// Version 1.
  public static var version: Int { 1 }
  /// None: the orchestrator's apply.
  public var defaults: StepDefaults { StepDefaults() }
  /// The saga is held until somebody decides.
  public var onCompensationFailure: CompensationFailurePolicy { .stuck }
  /// ``CompensationOrder/reverseCompletion``.
  public var compensationOrder: CompensationOrder { .reverseCompletion }
  /// What the saga states as a plain `Duration`; else, where the body goes on by itself, what the configuration says,
  /// 24 hours by default.
  public var timeout: Duration? {
    plainTimeout ?? (body.node.tree.goesOnByItself ? UnstatedTimeout.value : nil)
  }
  /// ``FailurePolicy/compensate``.
  public var failurePolicy: FailurePolicy { .compensate }
  /// What the saga states as a plain `Duration`; else no limit.
  public var unwindTimeout: Duration? { plainUnwindTimeout }
  /// What the configuration says.
  public var recoveries: Int? { nil }
  /// None.
  public var interceptors: [any Interceptor] { [] }
}

extension Saga where Output == State {
  /// The final `State`.
  public func output(_ s: Context<State>) throws -> State { s.state }
}
