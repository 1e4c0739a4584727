import Foundation
import Sagas

extension DemoProgram {
  func crash(_ options: CrashOptions) async throws -> ExitCode {
    guard DemoStore.isDurable else { throw DemoStoreError.notBuilt }
    let requests = CrashOrders.make(options.orders)
    if options.isVictim { return try await work(requests, options) }
    guard let program = Victim.program else { return .notReconciled }
    if let path = options.path, FileManager.default.fileExists(atPath: path) {
      throw DemoStoreError(message: "\(path): is there already; name a new file")
    }

    let store = try DemoStore(options.path.map(StoreChoice.file) ?? .temporary)
    let path = store.path ?? ""
    // The victim writes to it now.
    await store.release()
    output.write("Checking out \(options.orders) orders in a process of their own, kept in \(path)\n")
    let half = options.orders / 2
    guard try Victim.run(program, options.victim(path: path), untilEnded: half) else {
      errors.write("Demo: the process ended before it could be killed\n")
      return .notReconciled
    }
    output.write("When \(half) had ended it was killed (SIGKILL).\n\n")
    return try await goOn(requests, options, path, store)
  }

  /// What the victim does: a line for each order that has ended.
  private func work(_ requests: [OrderRequest], _ options: CrashOptions) async throws -> ExitCode {
    let store = try DemoStore(.file(options.path ?? ""))
    let shop = try await Shop(
      requests: requests, seed: options.seed, store: store.sagas, books: store.books())
    let output = output
    let board = Board(requests) { row in
      if row.isDone { output.write(row.id + "\n") }
    }
    _ = await shop.checkOutAll(arrivals: .seconds(2), board: board)
    await store.close()
    return .success
  }

  private func goOn(
    _ requests: [OrderRequest], _ options: CrashOptions, _ path: String, _ first: DemoStore
  ) async throws -> ExitCode {
    let clock = ContinuousClock()
    let opening = clock.now
    let store = try DemoStore(.file(path))
    let shop = try await Shop(
      requests: requests, seed: options.seed, store: store.sagas, books: store.books())
    let left = try await shop.sagas.count()
    let before = await shop.ledger
    let ended = left.filter(\.key.isTerminal).map(\.value).reduce(0, +)
    let open = left.map(\.value).reduce(0, +) - ended
    output.write(
      """
      What it left   \(ended) orders have ended, \(open) are under way, \
      \(requests.count - ended - open) have not come in.
                     The provider has charged \(before.filter { $0.kind == .charge }.map(\.amount).total) \
      and given \(before.filter { $0.kind != .charge }.map(\.amount).total) back.

      """)

    let report = try await shop.sagas.recover()
    output.write("Recovered      \(report.recovered.count) sagas in \(seconds(clock.now - opening)).\n")
    for (id, error) in report.parked { output.write("Not recovered  \(id): \(error.message)\n") }
    let results = await shop.checkOutAll(arrivals: .seconds(1), board: Board(requests))
    let ledger = await shop.ledger
    await store.close()
    await first.close()

    let money = Reconciliation(ledger: ledger, results: results)
    let style = Style(
      isColoured: output.isInteractive(environment) && environment["NO_COLOR", default: ""].isEmpty)
    let summary = Summary(results: results, ledger: ledger, elapsed: clock.now - opening, style: style)
    output.write(
      "Ended          all of them, \(seconds(clock.now - opening)) after it had begun again.\n\n")
    var lines = summary.counts() + ["", style.bold("Money (EUR)")] + summary.table(money)
    lines += money.problems.prefix(20).map { "  \(TextWidth.clip(printable($0), 78))" }
    output.write(lines.joined(separator: "\n") + "\n")
    if options.path != nil { output.write("\nThe sagas are in \(path): swift run Demo inspect \(path)\n") }
    let isWhole = report.parked.isEmpty && report.recovered.count == open
    return isWhole ? Self.exitCode(results, money, isInterrupted: false) : .notReconciled
  }
}
