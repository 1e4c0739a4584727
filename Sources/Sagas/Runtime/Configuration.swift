extension SagaOrchestrator {
  /// Defaults for all sagas of an orchestrator. What a saga or a step says itself comes first.
  public struct Configuration: Sendable {
    /// Retries and time limit of steps whose saga and which themselves say nothing.
    public var defaults: StepDefaults
    /// How long an attempt that was asked to stop is waited for before its effect counts as unknown.
    public var settleGrace: Duration
    /// How values become bytes, where the store keeps bytes.
    public var codec: any Codec

    /// Defaults for all sagas; what is left out is as stated here.
    /// - Parameters:
    ///   - defaults: retries and time limit of steps; none of either by default.
    ///   - settleGrace: 10 seconds by default.
    ///   - codec: JSON by default.
    public init(
      defaults: StepDefaults = StepDefaults(), settleGrace: Duration = .seconds(10),
      codec: any Codec = JSONCodec()
    ) {
      self.defaults = defaults
      self.settleGrace = settleGrace
      self.codec = codec
    }
  }
}
