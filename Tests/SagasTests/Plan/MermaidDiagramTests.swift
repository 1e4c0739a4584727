import Testing

@testable import Sagas

@Suite("Mermaid diagrams")
struct MermaidDiagramTests {
  private func mermaid<S: Saga>(_ saga: S) throws -> String {
    SagaDefinition(try PlanCompiler.compile(saga)).mermaid
  }

  @Test func checkout() throws {
    #expect(
      try mermaid(Checkout(in: OutsideWorld())) == """
        flowchart TD
          start(["Checkout 1"])
          n1["validate customer"]
          start --> n1
          n2[/"fulfilment"\\]
          n1 --> n2
          n3["charge payment ↩"]
          n2 --> n3
          n4["reserve inventory ↩"]
          n2 --> n4
          n5["quote shipping"]
          n2 --> n5
          n2j[\\"fulfilment"/]
          n3 --> n2j
          n4 --> n2j
          n5 --> n2j
          n6["create order ↩"]
          n2j --> n6
          n7["send mail"]
          n6 --> n7
          n8(["output"])
          n7 --> n8
          classDef optional stroke-dasharray: 5 5
          class n7 optional

        """)
  }

  private struct Choices: Saga {
    static let name = "a \"quoted\" <name> & more"
    struct State: Codable, Sendable { var word: String? }

    var body: some Flow<State> {
      When("large?", { _ in true }) {
        Step("yes 1") { _ in }.optional()
        Step("yes 2") { _ in }.optional()
      }
      When("small?", { _ in true }) {
      } otherwise: {
        Step("not `small`") { _ in }
      }
      Switch("word", on: \.word) {
        Case("a", "b\n#\"") { Step("a") { _ in } }
        Case("c") {}
      } otherwise: {
        Fail("none") { _ in Refused() }
      }
      Parallel("no way on") {
        Fail("x") { _ in Refused() }
        Fail("y") { _ in Refused() }
      }
    }
  }

  @Test func choicesAndFailures_andSignsOfMermaidItself() throws {
    #expect(
      try mermaid(Choices()) == """
        flowchart TD
          start(["a #quot;quoted#quot; #lt;name#gt; #amp; more 1"])
          n1{"large?"}
          start --> n1
          n3["yes 1"]
          n1 -->|"yes"| n3
          n4["yes 2"]
          n3 --> n4
          n5{"small?"}
          n4 --> n5
          n1 -->|"no"| n5
          n6["not #96;small#96;"]
          n5 -->|"no"| n6
          n7{"word"}
          n6 --> n7
          n5 -->|"yes"| n7
          n8["a"]
          n7 -->|"a, b #35;#quot;"| n8
          n9{{"✗ none"}}
          n7 -->|"otherwise"| n9
          n10[/"no way on"\\]
          n8 --> n10
          n7 -->|"c"| n10
          n11{{"✗ x"}}
          n10 --> n11
          n12{{"✗ y"}}
          n10 --> n12
          n13(["output"])
          classDef optional stroke-dasharray: 5 5
          class n3,n4 optional

        """)
  }

  @Test func theSameDefinition_drawsTheSame() throws {
    let first = try mermaid(Choices())
    for _ in 0..<20 { #expect(try mermaid(Choices()) == first) }
  }
}
