extension RecordFormat {
  /// The same record without results of these nodes; `nil` where it has none of them.
  func redacted(_ nodes: [NodeID]) -> RecordFormat? {
    var copy = self
    var isOther = false
    for index in entries.indices {
      guard let node = entries[index].entry.resultNode, nodes.contains(node) else { continue }
      let kept = entries[index].attachment.redacted
      if kept == entries[index].attachment { continue }
      copy.entries[index].attachment = kept
      isOther = true
    }
    return isOther ? copy : nil
  }
}

extension RecordFormat.Attachment {
  fileprivate var redacted: Self {
    switch self {
    case .value: .redacted
    case .scratch(let writes, let own): .scratch(writes, beside: own.redacted)
    case .event(let delivery, let value): .event(delivery, value: value.redacted)
    case .none, .error, .header, .redacted: self
    }
  }
}

extension Entry {
  /// The node whose result rides beside this.
  fileprivate var resultNode: NodeID? {
    switch self {
    case .completed(let node, _), .returnedLate(let node, _), .lateResult(let node, _),
      .delivered(let node, _),
      .answered(let node, .noFailure):
      node
    default:
      nil
    }
  }
}
