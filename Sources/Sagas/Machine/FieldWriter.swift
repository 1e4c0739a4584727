/// Writes fields: a bit for each that is not zero or `nil`, then what those are, as base-128 varints.
struct FieldWriter: FieldPacker {
  /// No field takes more.
  static var longestField: Int { 10 }

  private let room: UnsafeMutableBufferPointer<UInt8>
  /// How many bytes were written.
  private(set) var count = 0
  /// Where the bits of the present value are.
  private var mask = 0
  private var bit = 0
  private var time: Timestamp

  /// Writes into memory in which there is room for all that will be passed.
  init(_ room: UnsafeMutableBufferPointer<UInt8>, since time: Timestamp) {
    self.room = room
    self.time = time
  }

  var setsFields: Bool { false }

  mutating func begin(maskBytes: Int) {
    mask = count
    bit = 0
    for _ in 0..<maskBytes { byte(0) }
  }

  mutating func pass(_ number: inout some FixedWidthInteger) {
    put(UInt64(truncatingIfNeeded: number), isThere: number != 0)
  }

  mutating func pass(_ time: inout Timestamp) {
    let distance = Self.zigzag(time.nanoseconds &- self.time.nanoseconds)
    put(distance, isThere: distance != 0)
    self.time = time
  }

  mutating func pass(_ time: inout Timestamp?) {
    put(time.map { Self.zigzag($0.nanoseconds &- self.time.nanoseconds) } ?? 0, isThere: time != nil)
    if let time { self.time = time }
  }

  private static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value << 1) ^ (value >> 63)) }

  private mutating func put(_ value: UInt64, isThere: Bool) {
    defer { bit += 1 }
    guard isThere else { return }
    room[mask + (bit >> 3)] |= 1 << UInt8(bit & 7)
    var rest = value
    while rest >= 0x80 {
      byte(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    byte(UInt8(rest))
  }

  private mutating func byte(_ value: UInt8) {
    room.initializeElement(at: count, to: value)
    count += 1
  }
}
