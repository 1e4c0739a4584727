/// What was added to the header of a log after its first form, which has a fixed list of fields.
///
/// They come behind those, in the order of their numbers: how many there are, then the number of each and its bytes. A
/// number never changes its meaning. One that a reader does not know is passed over, so a field may be added without a
/// new version of the format if a saga can be run without it; what it cannot be run without takes a new version.
enum HeaderField: UInt64, CaseIterable {
  /// The fingerprint of the plan the saga was started with, as a number.
  case fingerprint = 1

  static func write(_ fields: [(HeaderField, [UInt8])], to writer: inout ByteWriter) {
    writer.number(UInt64(fields.count))
    for (field, bytes) in fields {
      writer.number(field.rawValue)
      writer.raw(bytes)
    }
  }

  /// Those that are known.
  static func read(from reader: inout ByteReader) throws -> [(HeaderField, [UInt8])] {
    var fields: [(HeaderField, [UInt8])] = []
    for _ in 0..<(try reader.number()) {
      let number = try reader.number()
      let bytes = try reader.raw()
      if let field = HeaderField(rawValue: number) { fields.append((field, bytes)) }
    }
    return fields
  }
}

extension RecordFormat.Header {
  /// Those that have something to say.
  var fields: [(HeaderField, [UInt8])] {
    HeaderField.allCases.compactMap { field in
      switch field {
      case .fingerprint:
        fingerprint.map { fingerprint in
          var writer = ByteWriter()
          writer.number(fingerprint.value)
          return (field, writer.bytes)
        }
      }
    }
  }

  mutating func take(_ fields: [(HeaderField, [UInt8])]) throws {
    for (field, bytes) in fields {
      var reader = ByteReader(bytes)
      switch field {
      case .fingerprint: fingerprint = Fingerprint(value: try reader.number())
      }
      guard reader.isAtEnd else { throw ByteReader.Malformed(offset: bytes.count) }
    }
  }
}
