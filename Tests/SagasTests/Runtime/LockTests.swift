import Testing

@testable import Sagas

@Suite struct LockTests {
  private final class Counter: Sendable {
    let value = Lock(0)
  }

  @Test func additionsFromManyTasksAreAllCounted() async {
    let counter = Counter()
    await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<1_000 { counter.value.withLock { $0 += 1 } }
        }
      }
    }
    #expect(counter.value.withLock { $0 } == 8_000)
  }

  @Test func anErrorComesOutAndTheLockIsFreeAgain() {
    struct Refused: Error, Equatable {}
    let lock = Lock("before")
    #expect(throws: Refused()) {
      try lock.withLock { (state) throws(Refused) in
        state = "after"
        throw Refused()
      }
    }
    #expect(lock.withLock { $0 } == "after")
  }

  @Test func theStateIsReleasedWithTheLock() {
    final class Token: Sendable {}
    weak var released: Token?
    do {
      let token = Token()
      released = token
      let lock = Lock(token)
      #expect(lock.withLock { $0 === released })
    }
    #expect(released == nil)
  }
}
