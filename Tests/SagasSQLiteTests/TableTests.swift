#if canImport(SQLite3) || canImport(CSQLite)
import Sagas
import SagasTesting
import Testing

@testable import SagasSQLite

/// What a person sees with a shell.
@Suite("Tables")
struct TableTests {
  struct Order: Saga {
    static let name = "order", version = 2
    let gate: Gate
    struct State: Codable, Sendable {
      let item: String
      var seat: String?, price: Int?
    }

    var body: some Flow<State> {
      Step("seat", \.seat) { "12 \"\($0.item)\"" }.compensate { _ in }
      Parallel("both") {
        Step("price", \.price) { _ in 42 }.compensate { _ in throw Unhappy(secret: "4711") }
          .compensationRetry(.never)
        Step("busy") { context in
          if context.run.attempt < 3 { throw Unhappy(secret: "4711") }
        }
        .retry(.fixed(retries: 2, every: .zero))
      }
      When("never", { _ in false }) { Step("left out") { _ in } }
      Step("pay") { context in
        await gate.wait()
        if context.item == "bad" { throw Unhappy(secret: "4711") }
      }
      Step("mail") { _ in }
    }
    func output(_ s: Context<State>) throws -> [Int] { [try s.price] }
  }

  struct Unhappy: Error, Codable {
    let secret: String
  }

  private func rows(_ path: String, _ sql: String) throws -> [String] {
    let query = try Connection(path: path, readOnly: true)
      .prepare("SELECT json_array(t.a, t.b, t.c, t.d) FROM (\(sql)) t")
    var rows: [String] = []
    while try query.step() { rows.append(query.text(0)) }
    return rows
  }

  private func expect(
    _ path: String, _ sql: String, _ expected: [String], _ location: SourceLocation = #_sourceLocation
  ) throws {
    let found = try rows(path, sql)
    #expect(found == expected, sourceLocation: location)
  }

