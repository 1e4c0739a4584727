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

  static func othersReports(_ id: String) -> DemoStoreError {
    DemoStoreError(
      message: "the store has '\(id)', which is not among the reports, or is another one there: "
        + "name the file of reports it came from, or another store")
  }

  static func othersDecisions(_ id: String) -> DemoStoreError {
    DemoStoreError(
      message: "the store has the decision '\(id)', which is not among the decisions, or is another one "
        + "there: name the file of decisions it came from, or another store")
  }

  static let noMinutes = DemoStoreError(
    message: "there are approvals in the store, but not the file beside it that ends in "
      + "'-\(MinutesLine.book)': put it back, or name another store")

  static let minutesNotWritten = DemoStoreError(
    message: "the file beside the store that ends in '-\(MinutesLine.book)' cannot be written: "
      + "make room for it, and call again with the same store")
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
