import Foundation
import Testing

/// The examples of the documentation are code of the tests, so that they compile and do what they say.
@Suite("Examples of the documentation")
struct DocumentationTests {
  /// Pages with examples: what a user reads first.
  private static let pages: [String] = {
    let catalogs = files(in: "Sources").filter { $0.contains(".docc/") && $0.hasSuffix(".md") }
    return ["README.md"] + catalogs.sorted()
  }()
  private static let tests = files(in: "Tests").filter { $0.hasSuffix(".swift") }.sorted()

  @Test(arguments: pages)
  func eachExample_isPartOfATest_wordForWord(page: String) throws {
    let sources = try Self.tests.map { try Self.lines(of: $0) }
    for example in Self.examples(in: try Self.lines(of: page)) where !example.isManifest {
      #expect(
        sources.contains { example.stands(in: $0) },
        "\(page):\(example.line): no file of the tests has this example; keep both the same")
    }
  }

  @Test func thePagesHaveExamples() throws {
    let counts = try Self.pages.map { Self.examples(in: try Self.lines(of: $0)).count }
    #expect(counts.contains { $0 > 0 })
    #expect(Self.pages.count > 1)
  }

  @Test func anExampleThatIsChanged_isNoticed() throws {
    let page = ["Text", "```swift", "let a = 1", "", "  a + 1", "```", "```", "not Swift", "```"]
    let example = try #require(Self.examples(in: page).first)
    #expect(example.stands(in: ["func f() {", "    let a = 1", "", "      a + 1", "}"]))
    #expect(!example.stands(in: ["func f() {", "    let a = 1", "", "      a + 2", "}"]))
    #expect(!example.stands(in: ["    let a = 1", "", "    a + 1"]))
    #expect(!example.stands(in: ["let a = 1"]))
    #expect(Self.examples(in: page).count == 1)
  }

  /// The lines of a fenced block of Swift.
  private struct Example {
    /// Where it begins on its page.
    let line: Int
    let code: [String]

    /// A manifest compiles by itself only; the gate reads it.
    var isManifest: Bool { code.first?.hasPrefix("// swift-tools-version") == true }

    /// Whether its lines stand there one after the other, all indented by the same amount.
    func stands(in source: [String]) -> Bool {
      guard let first = code.first else { return true }
      return source.indices.contains { start in
        guard source[start].hasSuffix(first), source.count - start >= code.count else { return false }
        let indent = source[start].dropLast(first.count)
        guard indent.allSatisfy({ $0 == " " }) else { return false }
        return zip(source[start...], code).allSatisfy { $0 == ($1.isEmpty ? "" : indent + $1) }
      }
    }
  }

  private static func examples(in page: [String]) -> [Example] {
    var examples: [Example] = []
    var begin: Int?
    var isOpen = false
    for (index, line) in page.enumerated() where line.hasPrefix("```") {
      if isOpen, let start = begin {
        examples.append(Example(line: start + 1, code: Array(page[(start + 1)..<index])))
      }
      isOpen.toggle()
      begin = isOpen && line == "```swift" ? index : nil
    }
    return examples
  }

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../..").standardizedFileURL

  private static func files(in folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
    return (names?.compactMap { $0 as? String } ?? []).map { "\(folder)/\($0)" }
  }

  private static func lines(of file: String) throws -> [String] {
    String(decoding: try Data(contentsOf: root.appendingPathComponent(file)), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
