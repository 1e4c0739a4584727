/// How far a store is with a record when `append` returns.
public enum Durability: Sendable, Hashable {
  /// The record will survive a crash as far as this store's records do. `whenDurable` is not called.
  case durable
  /// `whenDurable` is called once, later, from any thread.
  case pending
}
