import Sagas

struct Telemetry: Interceptor {
  let clock: any SagaClock
  let log: @Sendable (String) -> Void
  let measure: @Sendable (_ timer: String, _ labels: [String: String], Duration) -> Void
  let span: @Sendable (_ name: String, _ work: () async throws -> Void) async throws -> Void

  func attempt(_ run: StepRun, _ next: @Sendable () async throws -> Void) async throws {
    try await watch("attempt", run, next)
  }

  func undo(_ run: StepRun, _ next: @Sendable () async throws -> Void) async throws {
    try await watch("undo", run, next)
  }

  func saga(_ id: String, from: SagaStatus, to: SagaStatus) async {
    log("saga \(id): \(from) -> \(to)")
  }

  private func watch(_ kind: String, _ run: StepRun, _ next: () async throws -> Void) async throws {
    let began = clock.now
    func ended(_ result: String) {
      let took = began.duration(to: clock.now)
      measure("saga.\(kind)", ["saga": run.sagaName, "step": run.step, "result": result], took)
      log("\(kind) \(run.attempt) of '\(run.step)' in saga \(run.sagaID): \(result) after \(took)")
    }
    do {
      try await span("\(run.sagaName) \(kind) \(run.step)", next)
      ended("ok")
    } catch {
      ended(String(describing: type(of: error)))
      throw error
    }
  }
}
