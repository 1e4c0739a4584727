/// A point in time or none, in eight bytes instead of sixteen: of each live saga there are many.
@propertyWrapper
struct Packed: Hashable, Sendable {
  private var nanoseconds = Int64.min

  init(wrappedValue: Timestamp?) { self.wrappedValue = wrappedValue }

  var wrappedValue: Timestamp? {
    get { nanoseconds == .min ? nil : Timestamp(nanoseconds: nanoseconds) }
    set { nanoseconds = newValue?.nanoseconds ?? .min }
  }
}
