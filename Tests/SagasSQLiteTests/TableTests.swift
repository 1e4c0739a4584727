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
        Step("price", \.price) { _ in 42 }.compensate { _ in throw Unhappy(secret: "hush") }
          .compensationRetry(.never)
        Step("busy") { context in
          if context.run.attempt < 3 { throw Unhappy(secret: "hush") }
        }
        .retry(.fixed(retries: 2, every: .zero))
      }
      When("never", { _ in false }) { Step("left out") { _ in } }
      Step("pay") { context in
        await gate.wait()
        if context.item == "bad" { throw Unhappy(secret: "hush") }
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
      path, "SELECT count(*) a, 0 b, 0 c, 0 d FROM journal WHERE changes LIKE '%hush%'", ["[0,0,0,0]"])
    await store.close()
  }

  // MARK: What a step was given

  struct Trip: Saga {
    struct State: Codable, Sendable {
      let place: String
      var flight: String?, isLate: Bool?, price: [Int]?, bed: String?, car: String?
      enum CodingKeys: String, CodingKey { case place, flight, isLate = "late", price, bed, car }
    }
    let gate: Gate

    var body: some Flow<State> {
      Step("flight", \.flight) { "to \"\($0.place)\"" }
      Step("note") { _ in 4711 }
      Parallel("both") {
        Sequential {
          Step("late", \.isLate) { _ in true }
          Step("price", \.price) { context in try context.isLate ? [1, 2] : [] }
        }
        Step("bed", \.bed) { _ in "b" }.redacted()
      }
      When("never", { _ in false }) { Step("car", \.car) { _ in "c" } }
      WaitForEvent("paid", for: Paid.self, on: \.id).timeout(.hours(24))
      Step("mail") { _ in await gate.wait() }
      Step("end") { _ in }
    }
  }

  struct Paid: SagaEvent {
    let id: String
  }

  @Test func aStep_isShownWithTheInput_andTheResultsItCouldRead() async throws {
    let file = try TemporaryFile()
    let store = try SQLiteStore(path: file.path)
    let clock = VirtualClock()
    let sagas = SagaOrchestrator(store: store, runtime: Runtime(clock: clock))
    let gate = Gate()
    try await sagas.register(Trip(gate: gate))
    let run = try await sagas.start(Trip.self, .init(place: "Ur"), id: "t")
    for await update in run.updates where update.status == .waiting { break }
    let given = #"{"input":{"place":"Ur"},"results":"#
    func inputs() throws -> [[String?]] {
      try StoreTables(path: file.path).rows("SELECT step, input FROM steps ORDER BY started, step")
    }
    // Neither what runs beside it, nor what has no slot, nor what is not kept.
    let flight = #""flight":"to \"Ur\"""#
    var expected: [String: String?] = [
      "flight": "\(given){}}", "note": "\(given){\(flight)}}", "late": "\(given){\(flight)}}",
      "price": "\(given){\(flight),\"late\":true}}", "bed": "\(given){\(flight)}}", "car": nil, "paid": nil,
    ]
    func shown() throws -> [String: String?] {
      Dictionary(uniqueKeysWithValues: try inputs().map { ($0[0] ?? "", $0[1]) })
    }
    #expect(try shown() == expected)
    func current() throws -> [[String?]] {
      try StoreTables(path: file.path).rows("SELECT current_steps FROM sagas")
    }
    #expect(try current() == [["paid"]])
    #expect(
      try StoreTables(path: file.path).rows(
        "SELECT step FROM steps WHERE ended >= started AND started >= '2020' AND result IS NOT NULL ORDER BY step"
      )
        == [["flight"], ["late"], ["note"], ["price"]])
    // A day from when it began to wait.
    #expect(
      try StoreTables(path: file.path).rows(
        "SELECT step FROM steps WHERE due = strftime('%Y-%m-%d %H:%M:%f', started, '+1 day')") == [["paid"]])
    _ = try await sagas.events.publish(Paid(id: "t"))
    await gate.waitForArrivals(atLeast: 1)
    gate.open()
    _ = await run.outcome
    let all = "\(given){\(flight),\"late\":true,\"price\":[1,2]}}"
    expected["mail"] = all
    expected["end"] = all
    #expect(try shown() == expected)
    // One that was recorded before there was that.
    let other = try Connection(path: file.path, readOnly: false)
    try other.execute("UPDATE saga SET definition = NULL")
    #expect(try inputs().allSatisfy { $0[1] == nil })
    await store.close()
  }

  /// What an attempt gave late, and what is skipped over later, was never in the State.
  struct Detour: Saga {
    struct State: Codable, Sendable {
      var a: Double?, late: Int?, b: [UInt64]?
    }
    final class World: Sendable {
      let broken = Lock<Set<String>>(["c"])
    }
    let world = World()
    let gate = Gate()

    var failurePolicy: FailurePolicy { .suspend }

    private func attempt(_ name: String) throws {
      if world.broken.withLock({ $0.contains(name) }) { throw Unhappy(secret: "") }
    }

    var body: some Flow<State> {
      Step("a", \.a) { _ in
        try attempt("a")
        return 0.30000000000000004
      }
      Step("late", \.late) { _ in
        _ = await gate.wait()
        return 7
      }
      .timeout(.minutes(1)).optional()
      Step("b", \.b) { _ in [.max] }
      Step("c") { _ in try attempt("c") }
      Step("d") { _ in }
    }
  }

  @Test func whatWasNotInTheState_isNotShown() throws {
    let file = try TemporaryFile()
    try simulate(seeds: [1]) { simulation in
      let store = try SQLiteStore(path: file.path, faults: StoreFaults(), isThreaded: false)
      let sagas = SagaOrchestrator(store: store, runtime: simulation.runtime)
      let detour = Detour()
      try await sagas.register(detour)
      let run = try await sagas.start(Detour.self, .init(), id: "s")
      func shown() throws -> [[String?]] {
        try StoreTables(path: file.path).rows("SELECT step, status, input FROM steps ORDER BY step")
      }
      func results() throws -> [[String?]] {
        try StoreTables(path: file.path).rows("SELECT result FROM steps ORDER BY step")
      }
      let none = #"{"input":{},"results":{}}"#
      let first = #"{"input":{},"results":{"a":0.30000000000000004}}"#
      let both = #"{"input":{},"results":{"a":0.30000000000000004,"b":[18446744073709551615]}}"#
      try #require(await run.settled == .suspended)
      try #require(
        try shown() == [
          ["a", "completed", none], ["b", "completed", first], ["c", "failed", both],
          ["late", "failed", first],
        ])
      try #require(try results() == [["0.3"], ["[18446744073709551615]"], [nil], ["7"]])
      detour.world.broken.withLock { $0 = ["a"] }
      try await run.resume(from: "a")
      try #require(await run.settled == .suspended)
      // What is to run again has been given nothing yet.
      try #require(
        try shown() == [
          ["a", "failed", none], ["b", "pending", nil], ["c", "pending", nil], ["late", "pending", nil],
        ])
      try #require(try results() == [[nil], [nil], [nil], [nil]])
      try await run.resume(from: "c")
      try #require(await run.outcome.isSuccess)
      try #require(
        try shown() == [
          ["a", "skipped", nil], ["b", "skipped", nil], ["c", "completed", none], ["d", "completed", none],
          ["late", "skipped", nil],
        ])
      await store.close()
    }
  }

  /// What an attempt gave late is the result of the step, whatever other attempts come to behind it.
  @Test func aLateResult_staysShown() throws {
    struct Slow: Saga {
      struct State: Codable, Sendable { var a: Int? }
      let simulation: Simulation
      var body: some Flow<State> {
        Step("a", \.a) { context in
          let attempt = context.run.attempt
          let until = simulation.clock.now.advanced(by: attempt == 1 ? .seconds(30) : .hours(1))
          await simulation.runtime.spawn("stubborn") { try? await simulation.clock.sleep(until: until) }.value
          return attempt
        }
        .timeout(.seconds(10)).settleGrace(.seconds(5)).retry(.fixed(retries: 1, every: .zero))
        .compensate { _ in }.compensateUnknown { _ in }
      }
    }
    let file = try TemporaryFile()
    try simulate(seeds: [1]) { simulation in
      let store = try SQLiteStore(path: file.path, faults: StoreFaults(), isThreaded: false)
      let sagas = SagaOrchestrator(store: store, runtime: simulation.runtime)
      try await sagas.register(Slow(simulation: simulation))
      let run = try await sagas.start(Slow.self, .init(), id: "s")
      _ = await run.outcome
      let shown = try StoreTables(path: file.path).rows("SELECT status, attempts, result FROM steps")
      try #require(shown == [["compensated", "2", "1"]], "\(shown)")
      await store.close()
    }
  }

  /// An undo that waits says so as an undo.
  @Test func whatIsDue_isThatOfTheUndo_whereThereIsOne() throws {
    struct Sticky: Saga {
      struct State: Codable, Sendable { var a: Int? }
      var body: some Flow<State> {
        Step("a", \.a) { _ in 1 }.compensate { _ in throw Unhappy(secret: "") }
          .compensationRetry(.fixed(retries: 1, every: .seconds(90)))
        Step("slow") { _ in throw Unhappy(secret: "") }.retry(.fixed(retries: 1, every: .seconds(60)))
      }
    }
    let file = try TemporaryFile()
    try simulate(seeds: [1]) { simulation in
      let store = try SQLiteStore(path: file.path, faults: StoreFaults(), isThreaded: false)
      let sagas = SagaOrchestrator(store: store, runtime: simulation.runtime)
      try await sagas.register(Sticky())
      func due(_ view: String) throws -> [[String?]] {
        try StoreTables(path: file.path).rows(
          "SELECT v.step FROM \(view) v JOIN sagas s ON s.id = v.saga WHERE v.due > s.created ORDER BY 1")
      }
      let run = try await sagas.start(Sticky.self, .init(), id: "s")
      let clock = simulation.clock
      try await clock.sleep(until: clock.now.advanced(by: .seconds(30)))
      try #require(try due("steps") == [["slow"]] && due("compensations") == [])
      try await clock.sleep(until: clock.now.advanced(by: .seconds(60)))
      try #require(try due("steps") == [] && due("compensations") == [["a"]])
      try #require(
        try StoreTables(path: file.path).rows("SELECT current_steps, status FROM sagas") == [
          ["a", "compensating"]
        ])
      try #require(await run.settled == .stuck)
      try #require(try due("steps") == [] && due("compensations") == [])
      await store.close()
    }
  }

  @Test func aWaitThatIsGivenUp_waitsNoMore() async throws {
    let file = try TemporaryFile()
    let store = try SQLiteStore(path: file.path)
    let sagas = SagaOrchestrator(store: store)
    try await sagas.register(Trip(gate: Gate()))
    let run = try await sagas.start(Trip.self, .init(place: "Ur"), id: "t")
    for await update in run.updates where update.status == .waiting { break }
    try await run.suspend()
    try await run.abandon()
    #expect(await run.settled == .failed)
    let shown = try StoreTables(path: file.path).rows("SELECT status, due FROM steps WHERE step = 'paid'")
    #expect(shown == [["blocked", nil]])
    #expect(await run.report.step("paid")?.status == .blocked)
    await store.close()
  }

  /// What is read of a saga costs about as much for each of its steps: in a hundred of them nobody waits.
  @Test func aLongSaga_isReadInNoTime() throws {
    let file = try TemporaryFile()
    let store = try StoreFile(path: file.path, durability: .normal, retention: .all, faults: StoreFaults())
    let outline = SagaOutline(
      steps: (0..<100).map { place in
        SagaOutline.Step(name: "s\(place)", hasSlot: true, reads: place == 0 ? [] : [0...place - 1])
      })
    for number in 0...100 {
      let change = StepChange(
        name: "s\(number - 1)", status: .completed, attempts: 1, result: Array("\(number)".utf8))
      let record = JournalRecord(
        sagaID: "a", sagaName: "s", sagaVersion: 1, startedAt: Timestamp(nanoseconds: 1), writer: 1,
        firstNumber: UInt64(number), count: 1, time: Timestamp(nanoseconds: 1), status: .running, bytes: [7],
        details: number == 0
          ? .init(creation: .init(metadata: [:], input: Array("{}".utf8), outline: outline))
          : .init(steps: [change]))
      try store.write([PendingWrite(record) { _ in }])[0].get()
    }
    let plan = try StoreTables(path: file.path).rows(
      "EXPLAIN QUERY PLAN SELECT input FROM steps WHERE saga = 'a'"
    )
    .compactMap { $0.last ?? nil }
    // Nothing but what the journal of the saga says is gone through from end to end.
    for table in ["earlier", "own"] {
      #expect(plan.contains { $0.hasPrefix("SEARCH \(table) USING PRIMARY KEY") }, "\(plan)")
    }
    let last = try StoreTables(path: file.path).rows("SELECT input FROM steps WHERE step = 's99'")
    let results = (0..<99).map { "\"s\($0)\":\($0 + 1)" }.joined(separator: ",")
    #expect(last == [["{\"input\":{},\"results\":{\(results)}}"]])
  }

  @Test func aDefinition_isWrittenOnce() async throws {
    let file = try TemporaryFile()
    for process in 0..<2 {
      let store = try SQLiteStore(path: file.path)
      let sagas = SagaOrchestrator(store: store)
      try await sagas.register(Quick())
      for number in 0..<3 {
        _ = try await sagas.run(Quick.self, .init(n: number), id: "\(process)-\(number)")
      }
      await store.close()
    }
    let tables = try StoreTables(path: file.path)
    #expect(try tables.rows("SELECT count(*) FROM definition") == [["1"]])
    #expect(try tables.rows("SELECT count(*), count(DISTINCT definition) FROM saga") == [["6", "1"]])
  }

  /// What is written with a transaction that fails is written again with the next.
  @Test func aDefinition_isThere_whereItsFirstTransactionFailed() throws {
    let file = try TemporaryFile()
    let fault = FaultTests.Fault()
    let store = try StoreFile(
      path: file.path, durability: .normal, retention: .all, faults: fault.faults(.beforeCommit))
    let outline = SagaOutline(steps: [.init(name: "a", hasSlot: false, reads: [])])
    func record(_ id: String) -> PendingWrite {
      PendingWrite(
        JournalRecord(
          sagaID: id, sagaName: "s", sagaVersion: 1, startedAt: Timestamp(nanoseconds: 1), writer: 1,
          firstNumber: 0, count: 1, time: Timestamp(nanoseconds: 1), status: .running, bytes: [7],
          details: .init(creation: .init(metadata: [:], input: nil, outline: outline)))
      ) { _ in }
    }
    fault.set(true)
    #expect((try? store.write([record("a")])[0].get()) == nil)
    fault.set(false)
    #expect(try store.connection.number("SELECT count(*) FROM definition") == 0)
    #expect((try? store.write([record("b")])[0].get()) != nil)
    #expect(
      try store.connection.number(
        "SELECT count(*) FROM saga s JOIN definition d ON d.seq = s.definition WHERE s.planned = 1") == 1)
  }

  // MARK: What can be asked

  @Test func aSagaThatStandsStill_isShownWithWhatEndsThat_asLongAsItDoes() async throws {
    let file = try TemporaryFile()
    let store = try SQLiteStore(path: file.path)
    let sagas = SagaOrchestrator(store: store)
    let gate = Gate()
    gate.open()
    try await sagas.register(Order(gate: gate))
    let run = try await sagas.start(Order.self, .init(item: "bad"), id: "bad")
    #expect(await run.settled == .stuck)
    func ways() throws -> [[String?]] {
      try StoreTables(path: file.path).rows("SELECT ways_out FROM sagas WHERE id = 'bad'")
    }
    #expect(try ways() == [[#"retryCompensation, skipCompensation "price", abandon"#]])
    try await run.skipCompensation(step: "price")
    _ = await run.outcome
    #expect(try ways() == [[nil]])
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
