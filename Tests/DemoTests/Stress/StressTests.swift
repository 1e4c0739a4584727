import Sagas
import SagasTesting
import Testing

@testable import DemoKit

/// Parking and waking many sagas.
@Suite struct StressTests {
  @Test func eachParkedSagaIsWokenOnce() throws {
    try simulate(seeds: 0..<5) { simulation in
      let run = try await StressRun(count: 300, workers: 3, runtime: simulation.runtime)
      let seen = EventLog()
      let parked = try await run.park { seen.append("\($0)") }
      try #require(parked.count == 300)
      try #require(seen.entries.contains("300"))
      try #require(run.sagas.liveCount == 300)
      try #require(throws: StressFault.self) { try run.verify() }
      _ = try await run.drain { _ in }
      try run.verify()
    }
  }

  @Test func aSagaThatTakesMoreThanItMay_isAFault() {
    let options = StressOptions(waiting: 1, atMost: 500)
    #expect(options.objection(to: 500) == nil)
    #expect(options.objection(to: 501)?.description == "a waiting saga takes 501 bytes, more than 500")
    #expect(StressOptions(waiting: 1).objection(to: .max) == nil)
  }

  @Test func idsAndKeysHaveSixteenCharacters() {
    for number in [0, 7, 999_999, 9_999_999] {
      #expect(Parked.text("saga", number).utf8.count == 16)
      #expect(Parked.State(number: number).key.utf8.count == 16)
    }
    #expect(Parked.text("saga", 12) == "saga000000000012")
  }

  @Test func theAccountOfTheAllocatorIsRead() {
    let text = """
      <malloc version="1">
      <heap nr="0">
      <sizes>
      </sizes>
      <total type="fast" count="1" size="32"/>
      <total type="rest" count="2" size="1000"/>
      <system type="current" size="5000"/>
      </heap>
      <total type="fast" count="2" size="64"/>
      <total type="rest" count="4" size="2000"/>
      <total type="mmap" count="1" size="100000"/>
      <system type="current" size="10000"/>
      <system type="max" size="20000"/>
      </malloc>
      """
    #expect(MallocInfoText(text).inUse == 107_936)
    #expect(MallocInfoText("").inUse == nil)
    #expect(MallocInfoText(text.replacing("mmap", with: "other")).inUse == nil)
  }

  #if !TSAN  // which has an allocator of its own
  @Test func memoryThatIsAllocatedIsSeen() {
    let meter = MemoryMeter()
    let before = meter.inUse()
    let bytes = [UInt8](repeating: 1, count: 256 << 20)
    // Half of it, as other tests give memory back meanwhile.
    #expect(withExtendedLifetime(bytes) { meter.inUse() } - before > 128 << 20)
  }
  #endif
}
