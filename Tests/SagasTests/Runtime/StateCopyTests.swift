import Testing

@testable import Sagas

/// The State is written in place: a sequence of steps never copies it.
struct StateCopyTests {
  struct Five: Saga {
    struct State: Codable, Sendable {
      var a: Int?, b: Int?, c: Int?, d: Int?, e: Int?
    }
    let boxes: BoxLog
    var body: some Flow<State> {
      Step("a", \.a) {
        boxes.note($0); return 1
      }
      Step("b", \.b) {
        boxes.note($0); return 1
      }
      Step("c", \.c) {
        boxes.note($0); return 1
      }
      Step("d", \.d) {
        boxes.note($0); return 1
      }
      Step("e", \.e) {
        boxes.note($0); return 1
      }
    }
  }

  final class BoxLog: Sendable {
    let seen = Lock<[ObjectIdentifier]>([])
    func note<State>(_ context: Context<State>) { seen.withLock { $0.append(ObjectIdentifier(context.box)) } }
  }

  @Test(arguments: [true, false])
  func aSequenceOfSteps_writesIntoOneBox(encoding: Bool) async throws {
    let boxes = BoxLog()
    let sagas = SagaOrchestrator(store: InMemoryStore(encoding: encoding))
    try await sagas.register(Five(boxes: boxes))
    _ = try await sagas.run(Five.self, .init())
    let seen = boxes.seen.withLock { $0 }
    #expect(seen.count == 5 && Set(seen).count == 1)
  }
}
