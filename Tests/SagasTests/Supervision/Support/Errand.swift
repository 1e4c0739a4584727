import SagasTesting

@testable import Sagas

/// A saga of two steps whose second one does what its State says.
struct Errand: Saga {
  let bench: Workbench
  var policy = FailurePolicy.compensate
  var limit: Duration?
  /// While closed, what fails fails.
  let repaired = Gate()
  /// While closed, what hangs hangs.
  let released = Gate()

  enum Mode: String, Codable, Sendable {
    case succeeds, fails, hangs, isBusy, isLate, leavesOpen
    /// Fails, and so does the undo of the first step.
    case failsForGood
  }

  struct State: Codable, Sendable {
    let mode: Mode
    var seconds = 1
    var seat: Int?, work: Int?
  }

  var failurePolicy: FailurePolicy { policy }
  var timeout: Duration? { limit }

  var body: some Flow<State> {
    Step("seat", \.seat) { _ in 1 }
      .compensate { _, undo in
        if undo.mode == .failsForGood, !repaired.isOpen { throw Refused() }
      }
      .compensationRetry(.fixed(retries: 1, every: .seconds(1)))
    Step("work", \.work) { context in
      switch context.mode {
      case .succeeds: try await bench.sleep(.seconds(context.seconds))
      case .fails, .failsForGood: if !repaired.isOpen { throw Refused() }
      case .leavesOpen: throw EffectUnknown(Refused())
      case .hangs: if await !released.wait() { throw CancellationError() }
      case .isBusy: throw Busy()
      case .isLate: await bench.sleepStubbornly(.seconds(context.seconds))
      }
      return 2
    }
    .retry(.fixed(retries: 2, every: .seconds(10)).only(Busy.self) { _ in true })
    .settleGrace(.seconds(1))
    .compensate { _ in bench.log.append("undo work") }
  }
}

extension Workbench {
  /// Starts an errand.
  @discardableResult
  func begin(_ id: String, _ mode: Errand.Mode, seconds: Int = 1) async throws -> SagaRun<Errand> {
    try await sagas.start(Errand.self, .init(mode: mode, seconds: seconds), id: id)
  }
}
