/// Reads what `malloc_info` of glibc writes.
struct MallocInfoText {
  /// Bytes handed out: all that the arenas have, without what is free in them, and what was mapped apart from them.
  ///
  /// `nil` when the text is not what it should be.
  let inUse: Int?

  /// - Parameter text: XML; the totals over all arenas are those behind the last `</heap>`.
  init(_ text: String) {
    let totals = text.split(separator: "\n").reversed().prefix { !$0.contains("</heap>") }
    func size(_ start: String) -> Int? {
      guard let line = totals.first(where: { $0.hasPrefix(start) }) else { return nil }
      guard let value = line.split(separator: " size=\"").last?.prefix(while: { $0 != "\"" }) else {
        return nil
      }
      return Int(value)
    }
    guard let system = size("<system type=\"current\""), let free = size("<total type=\"rest\""),
      let fast = size("<total type=\"fast\""), let mapped = size("<total type=\"mmap\"")
    else {
      inUse = nil
      return
    }
    inUse = system - free - fast + mapped
  }
}
