import SagasTesting
import Testing

@testable import Sagas

/// A saga that a process left somewhere, and how it goes on in the next one.
///
/// Its name is the id of the saga, and the name of its file.
struct FixtureScenario: Sendable, CustomTestStringConvertible {
  let name: String
  /// Whether it is in the logs; what takes more of a store than a log is in files alone.
  var isInLogs = true
  /// The first format of files that has it.
  var firstFile = 2
  /// What is broken and what is held in the process that is left.
  var broken: Set<String> = []
  var held: Set<String> = []
  /// Brings the saga to where it is left.
  let begin: @Sendable (Workbench, FixtureWorld, _ id: String) async throws -> Void
  /// Goes on with it in the next process, where nothing is broken or held, and checks all that ran.
  let end: @Sendable (Workbench, FixtureWorld, AnySagaRun) async throws -> Void

  var testDescription: String { name }
}

extension FixtureScenario {
  static let all: [FixtureScenario] = [
    midway, inTheMiddle, backoff, waiting, unwinding, cancelled, suspended, stuck, pivot, asked, once,
    redacted,
    again, ended,
  ]

  private static func startTrip(
    _ bench: Workbench, _ id: String, nights: Int = 5, options: StartOptions = StartOptions()
  ) async throws {
    _ = try await bench.sagas.start(
      FixtureTrip.self, .init(nights: nights), id: id, metadata: ["trace": "t-\(id)", "é": "ü"],
      options: options)
  }

  /// What an ended trip gives.
  private static func expectReceipt(_ run: AnySagaRun) async throws {
    let trip = try #require(run.typed(as: FixtureTrip.self))
    let receipt = try await trip.output
    try #require(receipt == .init(amount: 300, notes: ["seat": "12A"]))
    let report = await run.report
    try #require(report.metadata == ["trace": "t-\(run.id)", "é": "ü"])
    try #require(report.input?.value(as: FixtureTrip.State.self)?.nights ?? 0 > 0)
  }

  // MARK: - Forward

  private static let midway = FixtureScenario(name: "midway", held: ["pay"]) { bench, world, id in
    try await startTrip(bench, id)
    await world.log.waitFor("pay 1")
  } end: { _, world, run in
    try await expectReceipt(run)
    try #require(world.log.entries == ["pay 1", "tell 1"])
    try #require(await run.report.skippedSteps == ["waive"])
  }

  private static let inTheMiddle = FixtureScenario(name: "in the middle", held: ["pay"]) { bench, world, id in
    let state = FixtureTrip.State(nights: 1, seat: "12A", left: 1, right: 2)
    _ = try await bench.sagas.start(
      FixtureTrip.self, state, from: \.receipt, id: id, metadata: ["trace": "t-\(id)", "é": "ü"])
    await world.log.waitFor("pay 1")
  } end: { _, world, run in
    try await expectReceipt(run)
    try #require(world.log.entries == ["pay 1", "tell 1"])
  }

  /// The retries are options of this saga: its definition has none.
  private static let backoff = FixtureScenario(name: "backoff", broken: ["pay"]) { bench, world, id in
    try await startTrip(
      bench, id, nights: 1,
      options: StartOptions(
        defaults: StepDefaults(retry: .exponential(retries: 3, from: .seconds(60)), timeout: .hours(1)),
        timeout: .days(3)))
    await world.log.waitFor("pay 1")
    try await bench.sleep(.seconds(1))
  } end: { _, world, run in
    try await expectReceipt(run)
    try #require(world.log.entries == ["pay 2", "tell 1"])
    try #require(await run.report.step("pay")?.attempts == 2)
    try #require(await run.report.completedSteps.contains("waive"))
  }

  private static let suspended = FixtureScenario(name: "suspended", broken: ["pay", "tell"]) {
    bench, _, id in
    try await startTrip(bench, id, options: StartOptions(failurePolicy: .suspend))
    try #require(try await bench.sagas.handle(id)?.settled == .suspended)
  } end: { bench, world, run in
    try #require(await run.status == .suspended)
    try #require((await run.report.error as? RecordedError)?.restored(as: FixtureFault.self)?.number == 7)
    await bench.settle()
    try #require(world.log.entries.isEmpty)
    try await bench.sagas.resume(run.id)
    try await expectReceipt(run)
    try #require(world.log.entries == ["pay 2", "tell 1"])
  }

