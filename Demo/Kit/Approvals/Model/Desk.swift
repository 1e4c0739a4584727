/// Where a report lies while somebody makes up their mind: what a decision is addressed to.
///
/// The key of the events, so that a decision of the manager's does not answer for the director.
struct Desk: Codable, Hashable, Sendable {
  let reportID: String
  let role: Role
}
