/// Where events and those who wait for them meet: 48 bits that follow from the type, the property and its value.
///
/// Two keys may share a place; whether an event belongs to a wait is decided by comparing them.
enum EventPlace {
  /// Events whose property has a value of that hash.
  static func of(_ field: EventField, _ hash: UInt64) -> UInt64 {
    mixed(hash, UInt64(bitPattern: Int64((field.keyPath as AnyKeyPath).hashValue)))
  }

  /// Events of a type that are published to one saga.
  static func of(_ type: EventType, target: String) -> UInt64 {
    mixed(EventKey(target).hash, UInt64(bitPattern: Int64(type.identity.hashValue)))
  }

  private static func mixed(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = (a ^ (b &* 0x9E37_79B9_7F4A_7C15)) &* 0xBF58_476D_1CE4_E5B9
    return (product ^ (product >> 31)) >> 16
  }
}
