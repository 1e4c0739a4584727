import Foundation
import Sagas

/// The demo as a whole: arguments in, output and exit code out.
package struct DemoProgram: Sendable {
  let environment: [String: String]
  let output: Terminal
  let errors: Terminal
  let input: Keyboard
  let runtime: Runtime

  /// The program with the environment and the terminal of this process.
  package init() {
    self.init(
      environment: ProcessInfo.processInfo.environment, output: .output, errors: .errors, input: .input)
  }

  init(
    environment: [String: String], output: Terminal, errors: Terminal, input: Keyboard,
    runtime: Runtime = Runtime()
  ) {
    self.environment = environment
    self.output = output
    self.errors = errors
    self.input = input
    self.runtime = runtime
  }

  /// Does what the arguments (without the name of the program) say, and returns the exit code.
  package func run(_ arguments: [String]) async -> Int32 {
    do {
      switch try Command(arguments) {
      case .help(let topic): output.write(topic.text + "\n")
      case .diagram: output.write(try await Self.diagram())
      case .checkout(let options): return try await checkOut(options).rawValue
      case .approvals(let options): return try await approve(options).rawValue
      case .stress(let options): return try await stress(options).rawValue
      case .recovery(let options): return try await recovery(options).rawValue
      case .crash(let options): return try await crash(options).rawValue
      case .inspect(let options): return try inspect(options).rawValue
      }
      return ExitCode.success.rawValue
    } catch let error as UsageError {
      errors.write("Demo: \(printable("\(error)"))\n")
      return ExitCode.usage.rawValue
    } catch let error as InputFileError {
      errors.write("Demo: \(printable("\(error)"))\n")
      return ExitCode.usage.rawValue
    } catch let error as DemoStoreError {
      errors.write("Demo: \(printable("\(error)"))\n")
      return ExitCode.usage.rawValue
    } catch {
      errors.write("Demo: \(error)\n")
      return ExitCode.notReconciled.rawValue
    }
  }

  /// The plan of the checkout as Mermaid.
  ///
  /// Throws `DefinitionError` when it is no valid saga.
  static func diagram() async throws -> String {
    let shop = try await Shop(requests: [])
    guard let definition = shop.sagas.definition(named: Checkout.name) else { return "" }
    return definition.mermaid.hasSuffix("\n") ? definition.mermaid : definition.mermaid + "\n"
  }

  /// Whether a person looks at the output.
  var isScreen: Bool { output.isInteractive(environment) }
  /// The colours the output can have.
  var style: Style { Style(isColoured: isScreen && environment["NO_COLOR", default: ""].isEmpty) }

  private func checkOut(_ options: CheckoutOptions) async throws -> ExitCode {
    let requests = try options.file.map(OrderFile.load) ?? OrderFile.bundled()
    let isLive = !options.isPlain && isScreen
    let style = style
    if options.store == .temporary, !DemoStore.isDurable { errors.write("\(DemoStore.advice)\n") }
    let store = try DemoStore(options.store)
    let shop = try await Shop(
      requests: requests, seed: options.seed, decision: options.decision, runtime: runtime,
      store: store.sagas, books: store.books())
    let output = output
    let recovered = try await shop.takeUp()
    if recovered > 0 { output.write("\(recovered) orders were under way, and go on.\n") }
    let board = Board(requests) { row in
      if !isLive { output.write(PlainLog.line(row) + "\n") }
    }
    let opening = shop.clock.now

    Interrupts.install()
    let results = await withTaskGroup { group in
      group.addTask { await watch(shop, board, isLive ? style : nil, since: opening) }
      defer { group.cancelAll() }
      return await shop.checkOutAll(arrivals: .seconds(4), board: board)
    }
    Interrupts.remove()

    let elapsed = opening.duration(to: shop.clock.now)
    let ledger = await shop.ledger
    await store.close()
    let money = Reconciliation(ledger: ledger, results: results)
    let summary = Summary(results: results, ledger: ledger, elapsed: elapsed, style: style)
    output.write("\n" + summary.lines(money).joined(separator: "\n") + "\n")
    if case .file(let path) = options.store {
      output.write("\nThe sagas are in \(path): swift run Demo inspect \(path)\n")
    }
    return Self.exitCode(results, money, isInterrupted: Interrupts.isPressed)
  }

  /// Draws what happens, and sees to Ctrl-C, until its task is cancelled.
  private func watch(_ shop: Shop, _ board: Board, _ style: Style?, since opening: Timestamp) async {
    var screen = LiveScreen(output)
    var notice: String?
    func draw() async {
      guard let style else { return }
      let size = output.size
      let table = Table(width: size.width, height: size.height, style: style)
      screen.draw(
        table.frame(await board.rows, elapsed: opening.duration(to: shop.clock.now), notice: notice))
    }
    while !Task.isCancelled {
      if Interrupts.isPressed && notice == nil {
        notice = "Stopping: what is under way is being undone. Ctrl-C again quits at once."
        if style == nil { output.write("\(notice ?? "")\n") }
        await shop.close(board)
      }
      await draw()
      try? await shop.clock.sleep(until: shop.clock.now.advanced(by: .milliseconds(66)))
    }
    await draw()
    screen.end()
  }

  /// What a run is worth.
  static func exitCode(_ results: [OrderResult], _ money: Reconciliation, isInterrupted: Bool) -> ExitCode {
    guard money.isBalanced else { return .notReconciled }
    if isInterrupted {
      return results.allSatisfy { $0.status?.isTerminal != false } ? .interrupted : .notReconciled
    }
    return results.allSatisfy { $0.status?.isTerminal == true } ? .success : .notReconciled
  }
}
