/// Reads what `ByteWriter` has written; throws where the bytes end early or cannot be right.
struct ByteReader {
  struct Malformed: Error {
    let offset: Int
  }

  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { offset == bytes.count }

  mutating func byte() throws(Malformed) -> UInt8 {
    guard offset < bytes.count else { throw Malformed(offset: offset) }
    defer { offset += 1 }
    return bytes[offset]
  }

  mutating func number() throws(Malformed) -> UInt64 {
    var result: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      let next = try byte()
      let part = UInt64(next & 0x7F)
      guard shift < 63 || part <= 1 else { throw Malformed(offset: offset) }
      result |= part << shift
      if next < 0x80 { return result }
    }
    throw Malformed(offset: offset)
  }

  mutating func signed() throws(Malformed) -> Int64 {
    let value = try number()
    return Int64(bitPattern: (value >> 1) ^ (~(value & 1) &+ 1))
  }

  mutating func small<Number: FixedWidthInteger>(_: Number.Type) throws(Malformed) -> Number {
    guard let value = Number(exactly: try number()) else { throw Malformed(offset: offset) }
    return value
  }

  mutating func raw() throws(Malformed) -> [UInt8] {
    let count = try number()
    guard count <= UInt64(bytes.count - offset) else { throw Malformed(offset: offset) }
    defer { offset += Int(count) }
    return Array(bytes[offset..<offset + Int(count)])
  }

  mutating func text() throws(Malformed) -> String {
    let start = offset
    guard let text = String(validating: try raw(), as: UTF8.self) else { throw Malformed(offset: start) }
    return text
  }
}