  private static let pivot = FixtureScenario(name: "pivot", broken: ["ship"]) { bench, _, id in
    _ = try await bench.sagas.start(FixtureSale.self, .init(), id: id)
    try #require(try await bench.sagas.handle(id)?.settled == .stuck)
  } end: { bench, world, run in
    try #require(await run.status == .stuck)
    let error = try await refusal { try await bench.sagas.cancel(run.id) }
    try #require(error?.code == .pastPivot)
    try await bench.sagas.retry(run.id)
    let sale = try #require(run.typed(as: FixtureSale.self))
    let state = try await sale.output
    try #require(state.reserved == 5 && state.parcel == "P1")
    try #require(world.log.entries == ["ship 3", "thank 1"])
  }

  /// The token is there as long as somebody may need it, and no longer.
  private static let redacted = FixtureScenario(
    name: "redacted", isInLogs: false, firstFile: 6, held: [use("redacted")]
  ) {
    bench, world, id in
    _ = try await bench.sagas.start(FixtureErrand.self, .init(), id: id)
    await world.log.waitFor("\(use(id)) 1")
    try #require(try await recorded(bench, id).contains(FixtureErrand.token))
  } end: { bench, world, run in
    try #require(await run.outcome.isSuccess)
    try #require(world.log.entries == ["\(use(run.id)) 1"])
    guard case .completed(let token)? = await run.report.step("token")?.effect else { throw Refused() }
    try #require(token.isRedacted)
    let recorded = try await recorded(bench, run.id)
    try #require(!recorded.isEmpty && !recorded.contains(FixtureErrand.token))
  }

  private static func use(_ runID: String) -> String { "use \(FixtureErrand.token) \(runID)/use" }

  /// All that the store has in the log of a saga.
  private static func recorded(_ bench: Workbench, _ id: String) async throws -> String {
    let records = try await bench.sagas.engine.journal.store.load(id)?.records ?? []
    return records.map { String(decoding: $0, as: UTF8.self) }.joined()
  }

  /// The second saga of its id has keys of its own, and the third one too.
  private static let again = FixtureScenario(name: "again", isInLogs: false, firstFile: 6, held: ["pay"]) {
    bench, world, id in
    _ = try await bench.sagas.run(FixtureErrand.self, .init(), id: id)
    try await bench.sagas.forget(id)
    try await startTrip(bench, id, nights: 1)
    await world.log.waitFor("pay 1")
    try await bench.sagas.cancel(id)
  } end: { bench, world, run in
    guard case .compensated = await run.outcome else { throw Refused() }
    try #require(world.log.entries.first == "void again~2/pay 1")
    try await bench.sagas.forget(run.id)
    _ = try await bench.sagas.run(FixtureErrand.self, .init(), id: run.id)
    try #require(world.log.entries.last == "\(use("again~3")) 1")
  }

  /// The one that is not recovered.
  static let endedName = "ended"

  private static let ended = FixtureScenario(name: endedName, broken: ["tell"]) { bench, _, id in
    try await startTrip(bench, id)
    try #require(try await bench.sagas.handle(id)?.settled == .completed)
  } end: { _, world, run in
    try await expectReceipt(run)
    let report = await run.report
    try #require(report.failures.map(\.step) == ["tell"])
    try #require((report.failures[0].error as? RecordedError)?.restored(as: FixtureFault.self)?.number == 7)
    try #require(world.log.entries.isEmpty)
  }

  // MARK: - Waiting

