import Sagas

/// All orders as they are now; whoever draws them reads here.
actor Board {
  private(set) var rows: [OrderRow]
  /// Whether no more orders are let in.
  private(set) var isClosing = false

  private let log: @Sendable (OrderRow) -> Void

  /// - Parameters:
  ///   - requests: the orders, in the order of their rows.
  ///   - log: told of each row whose status has changed.
  init(_ requests: [OrderRequest], log: @escaping @Sendable (OrderRow) -> Void = { _ in }) {
    rows = requests.map(OrderRow.init)
    self.log = log
  }

  func show(_ update: SagaUpdate, at index: Int) {
    change(index) { $0.apply(update) }
  }

  /// An order has ended.
  func end(_ index: Int, with result: OrderResult) {
    change(index) { $0.apply(result) }
  }

  /// Lets no more orders in.
  func close() { isClosing = true }

  private func change(_ index: Int, _ body: (inout OrderRow) -> Void) {
    let before = rows[index]
    body(&rows[index])
    let row = rows[index]
    // The end is logged once the reason is known as well.
    let hasNews = row.isDone ? !before.isDone : row.status != before.status && row.status?.isTerminal == false
    if hasNews { log(row) }
  }
}
