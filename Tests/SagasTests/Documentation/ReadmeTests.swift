// swift-format-ignore-file
// The examples are kept as the README prints them.
import Sagas
import SagasTesting
import Testing

/// The examples of the README, word for word. Its saga is the one of Support/Checkout.swift.
@Suite("README")
struct ReadmeTests {
  private let world = OutsideWorld()
  private let cart = Cart()
  private let trace = "t-1"
  private let said = EventLog()

  private var payments: Payments { Payments(world: world) }
  private var inventory: Inventory { Inventory(world: world) }
  private var shipping: Shipping { Shipping(world: world) }
  private var orders: Orders { Orders(world: world) }

  /// What the examples print goes where the tests can see it.
  private func print(_ items: Any...) {
    said.append(items.map { "\($0)" }.joined(separator: " "))
  }

  private func runsIt() async throws -> (SagaOrchestrator, SagaRun<Checkout>) {
    let sagas = SagaOrchestrator()
    try await sagas.register(
      Checkout(payments: payments, inventory: inventory, shipping: shipping, orders: orders))

    let run = try await sagas.start(
      Checkout.self, .init(cart: cart), id: "order-1", metadata: ["trace": trace])   // returns at once
    for await update in run.updates {
      print(update.status, update.progress, update.currentSteps, update.message ?? "")
    }
    switch await run.outcome {
    case .completed(let order):
      print("ordered:", order.id)
    case .compensated(let failure):   // it failed, and what had been done was undone
      print("undone:", failure.undone, "because of", failure.step ?? "a cancel", failure.error)
    case .failed(let failure):        // it ended without undo, or was given up
      print("what may stand:", failure.unresolved.map(\.step))
    }
    return (sagas, run)
  }

  @Test func runningIt() async throws {
    _ = try await runsIt()
    #expect(said.entries.suffix(2) == ["completed 1.0 [] ", "ordered: o-c1"])
  }

  @Test func runningIt_whenAStepFails() async throws {
    await world.fail("orders.create", with: Refused(why: "closed"))
    _ = try await runsIt()
    let end = try #require(said.entries.last)
    #expect(end.hasPrefix("undone: ["))
    #expect(end.contains("charge payment"))
    #expect(end.contains("reserve inventory"))
    #expect(end.hasSuffix("] because of create order Refused(why: \"closed\")"))
  }

  @Test func theShortWay() async throws {
    let (sagas, run) = try await runsIt()
    let order = try await sagas.run(Checkout.self, .init(cart: cart))   // start, await, and give the output or throw
    let report = try await sagas.report("order-1")                      // any time: status, steps, attempts, times, errors
    try await run.cancel()                                              // undoes what was done
    #expect(order.id == "o-c1")
    #expect(report?.metadata == ["trace": "t-1"])
    #expect(await run.status == .completed)
  }
}
