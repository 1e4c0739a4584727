extension Verb {
  /// The verb in the words of a record.
  func wayOut(_ plan: SagaPlan) -> JournalRecord.WayOut {
    switch self {
    case .skip(let node), .skipCompensation(let node), .resumeFrom(let node):
      JournalRecord.WayOut(verb: name, step: plan.name(of: node))
    case .cancel, .suspend, .resume, .compensate, .retry, .retryCompensation, .abandon:
      JournalRecord.WayOut(verb: name)
    }
  }
}
