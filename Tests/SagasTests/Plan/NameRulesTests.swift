import Testing

@testable import Sagas

@Suite("NameRules")
struct NameRulesTests {
  @Test(arguments: ["a", "charge payment", "v1.2:x-y_z", "日本語", "🙂", "(a) {b} 'c' \"d\" \\"])
  func names(name: String) {
    #expect(NameRules.problem(in: name) == nil)
  }

  @Test(arguments: ["", " ", "\u{00A0}\t"])
  func noNames(name: String) {
    #expect(NameRules.problem(in: name) == "has no name; give it one, it is the identity in the journal")
  }

  @Test(arguments: [
    ("/", "/"), ("a[0]", "[ ]"), ("#~#", "# ~"), ("a\0b", "U+0"), ("a\u{2028}", "U+2028"),
    ("a\r\nb", "U+D U+A"),
  ])
  func refused(name: String, characters: String) {
    #expect(
      NameRules.problem(in: name)
        == "has \(characters) in its name; leave out / [ ] # ~ and control characters")
  }
}
