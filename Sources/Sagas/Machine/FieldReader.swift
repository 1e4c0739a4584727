/// Sets fields to what a `FieldWriter` has written.
struct FieldReader: FieldPacker {
  private var mask: UnsafePointer<UInt8>
  private var next: UnsafePointer<UInt8>
  private var bit = 0
  private var time: Timestamp

  /// Expects what was written since the same time.
  init(_ memory: UnsafePointer<UInt8>, since time: Timestamp) {
    mask = memory
    next = memory
    self.time = time
  }

  var setsFields: Bool { true }

  mutating func begin(maskBytes: Int) {
    mask = next
    next += maskBytes
    bit = 0
  }

  mutating func pass<Number: FixedWidthInteger>(_ number: inout Number) {
    number = Number(truncatingIfNeeded: take() ?? 0)
  }

  mutating func pass(_ time: inout Timestamp) {
    self.time = Timestamp(nanoseconds: self.time.nanoseconds &+ Self.unzigzag(take() ?? 0))
    time = self.time
  }

  mutating func pass(_ time: inout Timestamp?) {
    guard let value = take() else { return time = nil }
    self.time = Timestamp(nanoseconds: self.time.nanoseconds &+ Self.unzigzag(value))
    time = self.time
  }

  private static func unzigzag(_ value: UInt64) -> Int64 {
    Int64(bitPattern: (value >> 1) ^ (0 &- (value & 1)))
  }

  private mutating func take() -> UInt64? {
    defer { bit += 1 }
    guard mask[bit >> 3] & 1 << UInt8(bit & 7) != 0 else { return nil }
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = next.pointee
      next += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
  }
}
