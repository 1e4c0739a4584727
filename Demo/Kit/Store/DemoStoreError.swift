import Sagas

/// Why the sagas cannot be kept, or looked at, where somebody wants them to be; says what to do, on one line.
struct DemoStoreError: Error, Hashable {
  let message: String

  static let notBuilt = DemoStoreError(message: DemoStore.advice)

  static func othersOrders(_ id: String) -> DemoStoreError {
    DemoStoreError(
      message: "the store has '\(id)' under way, which is not among the orders: "
        + "name the file of orders it came from, or another store")
  }
}

extension DemoStoreError: CustomStringConvertible {
  var description: String { message }
}

extension DemoStoreError {
  /// From what a store throws.
  init(_ error: any Error) {
    self.init(message: (error as? SagaError)?.message ?? String(describing: error))
  }
}
