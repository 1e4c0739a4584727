/// What the fields of a value are passed to, one after the other, to be written as bytes or to be set from them: both
/// go by one list of fields.
protocol FieldPacker {
  /// Whether fields are set, or only read.
  var setsFields: Bool { get }
  /// Begins a value of at most eight fields for each of so many bytes, and with these fields.
  mutating func begin(maskBytes: Int)
  mutating func pass(_ number: inout some FixedWidthInteger)
  /// Times are kept as the distance from the last one that was passed.
  mutating func pass(_ time: inout Timestamp)
  mutating func pass(_ time: inout Timestamp?)
}

extension FieldPacker {
  mutating func pass(_ flag: inout Bool) {
    var number: UInt8 = flag ? 1 : 0
    pass(&number)
    flag = number != 0
  }

  mutating func pass<Value: RawRepresentable<UInt8>>(_ value: inout Value) {
    var number = value.rawValue
    pass(&number)
    // What was written came from a value of this type.
    if let read = Value(rawValue: number) { value = read }
  }

  mutating func pass(_ cause: inout Cause?) {
    var number: UInt32 =
      switch cause {
      case nil: 0
      case .cancelled: 1
      case .deadline: 2
      case .node(let node): 3 + UInt32(node.index)
      }
    pass(&number)
    cause =
      switch number {
      case 0: nil
      case 1: .cancelled
      case 2: .deadline
      default: .node(NodeID(Int(number - 3)))
      }
  }
}
