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

  @Test func decidingWhatIsStuck() throws {
    try simulate(seeds: [1]) { simulation in
      let sagas = SagaOrchestrator(runtime: simulation.runtime)
      try await sagas.register(
        Checkout(payments: payments, inventory: inventory, shipping: shipping, orders: orders))
      await world.fail("orders.create", with: Refused(why: "closed"))
      await world.fail("payments.refund", with: Refused(why: "later"))
      let run = try await sagas.start(Checkout.self, .init(cart: cart), id: "order-1")
      try #require(await run.settled == .stuck)
      await world.heal("payments.refund")
      for report in try await sagas.list(SagaFilter(status: .stuck)) {
        print(report.id, "needs a decision:", report.unresolved.map(\.step), report.error ?? "")
      }
      try await sagas.retryCompensation("order-1")   // or skipCompensation(_:step:): somebody has seen to it; or abandon(_:)
      try #require(await run.settled == .compensated)
      try #require(said.entries == [#"order-1 needs a decision: ["charge payment"] Refused(why: "closed")"#])
    }
  }

  private func watches(_ log: EventLog) async throws {
    func print(_ items: Any...) { log.append(items.map { "\($0)" }.joined(separator: " ")) }
    let sagas = SagaOrchestrator(
      configuration: .init(
        supervision: .init(
          stallThreshold: .minutes(2), stopsAdmission: true,
          policy: SupervisorPolicy { report in report.canRecover ? .resume(attempts: 3) : .leave })))
    let supervisor = sagas.supervisor

    try await sagas.register(
      Checkout(payments: payments, inventory: inventory, shipping: shipping, orders: orders))
    let starting = Runtime().spawn("start") {
      // Nobody is told what happens before they listen.
      while log.entries.isEmpty { _ = try? await sagas.start(Checkout.self, .init(cart: cart)).outcome }
    }
    for await event in supervisor.events {
      switch event.kind {
      case .sagaStuck, .sagaStalled:
        print("look at", event.sagaID ?? "", event.step ?? "", event.error ?? "")
      case .admissionStopped:
        print("no more", event.sagaName ?? "", "for a minute")   // or until supervisor.resetAdmission(_:)
      case .heartbeat:
        guard let total = event.statistics?.total else { continue }
        print(total.active, "active,", total.waiting, "waiting; half of them took", total.latency.p50 ?? .zero)
      default:
        print(event)
      }
    }
    await starting.value
  }

  @Test func watching() async throws {
    let log = EventLog()
    await world.fail("orders.create", with: Refused(why: "closed"))
    let task = Runtime().spawn("listener") { try? await watches(log) }
    while log.entries.isEmpty { await Task.yield() }
    task.cancel()
    await task.value
    let first = log.entries.first { $0.hasPrefix("sagaFailed 'Checkout' (") }
    #expect(first?.hasSuffix("), compensating, step 'create order': SagasTests.Refused") == true)
  }
}
