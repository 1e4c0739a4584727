/// Why a report is not paid.
enum NotApproved: Error, Codable, Hashable {
  case rejected(by: String, because: String)
  case nobodyDecided

  /// What a ruling that is no approval means.
  init(_ ruling: Ruling) {
    if case .rejected(let name, let reason, _) = ruling {
      self = .rejected(by: name, because: reason)
    } else {
      self = .nobodyDecided
    }
  }
}

extension NotApproved: CustomStringConvertible {
  var description: String {
    switch self {
    case .rejected(let name, let reason): "rejected by \(name): \(reason)"
    case .nobodyDecided: "nobody decided"
    }
  }
}
