/// A saga as a store hands it back.
public struct StoredSaga: Sendable {
  enum Content: Sendable {
    case log([[UInt8]])
    case image(SagaImage)
  }

  /// The id of the saga.
  public let id: String
  let content: Content

  /// A saga from the bytes of its records, in the order in which they were appended.
  public init(id: String, records: [[UInt8]]) {
    self.id = id
    content = .log(records)
  }

  init(_ image: SagaImage) {
    id = image.info.id
    content = .image(image)
  }
}
