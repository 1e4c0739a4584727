import Testing

@testable import Sagas

/// What a wait listens for, and which events are it.
@Suite("What waits listen for")
struct EventSourceTests {
  struct Number: Codable, Hashable, Sendable {
    let value: Int
    // All numbers have one hash, so that only `==` can tell them apart.
    func hash(into hasher: inout Hasher) {}
  }

  struct Came: SagaEvent {
    var number = Number(value: 1)
    var id = "a"
  }

  struct Went: SagaEvent {
    static let name = "left"
    var id = "a"
  }

  struct State: Codable, Sendable {
    var number = Number(value: 1)
    var id: String?
  }

  private let run = StepRun.stub(step: "w")

  @Test func nameOfAnEvent_isThatOfItsType_unlessGiven() {
    #expect(Came.name == "Came")
    #expect(EventType(Went.self).name == "left")
    #expect(EventType(Went.self) == EventType(Went.self))
    #expect(EventType(Went.self) != EventType(Came.self))
  }

  @Test func property_isComparedByEquality_neverByItsHash() throws {
    let source = EventSource.keyed(on: \Came.number, EventKeySource<State, Number>.property(\.number))
    let box = StateBox(State())
    let (same, other) = (Came(), Came(number: Number(value: 2)))
    #expect(!source.asksKey)
    let key = try #require(try source.key?(box, run))
    #expect(source.field?.hash(same) == key.hash)
    #expect(source.field?.hash(other) == key.hash)
    #expect(source.matches(same, box, run))
    #expect(!source.matches(other, box, run))
    #expect(!source.matches(Went(), box, run))
  }

  @Test func result_isComparedWithWhatTheSlotHas() throws {
    let source = EventSource.keyed(on: \Came.id, EventKeySource<State, String>.result(\.id))
    #expect(source.asksKey)
    let filled = StateBox(State(id: "a"))
    #expect(try source.key?(filled, run).hash == source.field?.hash(Came()))
    #expect(source.matches(Came(), filled, run))
    #expect(!source.matches(Came(id: "b"), filled, run))
    let empty = StateBox(State())
    #expect(!source.matches(Came(), empty, run))
    let error = #expect(throws: SagaError.self) { _ = try source.key?(empty, run) }
    #expect(error?.code == .missing)
    #expect(error?.step == "w")
  }

  @Test func keyOfAScope_isMissingWithoutAnEmptyName() throws {
    let source = EventSource.keyed(on: \Came.id, EventKeySource<State, String>.result(\.id))
    let error = #expect(throws: SagaError.self) { _ = try source.key?(StateBox(State()), .stub(step: "")) }
    #expect(error?.step == nil)
  }

  @Test func id_isThatOfTheSaga() throws {
    let source = EventSource.identified(by: \Came.id)
    let box = StateBox(State())
    #expect(!source.asksKey)
    #expect(source.matches(Came(id: "s-1"), box, run))
    #expect(!source.matches(Came(), box, run))
    #expect(try source.key?(box, run).hash == source.field?.hash(Came(id: "s-1")))
  }

  @Test func eventPublishedToTheSaga_hasNoKey() {
    let source = EventSource.directed(Came.self)
    #expect(source.field == nil)
    #expect(source.key == nil)
    #expect(source.matches(Came(), StateBox(State()), run))
    #expect(!source.matches(Went(), StateBox(State()), run))
  }

  @Test func fields_areOneByTheirKeyPaths() {
    #expect(EventField(\Came.id) == EventField(\Came.id))
    #expect(EventField(\Came.id) != EventField(\Went.id))
    #expect(Set([EventField(\Came.id), EventField(\Came.number), EventField(\Came.id)]).count == 2)
  }

  @Test func event_isEncodedAndComesBack() throws {
    let type = EventType(Came.self)
    let bytes = try type.encode(Came(number: Number(value: 7)), JSONCodec())
    #expect((try type.decode(bytes, JSONCodec()) as? Came)?.number.value == 7)
    #expect(throws: SagaError.self) { try type.encode(Went(), JSONCodec()) }
  }

  @Test func judgement_isThatOfTheDeclaration() throws {
    let source = EventSource.directed(Went.self)
    #expect(source.judge == nil)
    let judged = source.judged { event in (event as? Went)?.id == "a" ? .value(1) : .failure(Refused()) }
    if case .value(let value)? = try judged.judge?(Went()) {
      #expect(value as? Int == 1)
    } else {
      Issue.record()
    }
    if case .failure(let error)? = try judged.judge?(Went(id: "b")) {
      #expect(error is Refused)
    } else {
      Issue.record()
    }
  }
}
