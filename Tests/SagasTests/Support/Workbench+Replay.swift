import Testing

@testable import Sagas

extension Workbench {
  /// A saga as its log gives it, read anew.
  func replayed(_ id: String) async throws -> SagaImage {
    let stored = try #require(try await sagas.engine.journal.store.load(id))
    guard case .log(let records) = stored.content else { throw Refused(why: "keeps no log") }
    let header = try SagaImage.header(id: id, records: records)
    let program = try #require(
      sagas.engine.catalog.program(named: header.name, version: header.version))
    return try SagaImage(
      id: id, records: records, header: header, program: program.with(header: header, of: id),
      codec: JSONCodec())
  }
}

extension SagaImage {
  /// All that a report says, as text; errors as the journal keeps them.
  var summary: String {
    func text(_ error: (any Error)?) -> String {
      error.map { RecordedError($0) }.map { "\($0.type) \($0.message)" } ?? "-"
    }
    func text(_ value: JournaledValue?) -> String { (try? value?.json()) ?? "-" }
    let report = report()
    var lines = ["\(report.id) \(report.name) \(report.version) \(report.status) \(report.metadata)"]
    lines.append("\(report.startedAt) \(String(describing: report.endedAt)) \(report.progress)")
    lines.append("input \(text(report.input)) output \(text(report.output)) error \(text(report.error))")
    lines.append("completed \(report.completedSteps) compensated \(report.compensatedSteps)")
    lines.append("skipped \(report.skippedSteps)")
    lines += report.failures.map { "tolerated \($0.step): \(text($0.error))" }
    lines += report.unresolved.map { "unresolved \($0.step) \($0.reason): \(text($0.error))" }
    if let failure {
      lines.append("failed in \(failure.step ?? "-"): \(text(failure.error)); undone \(failure.undone)")
      lines += failure.others.map { "other \($0.step): \(text($0.error))" }
    }
    for step in report.steps {
      let effect =
        switch step.effect {
        case nil: "-"
        case .completed(let value): "completed \(text(value))"
        case .failed(let error): "failed \(text(error))"
        case .unknown(let error): "unknown \(text(error))"
        }
      lines.append(
        "\(step.name) \(step.status) \(effect) \(step.attempts) \(step.undoAttempts) \(text(step.error)) "
          + "\(text(step.undoError)) \(String(describing: step.startedAt)) \(String(describing: step.endedAt))"
      )
    }
    return lines.joined(separator: "\n")
  }
}