  @Test func sagas_steps_andCompensations() async throws {
    let file = try TemporaryFile()
    let store = try SQLiteStore(path: file.path)
    let sagas = SagaOrchestrator(store: store)
    let gate = Gate()
    try await sagas.register(Order(gate: gate))
    let good = try await sagas.start(
      Order.self, .init(item: "A"), id: "good", metadata: ["user": "u \"7\"\n", "a": "b"])
    let bad = try await sagas.start(Order.self, .init(item: "bad"), id: "bad")
    await gate.waitForArrivals(atLeast: 2)
    let path = file.path

    try expect(
      path, "SELECT id a, status b, current_steps c, round(progress, 2) d FROM sagas ORDER BY id",
      [#"["bad","running","pay",0.67]"#, #"["good","running","pay",0.67]"#])
    gate.open()
    _ = await good.outcome
    _ = await bad.settled
    #expect(await bad.status == .stuck)

    try expect(
      path, "SELECT id a, name || ' ' || version b, status c, round(progress, 2) d FROM sagas ORDER BY id",
      [#"["bad","order 2","stuck",0.83]"#, #"["good","order 2","completed",1.0]"#])
    try expect(
      path, "SELECT input a, output b, error c, metadata d FROM sagas WHERE id = 'good'",
      [
        #"["{\"item\":\"A\"}","[42]",null,"{\"a\":\"b\",\"user\":\"u \\\"7\\\"\\u000a\"}"]"#
      ])
    try expect(
      path, "SELECT error a, output b, ended c, created IS NOT NULL d FROM sagas WHERE id = 'bad'",
      [#"["SagasSQLiteTests.TableTests.Unhappy",null,null,1]"#])
    try expect(
      path, "SELECT ended > created a, updated >= ended b, parent c, 0 d FROM sagas WHERE id = 'good'",
      ["[1,1,null,0]"])
    try expect(
      path, "SELECT step a, status b, attempts c, result d FROM steps WHERE saga = 'good' ORDER BY step",
      [
        #"["busy","completed",3,"{}"]"#, #"["left out","skipped",0,null]"#,
        #"["mail","completed",1,"{}"]"#, #"["pay","completed",1,"{}"]"#, #"["price","completed",1,"42"]"#,
        #"["seat","completed",1,"12 \"A\""]"#,
      ])
    let unhappy = "SagasSQLiteTests.TableTests.Unhappy"
    try expect(
      path, "SELECT step a, status b, error c, result d FROM steps WHERE saga = 'bad' ORDER BY step",
      [
        #"["busy","completed","\#(unhappy)","{}"]"#, #"["left out","skipped",null,null]"#,
        #"["mail","blocked",null,null]"#, #"["pay","failed","\#(unhappy)",null]"#,
        #"["price","compensationFailed",null,"42"]"#, #"["seat","compensated",null,"12 \"bad\""]"#,
      ])
    try expect(
      path, "SELECT step a, status b, attempts c, error d FROM compensations ORDER BY step",
      [#"["price","failed",1,"\#(unhappy)"]"#, #"["seat","compensated",1,null]"#])
    // What an error holds is the user's.
    try expect(
      path, "SELECT count(*) a, 0 b, 0 c, 0 d FROM journal WHERE changes LIKE '%4711%'", ["[0,0,0,0]"])
    await store.close()
  }

  /// A codec that is none of ours writes bytes that no table can show.
  @Test func anotherCodec_showsNoValues() async throws {
    struct Backwards: Codec {
      func encode(_ value: some Encodable) throws -> [UInt8] { try JSONCodec().encode(value).reversed() }
      func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try JSONCodec().decode(type, from: bytes.reversed())
      }
    }
    let file = try TemporaryFile()
    let store = try SQLiteStore(path: file.path)
    let sagas = SagaOrchestrator(store: store, configuration: .init(codec: Backwards()))
    try await sagas.register(Quick())
    #expect(try await sagas.run(Quick.self, .init(n: 4), id: "a") == 8)
    #expect(
      try rows(file.path, "SELECT s.input a, s.output b, t.result c, t.status d FROM sagas s JOIN steps t")
        == [#"[null,null,null,"completed"]"#])
    #expect(try await sagas.report("a")?.output?.value(as: Int.self) == 8)
    await store.close()
  }

  @Test func events_areThereToSee_andTheBytesOfAnotherCodecToo() async throws {
    let file = try TemporaryFile()
    let store = try SQLiteStore(path: file.path)
    _ = try await store.claimEvents(for: 1)
    func event(_ number: UInt64, name: String = "Paid", saga: String? = nil, _ bytes: [UInt8]) -> EventRecord
    {
      EventRecord(
        number: number, id: "e\(number)", name: name, sagaID: saga,
        time: Timestamp(nanoseconds: 1_000_000_000), bytes: bytes)
    }
    for event in [
      event(3, saga: "a", Array("{}".utf8)), event(4, [0xFF, 0]), event(5, name: "~started", []),
    ] {
      let result: Result<Void, any Error> = await withCheckedContinuation { continuation in
        _ = store.append(event, by: 1) { continuation.resume(returning: $0) }
      }
      try result.get()
    }
    #expect(
      try rows(file.path, "SELECT number a, name b, id c, saga d FROM events")
        == [#"[3,"Paid","e3","a"]"#, #"[4,"Paid","e4",null]"#], "what is no user's event is left out")
    #expect(
      try rows(file.path, "SELECT number a, typeof(payload) b, hex(payload) c, published d FROM events")
        == [
          #"[3,"text","7B7D","1970-01-01 00:00:01.000"]"#, #"[4,"blob","FF00","1970-01-01 00:00:01.000"]"#,
        ])
    #expect(try await store.claimEvents(for: 1).events.map(\.bytes) == [Array("{}".utf8), [0xFF, 0], []])
    await store.close()
  }
}
#endif
