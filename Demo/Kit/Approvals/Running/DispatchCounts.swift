/// How often each item of an agenda was published: a file may have one twice, at one time.
struct DispatchCounts: Sendable {
  private struct Key: Hashable {
    let item: Agenda.Item
    let due: Duration
  }

  private var counts: [Key: Int] = [:]

  /// Without what was typed, which stands on no agenda.
  init(_ dispatches: some Sequence<Dispatch>) {
    for dispatch in dispatches {
      if let due = dispatch.due { counts[Key(item: dispatch.item, due: due), default: 0] += 1 }
    }
  }

  /// Takes one away; whether there was one.
  mutating func take(_ item: Agenda.Item, due: Duration) -> Bool {
    guard let count = counts[Key(item: item, due: due)], count > 0 else { return false }
    counts[Key(item: item, due: due)] = count - 1
    return true
  }
}
