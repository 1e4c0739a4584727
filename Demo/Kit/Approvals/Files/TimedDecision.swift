/// One entry of a file of decisions: what somebody decides, and when.
struct TimedDecision: Hashable, Sendable {
  let decision: Decision
  /// How long after the beginning.
  let at: Duration
}

extension TimedDecision: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case id, report, at, role = "as", by, decision, because
  }

  init(from decoder: any Decoder) throws {
    try decoder.refuseUnknownFields(CodingKeys.self)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let role = try container.word(forKey: .role, among: Role.allCases.map(\.rawValue))
    guard let word = try container.word(forKey: .decision, among: ["approve", "reject"]) else {
      throw DecodingError.keyNotFound(
        CodingKeys.decision, .init(codingPath: container.codingPath, debugDescription: ""))
    }
    var reason: String?
    if word == "reject" {
      reason = try container.text(forKey: .because)
    } else if container.contains(.because) {
      throw DecodingError.dataCorruptedError(
        forKey: .because, in: container, debugDescription: "is for \"reject\" only")
    }
    decision = Decision(
      id: try container.id(forKey: .id),
      desk: Desk(
        reportID: try container.id(forKey: .report), role: role.flatMap(Role.init(rawValue:)) ?? .manager),
      by: try container.text(forKey: .by), rejectedBecause: reason)
    at = try container.hours(forKey: .at)
  }
}
