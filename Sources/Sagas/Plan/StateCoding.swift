/// Boxes, encodes and decodes the `State` of a saga whose type the engine does not know.
struct StateCoding: Sendable {
  /// Two programs may exchange boxes only where this is the same.
  let identity: ObjectIdentifier
  let coding: ValueCoding
  let decode: @Sendable ([UInt8], any Codec) throws -> AnyStateBox
  /// The plain value in the box.
  let value: @Sendable (AnyStateBox) -> any Codable & Sendable

  init<State: Codable & Sendable>(_ type: State.Type) {
    identity = ObjectIdentifier(type)
    coding = ValueCoding(type)
    decode = { bytes, codec in StateBox(try codec.decode(State.self, from: bytes)) }
    value = { unsafeDowncast($0, to: StateBox<State>.self).value }
  }
}
