@testable import Sagas

extension StepRun {
  /// A run outside of any engine.
  static func stub(
    step: String = "step", attempt: Int = 1, host: StubHost = StubHost()
  ) -> StepRun {
    StepRun(
      host: host, step: step, attempt: attempt, now: Timestamp(nanoseconds: 5_000_000_000), path: step)
  }
}

/// A saga without an engine: hands out its facts, and keeps the reports made to it.
final class StubHost: StepRunHost {
  let info = SagaInfo(
    id: "s-1", run: 1, kind: SagaKind(name: "Stub", version: 3),
    startedAt: Timestamp(nanoseconds: 2_000_000_000), metadata: ["trace": "t"])
  private let reports = Lock<[StepProgress]>([])

  var reported: [StepProgress] { reports.withLock { $0 } }

  func scratch(_ name: String, for run: StepRun) -> ScratchValue? { nil }
  func setScratch(_ value: ScratchValue?, _ name: String, by run: StepRun) {}

  func report(_ progress: StepProgress) { reports.withLock { $0.append(progress) } }
}
