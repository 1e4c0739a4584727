/// Who decides about a report: the manager first, the director when the manager does not.
enum Role: String, Codable, Hashable, Sendable, CaseIterable {
  case manager, director
}
