#if canImport(SQLite3) || canImport(CSQLite)
import Foundation
import SagasTesting
import Testing

@testable import CrashChild

/// Real processes, killed: what they leave in the file is taken up by the next, and in the end the ledger of all that
/// was done in the world reconciles.
///
///     SAGAS_CRASH_KILLS=5000 swift test --filter CrashTests
///
/// `SAGAS_CRASH_KILLS` is how many processes are killed at random moments; where it is given, every journal write is
/// crashed at, else some are. `SAGAS_CRASH_SEED` repeats the kills of a run of the test, as far as real processes go:
/// the same sagas are killed at the same sign of life.
@Suite("Crashes", .serialized, .timeLimit(.minutes(120)))
struct CrashTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let wanted = environment["SAGAS_CRASH_KILLS"].flatMap { Int($0) }
  private static let seed = environment["SAGAS_CRASH_SEED"].flatMap { UInt64($0) } ?? .random(in: 0 ... .max)

  /// Waiting for processes takes threads of their own, not those that tasks share.
  private func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value
  {
    try await withCheckedThrowingContinuation { continuation in
      Thread { continuation.resume(with: Result { try body() }) }.start()
    }
  }

  @Test func atRandomMoments() async throws {
    #if TSAN
    let few = 6
    #else
    let few = 20
    #endif
    let wanted = Self.wanted ?? few
    var random = SeededRandom(seed: Self.seed)
    var kills = 0, runs = 0, secrets = 0, wornOut = 0, interrupted = 0, cancelling = 0
    while kills < wanted {
      let seed = random.next()
      let (run, complaint) = try await onThread {
        var run = try CrashRun(seed: seed, sagas: 30)
        try run.killAtRandom()
        return (run, run.close())
      }
      kills += run.kills
      secrets += run.secrets
      wornOut += run.wornOut
      interrupted += run.interrupted
      cancelling += run.cancelling
      runs += 1
      if let complaint {
        Issue.record("SAGAS_CRASH_SEED=\(Self.seed), \(complaint)")
        break
      }
    }
    print(
      "\(kills) processes killed at random moments in \(runs) runs, \(interrupted) of them while they recovered, "
        + "\(cancelling) processes that cancelled first of all, \(wornOut) sagas recovered too often, "
        + "SAGAS_CRASH_SEED=\(Self.seed)")
    // Else nothing was looked at.
    if wanted >= 200 { #expect(secrets > 0 && wornOut > 0 && interrupted > 0 && cancelling > 0) }
  }

  @Test(arguments: CrashPoint.Side.allCases)
  func atEveryJournalWrite(_ side: CrashPoint.Side) async throws {
    #if TSAN
    let step = 40
    #else
    let step = Self.wanted == nil ? 9 : 1
    #endif
    var commit = step == 1 ? 1 : 1 + Int(Self.seed % UInt64(step))
    var crashes = 0, writes = 0
    while true {
      let (isReached, count, complaint) = try await onThread { [commit] in
        var run = try CrashRun(seed: Self.seed &+ UInt64(commit), sagas: 10)
        let isReached = try run.crash(side, commit)
        return (isReached, run.kills, run.close())
      }
      crashes += count
      if let complaint {
        Issue.record("SAGAS_CRASH_SEED=\(Self.seed), \(side) commit \(commit): \(complaint)")
        break
      }
      guard isReached else { break }
      writes += 1
      commit += step
    }
    print("\(crashes) processes ended \(side) \(writes) journal writes, SAGAS_CRASH_SEED=\(Self.seed)")
    #expect(writes > 0)
  }

  /// Each thing that is taken out of the ledger of a run, or done twice, shows.
  @Test func everyForgery_isNoticed() async throws {
    let (lines, audit, mix) = try await onThread {
      var run = try CrashRun(seed: Self.seed, sagas: 40)
      _ = try run.launch(killedAfter: 300)
      _ = try run.launch()
      let facts = (try run.lines, try run.audit, run.mix)
      if let complaint = run.close() { throw Complaint(text: complaint) }
      return facts
    }
    #expect(Books(lines, mix).problems(with: audit) == [])
    var forged = 0
    for (index, line) in lines.enumerated() where [.apply, .void, .fence].contains(line.kind) {
      // Of these nobody knows.
      let entry = audit.entries.first { $0.id == line.saga }
      if entry?.unresolved.contains(where: { $0.step == line.step && $0.reason == .unknownEffect }) == true {
        continue
      }
      var without = lines
      without.remove(at: index)
      #expect(!Books(without, mix).problems(with: audit).isEmpty, "without \(line)")
      var twice = lines
      twice.insert(line, at: index)
      #expect(!Books(twice, mix).problems(with: audit).isEmpty, "twice \(line)")
      forged += 1
    }
    #expect(forged > 50)
    for (index, entry) in audit.entries.enumerated() where entry.words == [1, 2] {
      for words in [[2, 1], [1, 1], [1, nil], [nil, 2]] {
        var other = audit
        other.entries[index].words = words
        #expect(!Books(lines, mix).problems(with: other).isEmpty, "\(entry.id) took \(words)")
        forged += 1
      }
    }
    #expect(forged > 54, "some have taken words")
  }

  struct Complaint: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
  }
}
#endif
