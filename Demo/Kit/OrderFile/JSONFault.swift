/// Where a text stops being JSON, and why.
struct JSONFault: Error, Hashable {
  /// Counted from 1.
  let line: Int
  /// In characters, counted from 1.
  let column: Int
  let problem: String
}
