import Sagas

/// The services of the shop and the orchestrator over them: the whole world of the demo.
struct Shop: Sendable {
  let requests: [OrderRequest]
  /// What is done about sagas that are stuck.
  let decision: OperatorChoice
  let clock: any SagaClock
  let payments: PaymentSandbox
  let inventory: Inventory
  let orders: Orders
  let sagas: SagaOrchestrator

  /// Opens a shop that misbehaves as its orders say.
  ///
  /// Throws `DefinitionError` when the checkout is not a valid saga.
  /// - Parameters:
  ///   - store: keeps the sagas.
  ///   - books: the payment provider's, where they outlive the process.
  init(
    requests: [OrderRequest], seed: UInt64 = 1, decision: OperatorChoice = .retry, limits: Limits = Limits(),
    runtime: Runtime = Runtime(), store: any SagaStore = InMemoryStore(), books: PaymentBooks? = nil
  ) async throws {
    let latency = Latency(seed: seed, clock: runtime.clock, executor: runtime.executor)
    let behaviours = Dictionary(requests.map { ($0.id, $0.behaviour) }) { first, _ in first }
    self.requests = requests
    self.decision = decision
    clock = runtime.clock
    payments = try PaymentSandbox(
      behaviours: behaviours, latency: latency, lateAnswer: limits.lateAnswer, books: books)
    inventory = Inventory(
      soldOut: Set(requests.filter(\.behaviour.isOutOfStock).map(\.id)), latency: latency)
    orders = Orders(requests: requests, latency: latency)
    sagas = SagaOrchestrator(store: store, runtime: runtime)
    try await sagas.register(
      Checkout(
        payments: payments, inventory: inventory, shipping: Shipping(latency: latency), orders: orders,
        limits: limits))
  }

  /// All that was booked for the orders of this shop.
  var ledger: [LedgerEntry] {
    get async {
      let mine = Set(requests.map(\.id))
      return await payments.ledger.filter { mine.contains($0.orderID) }
    }
  }

  /// Goes on with the orders that an earlier process has left; how many there are.
  ///
  /// Throws ``DemoStoreError`` when there are others among them.
  func takeUp() async throws -> Int {
    let mine = Set(requests.map(\.id))
    let unfinished = SagaFilter(status: Set(SagaStatus.allCases.filter { !$0.isTerminal }))
    for report in try await sagas.list(unfinished, limit: OrderFile.limit) where !mine.contains(report.id) {
      throw DemoStoreError.othersOrders(report.id)
    }
    return try await sagas.recover().recovered.count
  }

  /// Checks out all orders side by side.
  ///
  /// - Parameters:
  ///   - arrivals: over how long the orders come in.
  ///   - board: where to show what happens.
  /// - Returns: how each order ended, in the order of the requests.
  func checkOutAll(arrivals: Duration, board: Board) async -> [OrderResult] {
    let opening = clock.now
    let gap = min(arrivals / max(requests.count, 1), .milliseconds(150))
    return await withTaskGroup(of: (Int, OrderResult).self) { group in
      for (index, request) in requests.enumerated() {
        group.addTask {
          await waitForArrival(at: opening.advanced(by: gap * index), board)
          return (index, await checkOut(request, index, board))
        }
      }
      var results: [Int: OrderResult] = [:]
      for await (index, result) in group { results[index] = result }
      return results.sorted { $0.key < $1.key }.map(\.value)
    }
  }

  /// Waits until it is time, or the shop closes.
  private func waitForArrival(at time: Timestamp, _ board: Board) async {
    while await !board.isClosing, clock.now < time {
      try? await clock.sleep(until: min(time, clock.now.advanced(by: .milliseconds(100))))
    }
  }

  private func checkOut(_ request: OrderRequest, _ index: Int, _ board: Board) async -> OrderResult {
    guard await !board.isClosing else {
      let result = OrderResult(request, notStarted: nil)
      await board.end(index, with: result)
      return result
    }
    let result: OrderResult
    do {
      let run = try await sagas.start(
        Checkout.self, .init(cart: request.cart), id: request.id, onExisting: .join)
      if await board.isClosing { try await run.cancel() }
      async let watching: Void = show(run.updates, at: index, on: board)
      var intervention: Intervention?
      if await run.settled == .stuck { intervention = try await decide(about: run) }
      let status = await run.settled
      if status.isTerminal { await watching }
      let failure = status.isTerminal ? await run.outcome.failure : nil
      result = OrderResult(
        request, report: await run.report, failure: failure, intervention: intervention)
    } catch {
      result = OrderResult(request, notStarted: error)
    }
    await board.end(index, with: result)
    return result
  }

  private func show(_ updates: SagaUpdates, at index: Int, on board: Board) async {
    for await update in updates { await board.show(update, at: index) }
  }

  /// Undoes every checkout that is under way, and lets no new one in.
  func close(_ board: Board) async {
    await board.close()
    for request in requests where (try? await sagas.report(request.id))?.status.isSettled == false {
      try? await sagas.cancel(request.id)
    }
  }
}
