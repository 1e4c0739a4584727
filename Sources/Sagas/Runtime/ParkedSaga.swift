/// The record of a saga that cannot be run where it was handed to, without bytes: kept for whoever can.
final class ParkedSaga: SagaImageSource {
  let writer: UInt64
  let image: SagaImage
  var info: SagaInfo { image.info }
  private let isHandedOver = Lock(false)

  init(_ image: SagaImage, writer: UInt64) {
    self.image = image
    self.writer = writer
  }

  func handOver() async -> SagaImage? {
    isHandedOver.withLock { isHandedOver in
      defer { isHandedOver = true }
      return isHandedOver ? nil : image
    }
  }
}
