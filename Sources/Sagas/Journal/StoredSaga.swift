/// A saga as a store hands it back.
public struct StoredSaga: Sendable {
  enum Content: Sendable {
    case log([[UInt8]])
    case image(SagaImage)
  }

  /// The id of the saga.
  public let id: String
  /// Where it stands in the order of creation.
  public let place: UInt64
  /// Its status as it was recorded last; `nil` where the store does not say.
  public let status: SagaStatus?
  let content: Content

  /// A saga from the bytes of its records, in the order in which they were appended.
  /// - Parameters:
  ///   - id: the id of the saga.
  ///   - records: the bytes of its records.
  ///   - place: where it stands in the order of creation; needed for finding sagas page by page.
  ///   - status: its status in its last record.
  public init(id: String, records: [[UInt8]], place: UInt64 = 0, status: SagaStatus? = nil) {
    self.id = id
    self.place = place
    self.status = status
    content = .log(records)
  }

  /// The bytes of its records; `nil` for one without bytes.
  package var records: [[UInt8]]? {
    if case .log(let records) = content { records } else { nil }
  }

  init(_ image: SagaImage, place: UInt64) {
    id = image.info.id
    self.place = place
    status = image.status
    content = .image(image)
  }
}
