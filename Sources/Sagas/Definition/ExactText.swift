/// A text in memory of just its size: of a million ids, a `String` each takes some 50 bytes more. Twelve bytes.
struct ExactText: ~Copyable, @unchecked Sendable {  // nobody writes to the bytes once they are there
  private let bytes: UnsafeMutablePointer<UInt8>
  private let count: UInt32

  init(_ text: String) {
    var text = text
    (bytes, count) = text.withUTF8 { utf8 in
      let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: utf8.count)
      if let start = utf8.baseAddress { bytes.initialize(from: start, count: utf8.count) }
      return (bytes, UInt32(utf8.count))
    }
  }

  deinit { bytes.deallocate() }

  private var utf8: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: bytes, count: Int(count)) }

  /// The text. Made anew each time.
  var string: String { String(decoding: utf8, as: UTF8.self) }

  /// Its last byte; 0 where it is empty.
  var lastByte: UInt8 { utf8.last ?? 0 }

  /// Whether it is this text.
  func equals(_ text: String) -> Bool {
    let isSame = text.utf8.withContiguousStorageIfAvailable { other in
      other.count == utf8.count && other.elementsEqual(utf8)
    }
    // Two texts may be equal, and be spelt in other bytes.
    return isSame == true || text == string
  }
}
