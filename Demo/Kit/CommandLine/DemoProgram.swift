import Foundation
import Sagas

/// The demo as a whole: arguments in, output and exit code out.
package struct DemoProgram: Sendable {
  let environment: [String: String]
  let output: Terminal
  let errors: Terminal
  let input: Keyboard

  /// The program with the environment and the terminal of this process.
  package init() {
    self.init(
      environment: ProcessInfo.processInfo.environment, output: .output, errors: .errors, input: .input)
  }

  init(environment: [String: String], output: Terminal, errors: Terminal, input: Keyboard) {
    self.environment = environment
    self.output = output
    self.errors = errors
    self.input = input
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
      requests: requests, seed: options.seed, store: store.sagas, books: store.books)
    let output = output
    let recovered = try await shop.takeUp()
    if recovered > 0 { output.write("\(recovered) orders were under way, and go on.\n") }
    let board = Board(requests) { row in
      if !isLive { output.write(PlainLog.line(row) + "\n") }
    }
    let clock = ContinuousClock()
    let opening = clock.now

    Interrupts.install()
    let watching = Task {
      await LiveLoop(
        output: output,
        frame: !isLive
          ? nil
          : { size, notice in
            let table = Table(width: size.width, height: size.height, style: style)
            return table.frame(await board.rows, elapsed: clock.now - opening, notice: notice)
          },
        stop: { await shop.close(board) }
      ).run()
    }
    let results = await shop.checkOutAll(arrivals: .seconds(4), board: board)
    watching.cancel()
    await watching.value
    Interrupts.remove()

    let ledger = await shop.ledger
    await store.close()
    let money = Reconciliation(ledger: ledger, results: results)
    let summary = Summary(results: results, ledger: ledger, elapsed: clock.now - opening, style: style)
    output.write("\n" + summary.lines(money).joined(separator: "\n") + "\n")
    if case .file(let path) = options.store {
      output.write("\nThe sagas are in \(path): swift run Demo inspect \(path)\n")
    }
    return Self.exitCode(results, money, isInterrupted: Interrupts.isPressed)
  }

  /// What a run is worth.
  static func exitCode(_ results: [OrderResult], _ money: Reconciliation, isInterrupted: Bool) -> ExitCode {
    guard money.isBalanced else { return .notReconciled }
    if isInterrupted {
      return results.allSatisfy { $0.status?.isTerminal != false } ? .interrupted : .notReconciled
    }
    return results.allSatisfy { $0.status == .completed || $0.status == .compensated }
      ? .success : .notReconciled
  }
}
