/// What the supervisor does about a saga that stalls or is suspended.
///
/// It is asked at each check, with the saga's report, as long as the saga stalls or is suspended, and acts by the same
/// commands a user has. The saga's own `timeout` and `failurePolicy` come first and are not changed by it. It does not
/// ask why a saga is suspended; a closure can spare those that were suspended by hand: they have no `error`.
///
/// ```swift
/// SupervisorPolicy { report in report.canRecover ? .resume(attempts: 3) : .leave }
/// ```
public struct SupervisorPolicy: Sendable {
  /// What to do about one saga.
  public enum Decision: Sendable, Hashable {
    /// Resume it where it ``SagaReport/canRecover``, at most so many times in this process.
    case resume(attempts: Int)
    /// Cancel it: what was done is undone.
    case cancel
    /// Do nothing.
    case leave
  }

  let decide: @Sendable (SagaReport) -> Decision
  /// Whether it may ever do anything.
  let acts: Bool

  private init(acts: Bool, _ decide: @escaping @Sendable (SagaReport) -> Decision) {
    self.acts = acts
    self.decide = decide
  }

  /// A policy of one's own.
  /// - Parameter decide: given the report of a saga that stalls (`running` or `compensating`) or is `suspended`. Asked
  ///   at each check anew; it must not take long.
  public init(_ decide: @escaping @Sendable (SagaReport) -> Decision) { self.init(acts: true, decide) }

  /// Does nothing; stalls are announced all the same.
  public static let leave = SupervisorPolicy(acts: false) { _ in .leave }

  /// Cancels every saga that stalls or is suspended.
  public static let cancel = SupervisorPolicy { _ in .cancel }

  /// Resumes every suspended saga of which nothing is unresolved, each at most so many times in this process, one
  /// check apart. Leaves those that stall: nothing of them is held.
  public static func resume(attempts: Int) -> SupervisorPolicy {
    SupervisorPolicy { _ in .resume(attempts: attempts) }
  }
}
