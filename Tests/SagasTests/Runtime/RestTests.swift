import SagasTesting
import Testing

@testable import Sagas

/// A saga that waits is data: what that takes, and that nothing is lost by it.
@Suite struct RestTests {
  struct Told: SagaEvent { var key = "k" }

  struct Patient: Saga {
    struct State: Codable, Sendable {
      var key = "k"
      var first: Int?, told: Told?, last: Int?
    }
    let limit: Duration
    var body: some Flow<State> {
      Step("first", \.first) { _ in 1 }.compensate { _ in }
      WaitForEvent("wait", \.told, on: \.key, equals: \.key).timeout(limit)
      Step("last", \.last) { try $0.first + 1 }
    }
  }

  struct Bare: Saga {
    typealias State = Patient.State
    var fails = false
    var failurePolicy: FailurePolicy { .suspend }
    var body: some Flow<State> {
      Step("first", \.first) { _ in
        if fails { throw Refused() }
        return 1
      }
      WaitForEvent("wait", \.told, on: \.key, equals: \.key)
      Step("last", \.last) { try $0.first + 1 }
    }
  }

  struct Limited: Saga {
    typealias State = Patient.State
    var body: some Flow<State> {
      Step("first", \.first) { _ in 1 }.timeout(.hours(1))
      WaitForEvent("wait", \.told, on: \.key, equals: \.key)
      Step("last", \.last) { try $0.first + 1 }
    }
  }

  private func isResting(_ bench: Workbench, _ id: String = "s") async throws -> Bool {
    let instance = try #require(bench.sagas.engine.registry[id])
    return await instance.memory.isPacked
  }

  @Test(arguments: [true, false])
  func aSagaThatWaits_rests_whoeverLooksAtIt_andGoesOn(encoding: Bool) throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation, store: InMemoryStore(encoding: encoding))
      try await bench.sagas.register(Bare())
      let run = try await bench.sagas.start(Bare.self, .init(), id: "s")
      await bench.settle()
      #expect(try await isResting(bench))
      let began = bench.clock.now
      #expect(await run.status == .waiting)
      #expect(try await isResting(bench))
      let report = await run.report
      #expect(report.completedSteps == ["first"] && report.step("wait")?.status == .waiting)
      #expect(report.startedAt == began && report.step("first")?.endedAt == began)
      #expect(try await isResting(bench))
      try await run.resume()  // harmless
      #expect(try await isResting(bench))
      _ = await bench.sagas.supervisor.statistics()
      #expect(try await isResting(bench))
      for await update in run.updates {
        #expect(update.currentSteps == ["wait"])
        break
      }
      await bench.settle()  // the worker that began the watch lets go of it, too
      try await run.resume()
      #expect(try await isResting(bench))
      let watched = try #require(bench.sagas.engine.registry["s"])
      #expect(await watched.machine.waits == 1)
      let published = try await bench.sagas.events.publish(Told())
      #expect(published.deliveredTo == ["s"])
      #expect(try await run.output.last == 2)
    }
  }

  @Test(arguments: [true, false])
  func aSagaThatWasWatched_restsOnceSomethingHappens_andIsWatchedAnew(encoding: Bool) throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation, store: InMemoryStore(encoding: encoding))
      try await bench.sagas.register(Bare())
      let run = try await bench.sagas.start(Bare.self, .init(), id: "s")
      await bench.settle()
      var updates: SagaUpdates.Iterator? = run.updates.makeAsyncIterator()
      #expect(await updates?.next()?.currentSteps == ["wait"])
      try await run.resume()
      #expect(try await !isResting(bench), "somebody watches")
      updates = nil
      await bench.settle()  // the worker that began the watch lets go of it, too
      try await run.resume()
      #expect(try await isResting(bench))
      var later = run.updates.makeAsyncIterator()
      #expect(await later.next()?.currentSteps == ["wait"])
      _ = try await bench.sagas.events.publish(Told())
      var last: SagaUpdate?
      while let update = await later.next() { last = update }
      #expect(last?.status == .completed)
    }
  }

  /// Its timer is gone; the place in the heap that was for it stands for nothing.
  @Test func aSagaWhoseStepKeptItsLimit_rests() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation, store: InMemoryStore())
      try await bench.sagas.register(Limited())
      let run = try await bench.sagas.start(Limited.self, .init(), id: "s")
      await bench.settle()
      #expect(try await isResting(bench))
      #expect(bench.sagas.supervisor.sagasWithDeadline == 0)
      try await bench.sleep(.hours(2))
      #expect(try await isResting(bench))
      _ = try await bench.sagas.events.publish(Told())
      #expect(try await run.output.last == 2)
    }
  }

  /// Each look at its machine would make it anew.
  @Test func aSagaWhoseWorkerGoesOn_doesNotRestInBetween() throws {
    try underSchedules(1) { simulation in
      let bench = Workbench(simulation, store: InMemoryStore())
      try await bench.sagas.register(Bare())
      _ = try await bench.sagas.start(Bare.self, .init(), id: "s")
      await bench.settle()
      let instance = try #require(bench.sagas.engine.registry["s"])
      #expect(await instance.restsBetweenJobs() == false)
      #expect(try await isResting(bench))
    }
  }

  @Test func aSuspendedSaga_rests_andGoesOn() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation, store: InMemoryStore())
      try await bench.sagas.register(Bare(fails: true))
      let run = try await bench.sagas.start(Bare.self, .init(), id: "s")
      #expect(await run.settled == .suspended)
      await bench.settle()
      #expect(try await isResting(bench))
      #expect(await run.report.step("first")?.error != nil)
      try await run.resume()
      #expect(await run.settled == .suspended)
      #expect(await run.report.step("first")?.attempts == 2)
    }
  }

  /// Its limit is a timer.
  @Test func aSagaThatWaitsForATimeToo_goesOn() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation, store: InMemoryStore())
      try await bench.sagas.register(Patient(limit: .minutes(1)))
      let run = try await bench.sagas.start(Patient.self, .init(), id: "s")
      await bench.settle()
      #expect(try await !isResting(bench))
      guard case .compensated(let failure) = await run.outcome else { return #expect(Bool(false)) }
      #expect(failure.error is WaitTimedOut && failure.undone == ["first"])
    }
  }

  // MARK: Sizes

  #if os(Linux) && !TSAN  // with it, locks are larger
  /// What there is of each saga that waits. Whoever lets one of these grow looks first at what `Demo stress` says; of
  /// objects, what counts is in which size the allocator hands them out: on Linux 16 bytes apart, from 24.
  @Test func whatEachWaitingSagaHas_isSmall() {
    let instance = instanceSize(SagaInstance.self)
    let bulletin = instanceSize(Bulletin.self)
    let info = instanceSize(SagaInfo.self)
    #expect(instance <= 200 && bulletin <= 40 && info <= 72)
    #expect(MemoryLayout<WorkingMemory>.size == 8)
    #expect(MemoryLayout<SagaData>.size == 24)
    #expect(MemoryLayout<Listening>.size == 9)
    // A place in a table beside four bytes of hash.
    #expect(MemoryLayout<InMemoryStore.Record?>.size == 8)
    #expect(MemoryLayout<SagaInstance?>.size == 8 && MemoryLayout<AnyObject?>.size == 8)
  }
  #endif
}

extension SagaInstance {
  /// Whether it rests while its worker goes on with a job of it that does not keep it at work by itself.
  fileprivate func restsBetweenJobs() -> Bool {
    outbox.append(Job(saga: self, work: .events))
    let next = send(keepingOne: true)
    defer { rest() }
    return next == nil || memory.isPacked
  }
}
