import Foundation
import Testing

@testable import Sagas

/// The state diagrams of the article "Semantics" are what the machine does.
///
/// `SAGAS_WRITE_DIAGRAMS=1 swift test --filter StateDiagramTests` writes them anew.
@Suite("State diagrams")
struct StateDiagramTests {
  private static let article = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../Sources/Sagas/Sagas.docc/Semantics.md").standardizedFileURL

  /// Small plans that have between them every kind of part and every policy.
  private static let plans: [SagaPlan] = {
    let undoes: PlanNode.Traits = [.undoesCompleted, .undoesUnknown]
    let any = undoes.union([.optional, .undoesFailed])
    let plain = step("b", [.undoesCompleted])
    return [
      .sketch(timeout: .seconds(60), step("a", undoes.union(.retries), timeout: .seconds(1))),
      .sketch(unwindTimeout: .seconds(60), step("a", [.undoesCompleted, .retriesUndo]), fail("no")),
      .sketch(unwindTimeout: .seconds(60), step("a", undoes.union(.optional)), fail("no")),
      .sketch(step("a", any, undoTimeout: .seconds(1)), plain, fail("no")),
      .sketch(onCompensationFailure: .finish, plain, step("c", .undoesFailed)),
      .sketch(closing: .stop, timeout: .seconds(60), step("a", .retries), plain),
      .sketch(suspendsOnFailure: true, timeout: .seconds(60), step("a", undoes.union(.retries))),
      .sketch(onCompensationFailure: .finish, suspendsOnFailure: true, step("a", undoes), step("c")),
      .sketch(suspendsOnFailure: true, step("a", .undoesUnknown), plain, fail("no")),
      .sketch(parallel(step("a", .retries), fail("no"))),
      .sketch(choice("?", plain, fail("no"))),
      .sketch(step("a", [.optional, .retries], timeout: .seconds(1)), choice("?", step("b"), fail("no"))),
      .sketch(
        onCompensationFailure: .finish, step("a", [.undoesCompleted, .undoesAtOnce]),
        step("b", [.undoesCompleted, .asksStrategy])),
      .sketch(plain, pivot("go"), step("c")),
      .sketch(timeout: .seconds(60), pivot("go"), step("c", .retries, timeout: .seconds(1))),
      .sketch(pivot("go"), parallel(step("a", .retries), step("b"))),
      .sketch(pivot("go"), choice("?", step("b"))),
      .sketch(pivot("go"), step("a", .undoesCompleted), step("c")),
      .sketch(timeout: .seconds(60), plain, wait("a", [.asksKey, .judgesEvent], timeout: .seconds(1))),
      .sketch(closing: .stop, wait("a", .judgesEvent), sleep("b", .seconds(1)), fail("no")),
      .sketch(guarded(.asksKey, plain, wait("a", .judgesTime, timeout: .seconds(1)))),
      .sketch(choice("?", parallel(wait("a"), step("b")), sleep("c", .seconds(1))), step("d")),
      .sketch(
        suspendsOnFailure: true, timeout: .seconds(60),
        guarded([], step("b"), wait("a", timeout: .seconds(1)))),
      .sketch(pivot("go"), parallel(wait("a", timeout: .seconds(1)), step("c"))),
    ]
  }()

  private static let exploration = Result { try Exploration(plans) }

  @Test func theArticle_showsWhatTheMachineDoes() throws {
    let exploration = try Self.exploration.get()
    let diagrams = [
      ("saga", StateDiagram(steps: exploration.saga, first: SagaStatus.created).lines),
      ("step", StateDiagram(steps: exploration.step, first: StepStatus.pending).lines),
    ]
    print("explored \(exploration.states) states of \(Self.plans.count) plans")
    let text = String(decoding: try Data(contentsOf: Self.article), as: UTF8.self)
    var updated = text
    for (name, lines) in diagrams {
      updated = try #require(
        Self.replacing(name, with: lines, in: updated), "the article has no markers for '\(name)'")
    }
    if ProcessInfo.processInfo.environment["SAGAS_WRITE_DIAGRAMS"] == "1" {
      try Data(updated.utf8).write(to: Self.article)
    } else {
      #expect(
        updated == text,
        "the diagrams are stale: SAGAS_WRITE_DIAGRAMS=1 swift test --filter StateDiagramTests writes them anew"
      )
    }
  }

  /// Nothing leaves a status that is final, and every status but `parked`, which the machine does not know, is there.
  @Test func whatIsFinal_isLeftByNothing() throws {
    let steps = try Self.exploration.get().saga
    let reached = Set(steps.map(\.to)).union([.created])
    #expect(reached == Set(SagaStatus.allCases).subtracting([.parked]))
    #expect(steps.allSatisfy { !$0.from.isTerminal })
  }

  @Test func aDiagramThatIsChanged_isNoticed() throws {
    let text = "a\n<!-- diagram: x -->\n```mermaid\nold\n```\n<!-- end -->\nb\n"
    let new = try #require(Self.replacing("x", with: ["old"], in: text))
    #expect(new == text)
    #expect(Self.replacing("x", with: ["new"], in: text) == text.replacingOccurrences(of: "old", with: "new"))
    #expect(Self.replacing("y", with: ["new"], in: text) == nil)
  }

  /// Every change of status that the article shows, as "from --> to".
  static func drawn() throws -> Set<String> {
    let text = String(decoding: try Data(contentsOf: article), as: UTF8.self)
    let arrows = text.split(separator: "\n").filter { $0.contains(" --> ") }
    return Set(arrows.map { $0.split(separator: ":")[0].trimmingCharacters(in: .whitespaces) })
  }

  /// The text with the diagram of that name between its markers; `nil` when it has no such markers.
  private static func replacing(_ name: String, with lines: [String], in text: String) -> String? {
    let begin = "<!-- diagram: \(name) -->\n"
    guard let start = text.range(of: begin)?.upperBound,
      let end = text.range(of: "<!-- end -->", range: start..<text.endIndex)?.lowerBound
    else { return nil }
    let diagram = (["```mermaid"] + lines + ["```", ""]).joined(separator: "\n")
    return text.replacingCharacters(in: start..<end, with: diagram)
  }
}
