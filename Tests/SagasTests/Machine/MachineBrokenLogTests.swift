@testable import Sagas
import Testing

/// A log that lost, repeated, swapped or changed a line is refused, or tells a story that keeps the promises.
@Suite struct MachineBrokenLogTests {
  private enum Damage: CaseIterable { case drop, double, swap, alter, insert }

  private static let numbers: [Attempt] = [0, 1, 2, 3, .max]

  private static func randomNode(_ plan: SagaPlan, _ random: inout SeededRandom) -> NodeID {
    random.once(in: 10) ? NodeID(random.below(65_536)) : NodeID(random.below(plan.nodes.count + 1))
  }

  private static func randomAttempt(_ random: inout SeededRandom) -> Attempt {
    random.once(in: 3) ? numbers[random.below(numbers.count)] : Attempt(1 + random.below(2))
  }

  private static func randomAnswer(_ random: inout SeededRandom) -> Answer {
    let delays: [Duration?] = [
      nil, .zero, .seconds(1), .seconds(-1), .seconds(Int64.max), .seconds(Int64.min),
    ]
    switch random.below(15) {
    case 12: return .verdict(Verdict.allCases[random.below(Verdict.allCases.count)])
    case 13: return .wave(random.once(in: 4) ? .max : UInt16(random.below(4)))
    case 14: return .waves
    case 0: return .branch(nil)
    case 1: return .branch(UInt16(random.below(3)))
    case 2: return .branch(.max)
    case 3: return .count(.max)
    case 4: return [.key, .state, .requests, .noFailure][random.below(4)]
    case 5: return .deadline(Timestamp(nanoseconds: .max))
    case 6, 7: return .failure
    case 8, 9: return .output
    default: return .retry(delays[random.below(delays.count)])
    }
  }

  private static func randomEntry(_ plan: SagaPlan, _ random: inout SeededRandom) -> Entry {
    let node = randomNode(plan, &random)
    let attempt = randomAttempt(&random)
    switch random.below(39) {
    case 0: return .created
    case 1: return .admitted
    case 2: return .recovered
    case 3: return .failing(.node(node), then: random.once(in: 2) ? .stop : .unwind)
    case 4: return .failing(.cancelled, then: random.once(in: 2) ? .stop : .unwind)
    case 5: return .failing(.deadline, then: random.once(in: 2) ? .stop : .unwind)
    case 6: return .unwinding
    case 7: return .suspended
    case 8: return .resumed(from: random.once(in: 4) ? nil : node)
    case 9: return .overdue
    case 10: return .stuck
    case 11: return .parked
    case 12: return .ended([.completed, .compensated, .failed][random.below(3)])
    case 13: return .answered(node, randomAnswer(&random))
    case 14: return .joined(node)
    case 15: return .pivoted(node)
    case 16: return .waiting(node)
    case 17: return .delivered(node, alternative: random.once(in: 3) ? attempt : 0)
    case 18: return .elapsed(node)
    case 19: return .childEnded(node, .completed)
    case 20: return .started(node, attempt)
    case 21: return .completed(node, attempt)
    case 22: return .attemptFailed(node, attempt, unknown: random.once(in: 2))
    case 23: return .timedOut(node, attempt)
    case 24: return .attemptCut(node, attempt)
    case 25: return .returnedLate(node, attempt)
    case 26: return .lateResult(node, attempt)
    case 27: return .neverStarted(node, attempt)
    case 28: return .failed(node)
    case 29: return .undoStarted(node, attempt)
    case 30: return .undoTimedOut(node, attempt)
    case 31: return .undoAttemptFailed(node, attempt)
    case 32: return .undoReturnedLate(node, attempt)
    case 33: return .undone(node, attempt)
    case 34: return .undoImpossible(node, attempt)
    case 35: return .undoFailed(node)
    case 36: return .undoSkipped(node)
    case 37: return .unwindExpired
    default: return .unwindResumed
    }
  }

