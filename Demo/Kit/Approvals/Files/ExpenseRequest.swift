/// One entry of a file of reports: what is handed in when, and what goes wrong on the way.
struct ExpenseRequest: Hashable, Sendable {
  let report: ExpenseReport
  /// How long after the beginning it is handed in.
  let submitted: Duration
  /// When it is handed in once more, by an impatient hand.
  var submittedAgain: Duration?
  /// Whether the bank cannot pay it out.
  var isAccountClosed = false
}

extension ExpenseRequest: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case id, employee, purpose, amount, at, again, bank
  }

  init(from decoder: any Decoder) throws {
    try decoder.refuseUnknownFields(CodingKeys.self)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    report = ExpenseReport(
      id: try container.id(forKey: .id), employee: try container.text(forKey: .employee),
      purpose: try container.text(forKey: .purpose),
      amount: Money(cents: try container.number(forKey: .amount, in: 1...100_000_000)))
    submitted = try container.hours(forKey: .at)
    if container.contains(.again) { submittedAgain = try container.hours(forKey: .again) }
    isAccountClosed = try container.word(forKey: .bank, among: ["account closed"]) != nil
  }
}
