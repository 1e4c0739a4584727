#if canImport(SQLite3) || canImport(CSQLite)
import Dispatch
import Sagas
import Synchronization
import Testing

@testable import SagasSQLite

/// One transaction takes all that was decided while the last one was written.
@Suite("Group commit", .timeLimit(.minutes(1)))
struct GroupCommitTests {
  private func record(_ id: String) -> JournalRecord {
    JournalRecord(
      sagaID: id, sagaName: "s", sagaVersion: 1, startedAt: Timestamp(nanoseconds: 1), writer: 1,
      firstNumber: 0, count: 1, time: Timestamp(nanoseconds: 1), status: .running, bytes: [7])
  }

  @Test func whatComesWhileOneIsWritten_isWrittenInOne() async throws {
    let file = try TemporaryFile()
    let commits = Atomic(0)
    let go = DispatchSemaphore(value: 0)
    let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
    var faults = StoreFaults()
    faults.beforeCommit = {
      // On the store's own thread, which may be kept waiting.
      if commits.add(1, ordering: .relaxed).newValue == 1 {
        arrival.finish()
        go.wait()
      }
    }
    let store = try SQLiteStore(path: file.path, durability: .normal, faults: faults)
    let (written, notice) = AsyncStream.makeStream(of: Bool.self)
    func append(_ id: String) {
      let durability = store.append(record(id)) { result in
        notice.yield((try? result.get()) != nil)
      }
      #expect(durability == .pending)
    }
    append("first")
    for await _ in arrivals {}
    for n in 0..<100 { append("s\(n)") }
    go.signal()
    var count = 0
    for await isWritten in written {
      #expect(isWritten)
      count += 1
      if count == 101 { break }
    }
    #expect(commits.load(ordering: .relaxed) == 2)
    await store.close()
  }
}
#endif
