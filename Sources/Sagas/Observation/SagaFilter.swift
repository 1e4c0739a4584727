/// Which sagas to find: those that meet everything it states.
///
/// ```swift
/// let stuck = try await sagas.list(SagaFilter(name: "checkout", status: .stuck, metadata: ["customer": "c1"]))
/// ```
public struct SagaFilter: Sendable, Hashable {
  /// The name of the definition; `nil` for any.
  public var name: String?
  /// The version of the definition; `nil` for any.
  public var version: Int?
  /// Any of these statuses; `nil` for all.
  public var statuses: Set<SagaStatus>?
  /// What must be in the metadata, with these values; there may be more.
  public var metadata: [String: String]
  /// Accepted at this time or later.
  public var startedFrom: Timestamp?
  /// Accepted before this time.
  public var startedBefore: Timestamp?
  /// Ended at this time or later.
  public var endedFrom: Timestamp?
  /// Ended before this time.
  public var endedBefore: Timestamp?

  /// Sagas that meet all of these; what is left out does not count. Without any, all sagas.
  public init(
    name: String? = nil, version: Int? = nil, status: SagaStatus? = nil, metadata: [String: String] = [:],
    startedFrom: Timestamp? = nil, startedBefore: Timestamp? = nil, endedFrom: Timestamp? = nil,
    endedBefore: Timestamp? = nil
  ) {
    self.name = name
    self.version = version
    statuses = status.map { [$0] }
    self.metadata = metadata
    self.startedFrom = startedFrom
    self.startedBefore = startedBefore
    self.endedFrom = endedFrom
    self.endedBefore = endedBefore
  }

  /// Sagas in one of several statuses that meet all of these; what is left out does not count.
  public init(
    name: String? = nil, version: Int? = nil, status: Set<SagaStatus>, metadata: [String: String] = [:],
    startedFrom: Timestamp? = nil, startedBefore: Timestamp? = nil, endedFrom: Timestamp? = nil,
    endedBefore: Timestamp? = nil
  ) {
    self.init(
      name: name, version: version, metadata: metadata, startedFrom: startedFrom,
      startedBefore: startedBefore, endedFrom: endedFrom, endedBefore: endedBefore)
    statuses = status
  }
}

extension SagaFilter {
  /// Whether what never changes of a saga meets it.
  func accepts(
    name: String, version: Int, startedAt: Timestamp, metadata: @autoclosure () -> [String: String]
  ) -> Bool {
    if let wanted = self.name, wanted != name { return false }
    if let wanted = self.version, wanted != version { return false }
    if let from = startedFrom, startedAt < from { return false }
    if let before = startedBefore, startedAt >= before { return false }
    if self.metadata.isEmpty { return true }
    let metadata = metadata()
    return self.metadata.allSatisfy { metadata[$0.key] == $0.value }
  }

  func accepts(_ info: SagaInfo) -> Bool {
    accepts(name: info.name, version: info.version, startedAt: info.startedAt, metadata: info.metadata)
  }

  /// Whether where a saga is now meets it.
  func accepts(_ status: SagaStatus, endedAt: Timestamp?) -> Bool {
    if let statuses, !statuses.contains(status) { return false }
    if endedFrom == nil, endedBefore == nil { return true }
    guard let endedAt else { return false }
    if let from = endedFrom, endedAt < from { return false }
    if let before = endedBefore, endedAt >= before { return false }
    return true
  }

  /// The same for what a store has recorded: a saga that has not ended may be in another status than the store knows,
  /// as one that is parked here is.
  var widened: SagaFilter {
    guard let statuses, !statuses.allSatisfy(\.isTerminal) else { return self }
    var wide = self
    wide.statuses = statuses.union(SagaStatus.allCases.filter { !$0.isTerminal })
    return wide
  }
}
