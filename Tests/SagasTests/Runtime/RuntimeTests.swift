import Testing

@testable import Sagas

@Suite struct RuntimeTests {
  @TaskLocal private static var caller = "nobody"

  @Test func idsAreFifteenPlainCharactersAndDiffer() {
    let runtime = Runtime()
    let ids = (0..<10_000).map { _ in runtime.ids() }
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { $0.utf8.count == 15 })
    let alphabet = Set("0123456789abcdefghjkmnpqrstvwxyz")
    #expect(Set(ids.joined()) == alphabet)
  }

  @Test func everyOneOfTheSeventyFiveBitsReachesTheID() {
    #expect(Runtime.id(from: 0, 0) == "000000000000000")
    #expect(Runtime.id(from: .max, .max) == "zzzzzzzzzzzzzzz")
    let single = (0..<60).map { Runtime.id(from: 1 << $0, 0) } + (0..<15).map { Runtime.id(from: 0, 1 << $0) }
    #expect(Set(single).count == 75)
  }

  @Test func idsComeFromTheInjectedRandomness() {
    let runtime = Runtime(random: { 0 })
    #expect(runtime.ids() == "000000000000000")
    #expect(Runtime(ids: { "mine" }).ids() == "mine")
  }

  @Test func defaultRandomnessDiffersBetweenRuntimesAndUsesAllBits() {
    let drawn = [Runtime(), Runtime()].map { runtime in (0..<1_000).map { _ in runtime.random() } }
    #expect(Set(drawn.joined()).count == 2_000)
    for bit in 0..<64 {
      let ones = drawn.joined().count { $0 >> bit & 1 == 1 }
      // Twelve standard deviations around the half.
      #expect((730...1_270).contains(ones), "bit \(bit) was set in \(ones) of 2000 numbers")
    }
  }

  @Test func randomnessMayBeDrawnFromManyTasks() async {
    let runtime = Runtime()
    let drawn = await withTaskGroup(of: [UInt64].self) { group in
      for _ in 0..<8 { group.addTask { (0..<1_000).map { _ in runtime.random() } } }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(drawn).count == 8_000)
  }

  @Test func aSpawnedTaskKnowsNothingOfItsCaller() async {
    let heard = Heard()
    await Self.$caller.withValue("somebody") {
      await Runtime().spawn("probe") {
        let name = Self.caller
        heard.name.withLock { $0 = name }
      }.value
    }
    #expect(heard.name.withLock { $0 } == "nobody")
  }

  @Test func aSpawnedTaskHasItsName() async {
    guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) else { return }
    let heard = Heard()
    await Runtime().spawn("a name") {
      let name = Task.name
      heard.name.withLock { $0 = name }
    }.value
    #expect(heard.name.withLock { $0 } == "a name")
  }

  @Test func aSpawnedTaskRunsOnTheExecutor() async {
    let executor = CountingExecutor()
    await Runtime(executor: executor).spawn("probe") {}.value
    #expect(executor.jobs.withLock { $0 } == 1)
  }

  private final class Heard: Sendable {
    let name = Lock<String?>(nil)
  }

  private final class CountingExecutor: TaskExecutor {
    let jobs = Lock(0)

    func enqueue(_ job: consuming ExecutorJob) {
      jobs.withLock { $0 += 1 }
      UnownedJob(job).runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}