  private static func randomEvent(_ plan: SagaPlan, _ random: inout SeededRandom) -> Event {
    let node = randomNode(plan, &random)
    let attempt = randomAttempt(&random)
    switch random.below(30) {
    case 24: return .suspend
    case 25: return .resume
    case 26: return .resumeFrom(node)
    case 27, 28: return .delivered(node, alternative: random.once(in: 8) ? attempt : 0)
    case 29: return .elapsed(node)
    case 0: return random.once(in: 2) ? .create : .admit
    case 1: return .recover
    case 2: return random.once(in: 4) ? .cancel(compensating: random.once(in: 2)) : .admit
    case 18: return .sagaTimedOut
    case 19: return .unwindTimedOut
    case 20: return .retryCompensation
    case 21: return .skipCompensation(node)
    case 22: return random.once(in: 4) ? .abandon : .retryCompensation
    case 23: return .answered(.root, .waves)
    case 3, 4, 5: return .answered(node, randomAnswer(&random))
    case 6, 7: return .returned(node, attempt)
    case 8: return .threw(node, attempt, unknown: random.once(in: 2))
    case 9: return .timedOut(node, attempt)
    case 10: return .graceOver(node, attempt)
    case 11: return .neverStarted(node, attempt)
    case 12: return .retryDue(node)
    case 13: return .undoReturned(node, attempt)
    case 14: return .undoThrew(node, attempt, impossible: random.once(in: 2))
    case 15: return .undoTimedOut(node, attempt)
    case 16: return .undoGraceOver(node, attempt)
    default: return .undoRetryDue(node)
    }
  }

  private static func broken(
    _ log: [Entry], _ damage: Damage, _ plan: SagaPlan, _ random: inout SeededRandom
  ) -> [Entry] {
    var log = log
    let place = random.below(log.count)
    switch damage {
    case .drop: log.remove(at: place)
    case .double: log.insert(log[place], at: place)
    case .swap: log.swapAt(place, min(place + 1 + random.below(3), log.count - 1))
    case .alter: log[place] = randomEntry(plan, &random)
    case .insert: log.insert(randomEntry(plan, &random), at: place)
    }
    return log
  }

  @Test func damagedLog_isRefusedOrKeepsThePromises() throws {
    var random = SeededRandom(seed: 7)
    var refused = 0
    var taken = 0
    for seed in 1...1_500 as ClosedRange<UInt64> {
      var world = World(seed: seed)
      try world.live()
      let log = world.log.map(\.entry)
      for damage in Damage.allCases + Damage.allCases {
        let broken = Self.broken(log, damage, world.plan, &random)
        var machine = SagaMachine(plan: world.plan)
        var ledger = Ledger(plan: world.plan)
        var isRefused = false
        for entry in broken {
          let before = machine
          do {
            try machine.apply(entry, at: .second(1))
          } catch {
            #expect(error == IllegalEntry(entry: entry, position: before.entries))
            #expect(machine == before, "what is refused changes nothing")
            isRefused = true
            break
          }
          do {
            try ledger.accept(entry)
          } catch {
            let lines = broken.map { "\($0)" }.joined(separator: "\n  ")
            Issue.record("seed \(seed), \(damage): \(error)\n  \(lines)")
            return
          }
        }
        #expect(machine.miscounted.isEmpty)
        if isRefused { refused += 1 } else { taken += 1 }
      }
    }
    print("damaged logs: \(refused) refused, \(taken) taken and sound")
  }

  @Test func anyEvent_neverTraps() throws {
    var random = SeededRandom(seed: 11)
    var thrown = 0
    for _ in 0..<2_000 {
      let plan = SagaPlan.random(&random)
      var machine = SagaMachine(plan: plan)
      var recorder = Recorder()
      try machine.handle(.create, at: .second(1), into: &recorder)
      try machine.handle(.admit, at: .second(1), into: &recorder)
      for _ in 0..<60 {
        let event = Self.randomEvent(plan, &random)
        let before = machine
        let written = recorder.entries.count
        do {
          try machine.handle(event, at: .second(Int64(random.below(100))), into: &recorder)
        } catch {
          thrown += 1
          guard case .answered = event else {
            Issue.record("\(event) led to \(error)")
            return
          }
          // An answer that nobody asked for is a defect of the driver, and leaves everything as it was.
          #expect(machine == before && recorder.entries.count == written)
        }
        #expect(machine.miscounted.isEmpty)
      }
      var copy = SagaMachine(plan: plan)
      for entry in recorder.entries { try copy.apply(entry, at: .second(1)) }
      #expect(copy.rows.map(\.forward) == machine.rows.map(\.forward) && copy.phase == machine.phase)
    }
    print("random events: \(thrown) answers refused")
  }
}
