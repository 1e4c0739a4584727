/// Which events a ``WaitForEvent`` takes: those since its saga was created, or older ones too.
public enum EventHistory: Sendable, Hashable {
  /// Events published since the saga was created, those before the wait has begun included.
  case creation
  /// Everything that is still kept, also from before the saga was created.
  case retention
}
