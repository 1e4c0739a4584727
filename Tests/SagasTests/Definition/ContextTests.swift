import Testing

@testable import Sagas

@Suite("Context and Undo")
struct ContextTests {
  private struct Inner: Codable, Sendable { var word = "inner" }
  private struct State: Codable, Sendable {
    let number: Int
    let inner: Inner
    var slot: Inner?
  }

  private let empty = State(number: 7, inner: Inner())
  private let full = State(number: 7, inner: Inner(), slot: Inner(word: "slot"))

  private func context(_ state: State) -> Context<State> {
    Context(box: StateBox(state), run: .stub(step: "read", attempt: 3))
  }

  private func undo(_ state: State) -> Undo<State> {
    Undo(
      UndoContext(
        box: StateBox(state), error: Refused(why: "x"), attempts: 4, actionPath: "read",
        run: .stub(step: "read", attempt: 2)))
  }

  @Test func properties_readAsTheContextsOwn() throws {
    #expect(context(full).number == 7)
    #expect(context(full).inner.word == "inner")
    #expect(try context(full).slot.word == "slot")
    #expect(context(full).state.slot?.word == "slot")
    #expect(undo(full).number == 7)
    #expect(try undo(full).slot.word == "slot")
    #expect(undo(full).state.slot?.word == "slot")
  }

  @Test func anEmptySlot_throwsMissing_withPlaceAndSlot() {
    let error = #expect(throws: SagaError.self) { try context(empty).slot.word }
    #expect(error?.code == .missing)
    #expect(error?.saga == "s-1")
    #expect(error?.step == "read")
    #expect(error?.attempt == 3)
    #expect(error?.message.hasPrefix("reads \\State.slot, which no completed step") == true)
    let other = #expect(throws: SagaError.self) { try undo(empty).slot.word }
    #expect(other?.code == .missing)
  }

  @Test func whereAnOptionalIsAskedFor_nothingThrows() {
    let fromContext: Inner? = context(empty).slot
    #expect(fromContext == nil)
    if let slot = context(full).slot { #expect(slot.word == "slot") } else { Issue.record("no slot") }
    #expect((context(empty).slot ?? Inner(word: "none")).word == "none")
    let fromUndo: Inner? = undo(empty).slot
    #expect(fromUndo == nil)
  }

  @Test func aContext_keepsTheStateItWasMadeOf() {
    let box = StateBox(empty)
    let context = Context(box: box, run: .stub())
    let other = box.copy()
    unsafeDowncast(other, to: StateBox<State>.self).value.slot = Inner()
    #expect(context.state.slot == nil)
  }

  @Test func anUndo_tellsWhyItRuns() {
    let undo = undo(full)
    #expect(undo.error as? Refused == Refused(why: "x"))
    #expect(undo.attempts == 4)
    #expect(undo.idempotencyKey == "s-1/read")
    #expect(undo.run.attempt == 2)
  }

  @Test func theRun_isThatOfTheStep() {
    let host = StubHost()
    let run = Context(box: StateBox(empty), run: .stub(step: "read", host: host)).run
    #expect(run.sagaID == "s-1")
    #expect(run.sagaName == "Stub")
    #expect(run.version == 3)
    #expect(run.elapsed == .seconds(3))
    #expect(run.metadata == ["trace": "t"])
    run.report(progress: 0.5, message: "half")
    #expect(host.reported == [StepProgress(step: "read", attempt: 1, progress: 0.5, message: "half")])
  }
}
