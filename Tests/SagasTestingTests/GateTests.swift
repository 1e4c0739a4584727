import SagasTesting
import Testing

@Suite struct GateTests {
  @Test func holdsEverybodyUntilItIsOpened() throws {
    try simulate(seeds: 0..<50) { simulation in
      let gate = Gate()
      let log = EventLog()
      let waiting = (0..<3).map { number in
        simulation.runtime.spawn("waiting") {
          await gate.wait()
          log.append("through \(number)")
        }
      }
      await gate.waitForArrivals(atLeast: 3)
      log.append("open")
      try #require(!gate.isOpen)
      gate.open()
      for task in waiting { await task.value }
      try #require(gate.isOpen && gate.arrivals == 3)
      try #require(log.entries.first == "open")
      try #require(log.entries.count == 4)
    }
  }

  @Test func letsLatecomersThroughAtOnce() async {
    let gate = Gate()
    gate.open()
    gate.open()
    #expect(await gate.wait())
  }

  @Test func aCancelledTaskDoesNotWaitAnyLonger() throws {
    try simulate(seeds: 0..<50) { simulation in
      let gate = Gate()
      let log = EventLog()
      let waiting = simulation.runtime.spawn("waiting") {
        log.append(await gate.wait() ? "through" : "cancelled")
      }
      waiting.cancel()
      await waiting.value
      try #require(log.entries == ["cancelled"])
      let unharmed = simulation.runtime.spawn("unharmed") { await gate.wait() }
      gate.open()
      await unharmed.value
    }
  }
}
