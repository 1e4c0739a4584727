/// Something that happened, published on the event bus, which sagas wait for.
///
/// ```swift
/// struct ApprovalDecided: SagaEvent {
///   let orderID: String, approved: Bool, by: String
/// }
/// ```
///
/// A value of one of its properties says which sagas it is for: see ``WaitForEvent``. It is recorded as JSON where
/// the store is durable, and read back by later versions of the application.
public protocol SagaEvent: Codable, Sendable {
  /// The name the event is recorded and published under. The name of the type, unless given.
  ///
  /// Renaming a type orphans the events in a store, unless the old name is kept here.
  static var name: String { get }
}

extension SagaEvent {
  /// The name of the type.
  public static var name: String { String(describing: Self.self) }
}
