/// A running saga that is its own record.
protocol SagaImageSource: AnyObject, Sendable {
  /// The orchestrator that runs it.
  var writer: UInt64 { get }
  /// What never changes of it.
  var info: SagaInfo { get }
  /// All there is to know at this moment.
  var image: SagaImage { get async }
  /// Stops acting, for good, and gives all there is to know; `nil` when the saga has ended or was handed over before.
  func handOver() async -> SagaImage?
}
