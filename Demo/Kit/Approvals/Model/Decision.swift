import Sagas

/// What somebody has decided about a report, and how it is published.
struct Decision: Codable, Hashable, Sendable {
  /// That of the event: what comes twice under one id counts once.
  let id: String
  let desk: Desk
  /// Who decided.
  let by: String
  /// Why not; `nil` for an approval.
  var rejectedBecause: String?

  /// `approve E-1003`, say.
  var text: String { "\(rejectedBecause == nil ? "approve" : "reject") \(desk.reportID)" }

  /// Tells the sagas.
  func publish(on bus: EventBus) async throws -> PublishReport {
    if let reason = rejectedBecause {
      try await bus.publish(Rejected(desk: desk, by: by, because: reason, decision: id), id: id)
    } else {
      try await bus.publish(Approved(desk: desk, by: by, decision: id), id: id)
    }
  }
}
