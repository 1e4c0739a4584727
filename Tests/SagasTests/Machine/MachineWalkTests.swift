@testable import Sagas
import Foundation
import Testing

/// Random plans in a random world: whatever happens in whatever order, the promises hold.
///
/// `SAGAS_WALK_EVENTS` sets how far to walk, `SAGAS_WALK_SEED` where to begin.
@Suite struct MachineWalkTests {
  #if TSAN
  // It has one thread.
  private static let standard = 20_000
  #else
  private static let standard = 400_000
  #endif
  private static let events = number("SAGAS_WALK_EVENTS").map(Int.init) ?? standard
  private static let seed = number("SAGAS_WALK_SEED") ?? 20_260_401

  private static func number(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  @Test func promisesHold_whateverHappens() throws {
    var events = 0
    var sagas = 0
    var ended: [SagaStatus: Int] = [:]
    var reached: [Cell: Int] = [:]
    var met: [Situation: Int] = [:]
    var moves: Set<String> = []
    var seed = Self.seed
    while events < Self.events {
      var world = World(seed: seed)
      do {
        try world.live()
      } catch {
        let log = world.log.map { "\($0.entry)" }.joined(separator: "\n  ")
        Issue.record("SAGAS_WALK_SEED=\(seed): \(error)\n  \(log)")
        return
      }
      events += world.events
      sagas += 1
      ended[world.machine.status, default: 0] += 1
      reached.merge(world.reached, uniquingKeysWith: +)
      moves.formUnion(world.moves)
      met.merge(world.met, uniquingKeysWith: +)
      seed &+= 1
    }
    let ends = ended.map { "\($1) \($0)" }.sorted().joined(separator: ", ")
    print("walked \(events) events of \(sagas) sagas: \(ends)")
    print(Self.report(reached))
    print(Situation.allCases.map { "\($0) \(met[$0] ?? 0)" }.joined(separator: ", "))
    if Self.events >= 200_000 {
      for situation in Situation.allCases { #expect(met[situation] != nil, "\(situation) was never met") }
    }
    let drawn = try StateDiagramTests.drawn()
    #expect(moves.subtracting(drawn).sorted() == [], "not in the diagrams of the article")
    for cell in Cell.all {
      if let reason = cell.unreachable {
        #expect(reached[cell] == nil, "\(cell) was said, although \(reason)")
      } else if Self.events >= 200_000 {
        #expect(reached[cell] != nil, "\(cell) was never said")
      }
    }
  }

  /// How often each cell was reached; a dot where nothing can be said.
  private static func report(_ reached: [Cell: Int]) -> String {
    func text(_ cell: Cell) -> String {
      cell.unreachable == nil || reached[cell] != nil ? "\(reached[cell] ?? 0)" : "."
    }
    func line(_ head: String, _ fields: [String]) -> String {
      ([head] + fields).map { $0 + String(repeating: " ", count: max(1, 13 - $0.count)) }.joined()
    }
    return
      ([line("step", StepInput.allCases.map(\.rawValue))]
      + Row.Forward.allCases.map { state in
        line("\(state)", StepInput.allCases.map { text(.step(state, $0)) })
      }
      + [line("wait", WaitInput.allCases.map(\.rawValue))]
      + Row.Forward.allCases.map { state in
        line("\(state)", WaitInput.allCases.map { text(.wait(state, $0)) })
      }
      + [line("sleep", WaitInput.allCases.map(\.rawValue))]
      + Row.Forward.allCases.map { state in
        line("\(state)", WaitInput.allCases.map { text(.sleep(state, $0)) })
      }
      + [line("guarded", WaitInput.allCases.map(\.rawValue))]
      + Row.Forward.allCases.map { state in
        line("\(state)", WaitInput.allCases.map { text(.guarded(state, $0)) })
      }
      + [line("undo", UndoInput.allCases.map(\.rawValue))]
      + Row.Undo.allCases.map { state in line("\(state)", UndoInput.allCases.map { text(.undo(state, $0)) }) }
      + [line("saga", SagaInput.allCases.map(\.rawValue))]
      + Phase.allCases.map { state in line("\(state)", SagaInput.allCases.map { text(.saga(state, $0)) }) })
      .joined(separator: "\n")
  }
}
