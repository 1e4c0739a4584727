#if os(macOS) || os(Linux)
import Testing

/// What the compiler says to a user: part of the library, so it is tested like the rest.
///
/// The sources that are looked at use the library as a module, as programs outside of it do.
@Suite(
  "Messages of the compiler",
  .enabled(if: Compiler.found != nil || Compiler.isRequired, "swiftc or the built modules were not found"))
struct MessageTests {
  private static let aboutMistakes = Task { try await diagnostics(of: OutsideSource.mistakes, .types) }
  private static let aboutSpellings = Task { try await diagnostics(of: OutsideSource.spellings, .flow) }

  @Test(arguments: Array(OutsideSource.mistakes.enumerated()))
  func aMistake_isExplainedWhereItIs(index: Int, mistake: OutsideSource) async throws {
    let file = [OutsideSource].fileName(index)
    var said = try await Self.aboutMistakes.value[file, default: []]
    let expected = Diagnostic.expected(in: mistake.source, of: file)
    #expect(!expected.isEmpty)
    for diagnostic in expected {
      let met = said.firstIndex { $0.meets(diagnostic) }
      #expect(met != nil, "expected: \(diagnostic)\nthe compiler says: \(said)")
      if let met { said.remove(at: met) }
    }
    if !mistake.saysMore { #expect(said == []) }
  }

  @Test(arguments: Array(OutsideSource.spellings.enumerated()))
  func aSpelling_isTakenWithoutAWord(index: Int, spelling: OutsideSource) async throws {
    let said = try await Self.aboutSpellings.value[[OutsideSource].fileName(index), default: []]
    #expect(said == [])
  }

  @Test func whatTheSourcesHaveInCommon_isRight() async throws {
    #expect(try await Self.aboutMistakes.value["supplies.swift"] == nil)
    #expect(try await Self.aboutSpellings.value["supplies.swift"] == nil)
  }

  private static func diagnostics(of sources: [OutsideSource], _ depth: Compiler.Depth) async throws
    -> [String:
    [Diagnostic]]
  {
    try await #require(Compiler.found).diagnostics(of: sources.files, depth)
  }
}
#endif
