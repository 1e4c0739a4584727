/// What stands under its own id in a table.
protocol Identified {
  /// ``SagaInfo/hash(_:)`` of its id.
  var idHash: UInt32 { get }
  /// Whether this is its id, which never changes.
  func hasID(_ id: String) -> Bool
}
