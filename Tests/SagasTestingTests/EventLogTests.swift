import SagasTesting
import Testing

@Suite struct EventLogTests {
  @Test func keepsTheOrder() {
    let log = EventLog()
    for entry in ["a", "b", "a", "c"] { log.append(entry) }
    #expect(log.entries == ["a", "b", "a", "c"])
    #expect(log.count(of: "a") == 2)
    #expect(log.index(of: "a") == 0)
    #expect(log.index(of: "d") == nil)
    #expect(log.has("b", before: "c"))
    #expect(!log.has("c", before: "b"))
    #expect(!log.has("a", before: "d"))
    #expect(!log.has("d", before: "a"))
  }

  @Test func waitsForAnEntryThatComesLater() async {
    let log = EventLog()
    async let arrived = log.waitFor("b", times: 2)
    for entry in ["b", "a", "b"] { log.append(entry) }
    #expect(await arrived)
    #expect(await log.waitFor("a"))
  }

  @Test func aCancelledTaskDoesNotWaitAnyLonger() async {
    let log = EventLog()
    let waiting = Task { await log.waitFor("never") }
    waiting.cancel()
    #expect(await waiting.value == false)
  }
}
