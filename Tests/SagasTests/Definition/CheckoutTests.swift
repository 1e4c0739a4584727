import Testing

@testable import Sagas

/// The saga of the documentation, step by step and without an engine.
@Suite("Checkout as documented")
struct CheckoutTests {
  private let world = OutsideWorld()
  private let filled = Checkout.State(
    cart: Cart(), customer: Customer(id: "c1", address: "here"), receipt: Receipt(amount: 42, key: "k"),
    reservation: Reservation(id: "r"), quote: Quote(price: 4), order: Order(id: "o", total: 46))

  private func program() throws -> SagaProgram { try PlanCompiler.compile(Checkout(in: world)) }

  @Test func stepsPutTheirResultsIntoTheirSlots() async throws {
    let program = try program()
    var state = Checkout.State(cart: Cart())
    state = try await program.performed("validate customer", over: state)
    #expect(state.customer == Customer(id: "c1", address: "c1 street"))
    state = try await program.performed("charge payment", over: state)
    #expect(state.receipt == Receipt(amount: 42, key: "s-1/charge payment"))
    state = try await program.performed("reserve inventory", over: state)
    state = try await program.performed("quote shipping", over: state)
    state = try await program.performed("create order", over: state)
    #expect(state.order == Order(id: "o-c1", total: 46))
    state = try await program.performed("send mail", over: state)
    #expect(
      await world.effects == [
        "orders.validate c1", "payments.charge 42 s-1/charge payment", "inventory.reserve c1",
        "shipping.quote c1 street", "orders.create 42 r-c1 4", "orders.mail o-c1",
      ])
  }

  @Test func aStepThatReadsAnEmptySlot_saysWhichAndWhatToDo() async throws {
    let error = await #expect(throws: SagaError.self) {
      try await program().perform("create order", over: Checkout.State(cart: Cart()))
    }
    #expect(error?.code == .missing)
    #expect(
      error?.description == """
        saga 's-1', step 'create order', attempt 1: reads \\State.receipt, which no completed step visible to it has \
        written. Put the step that writes it before this one, not beside it in a Parallel, or read it as an \
        optional (if let value = $0.slot)
        """)
    #expect(await world.calls.isEmpty)
  }

  @Test func undoesGetWhatTheyAskFor() async throws {
    let program = try program()
    try await program.undo("charge payment", after: .completed(Receipt(amount: 7, key: "x")), over: filled)
    try await program.undo("charge payment", after: .unknown(Refused()), over: filled)
    try await program.undo("reserve inventory", after: .completed(Reservation(id: "r9")), over: filled)
    try await program.undo(
      "create order", after: .completed(Order(id: "o9", total: 1)), over: filled,
      because: PaymentError.declined)
    #expect(
      await world.effects == [
        "payments.refund 7 x", "payments.void s-1/charge payment", "inventory.release r9",
        "orders.cancel o9 declined",
      ])
  }

  @Test func effectsWithoutADeclaration_haveNoUndo() async throws {
    let program = try program()
    #expect(try await !program.undo("charge payment", after: .failed(Refused()), over: filled))
    #expect(try await !program.undo("reserve inventory", after: .unknown(Refused()), over: filled))
    #expect(try await !program.undo("quote shipping", after: .completed(Quote(price: 1)), over: filled))
  }

  @Test func theFilterOfItsRetry_looksAtTheError() throws {
    let retry = try #require(program().stepCode("charge payment").retry)
    #expect(retry.delay(afterAttempt: 1, error: PaymentError.declined, random: { 0 }) == nil)
    #expect(retry.delay(afterAttempt: 1, error: Refused(), random: { 0 }) == nil)
    #expect(retry.delay(afterAttempt: 1, error: PaymentError.unreachable, random: { .max }) != nil)
  }

  @Test func itsOutputIsTheOrder() throws {
    let program = try program()
    let node = try #require(program.plan.node(named: "output"))
    guard case .output(let output, let coding) = program[node] else {
      Issue.record("the last node is not the output")
      return
    }
    #expect(try output(StateBox(filled), .stub(step: "output")) as? Order == filled.order)
    #expect(coding.typeName.hasSuffix("Order"))
    #expect(throws: SagaError.self) {
      try output(StateBox(Checkout.State(cart: Cart())), .stub(step: "output"))
    }
  }
}