  private static let waiting = FixtureScenario(name: "waiting") { bench, _, id in
    let events = bench.sagas.events
    _ = try await bench.sagas.start(FixtureApproval.self, .init(order: "o-1"), id: id)
    do {
      // It takes the one, and the other is kept for it.
      try await events.publish(FixtureStamped(order: "o-1", number: 17), id: "stamp")
      try await events.publish(FixtureAsked(order: "o-1"), id: "asked")
    } catch let error as SagaError where error.code == .unsupported {}
    try await bench.sleep(.seconds(1))
  } end: { bench, world, run in
    try #require(await run.status == .waiting)
    guard await run.report.step("asked")?.status == .completed else {
      // From a store without events: its time runs out.
      guard case .compensated(let failure) = await run.outcome else { throw Refused() }
      try #require(failure.step == "asked" && failure.error is WaitTimedOut)
      return try #require(world.log.entries == ["close T1 1"])
    }
    let events = bench.sagas.events
    try #require(try await events.publish(FixtureStamped(order: "o-2", number: 1), id: "stamp").isDuplicate)
    let report = try await events.publish(FixtureDecided(ticket: "T1", approved: true))
    try #require(report.deliveredTo == [run.id])
    let began = bench.clock.now
    let approval = try #require(run.typed(as: FixtureApproval.self))
    let state = try await approval.output
    try #require(state.asked?.order == "o-1" && state.stamp == 17 && state.decision?.approved == true)
    try #require(bench.elapsed(since: began) == .days(2))
    try #require(world.log.entries == ["file 17 1"])
  }

  // MARK: - Undoing

  private static let unwinding = FixtureScenario(name: "unwinding", broken: ["pay", "undo left"]) {
    bench, world, id in
    try await startTrip(bench, id)
    await world.log.waitFor("undo left 1")
    // The next attempt is due in a second.
    try await bench.sleep(.milliseconds(500))
  } end: { _, world, run in
    guard case .compensated(let failure) = await run.outcome else { throw Refused() }
    try #require(failure.step == "pay")
    try #require(failure.error(as: FixtureFault.self)?.number == 7)
    try #require(failure.undone.sorted() == ["insure", "left", "right", "seat"])
    let entries = world.log.entries.filter { $0 != "undo right 1" }
    try #require(entries == ["undo left 2", "free 12A 1"], "\(world.log.entries)")
    // The right one was undone by the one process or by the other.
    try #require(await run.report.step("right")?.undoAttempts == 1)
  }

  private static let cancelled = FixtureScenario(name: "cancelled", held: ["pay"]) { bench, world, id in
    try await startTrip(bench, id, nights: 1)
    await world.log.waitFor("pay 1")
    try await bench.sagas.cancel(id)
  } end: { _, world, run in
    guard case .compensated(let failure) = await run.outcome else { throw Refused() }
    try #require(failure.error is SagaCancelled && failure.undone.first == "pay")
    try #require(world.log.entries.first == "void cancelled/pay 1")
    try #require(
      world.log.entries.dropFirst().sorted() == ["free 12A 1", "undo left 1", "undo right 1"])
  }

  private static let stuck = FixtureScenario(name: "stuck", broken: ["pay", "free 12A"]) { bench, _, id in
    try await startTrip(bench, id)
    try #require(try await bench.sagas.handle(id)?.settled == .stuck)
  } end: { bench, world, run in
    try #require(await run.status == .stuck)
    try #require(await run.report.unresolved.map(\.step) == ["seat"])
    await bench.settle()
    try #require(world.log.entries.isEmpty)
    try await bench.sagas.retryCompensation(run.id)
    guard case .compensated(let failure) = await run.outcome else { throw Refused() }
    try #require(failure.error(as: FixtureFault.self)?.number == 7 && failure.undone.last == "seat")
    try #require(world.log.entries == ["free 12A 5"])
  }

  /// Verdicts and waves are recorded, and not asked again.
  private static let asked = FixtureScenario(name: "asked", broken: ["once"], held: ["undo a"]) {
    bench, world, id in
    _ = try await bench.sagas.start(FixtureStay.self, .init(), id: id)
    await world.log.waitFor("undo a 1")
  } end: { _, world, run in
    guard case .compensated(let failure) = await run.outcome else { throw Refused() }
    try #require(failure.error(as: FixtureFault.self)?.number == 7)
    try #require(failure.undone == ["b", "a", "c"])
    try #require(world.log.entries == ["undo a 1", "undo c 1"])
  }

  /// What runs at most once is not run again.
  private static let once = FixtureScenario(name: "once", held: ["once"]) { bench, world, id in
    _ = try await bench.sagas.start(FixtureStay.self, .init(), id: id)
    await world.log.waitFor("once 1")
  } end: { _, world, run in
    guard case .compensated(let failure) = await run.outcome else { throw Refused() }
    try #require(failure.step == "once" && (failure.error as? SagaError)?.code == .cutOff)
    try #require(failure.undone == ["b", "c"])
    try #require(world.log.entries == ["undo b 1", "undo c 1"])
  }
}
