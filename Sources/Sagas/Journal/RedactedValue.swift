/// Stands for a result that has left the store.
struct RedactedValue: Sendable {
  /// Whether a value is one of these; cheaper than a cast.
  static func isOne(_ value: any Sendable) -> Bool { type(of: value) == RedactedValue.self }
}
