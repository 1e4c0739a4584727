import Testing

@testable import Sagas

@Suite struct ExactTextTests {
  @Test(arguments: ["", "a", "fifteen letters", "saga000000000012", "Zürich", "e\u{301}", "😀 and more"])
  func comesBack(text: String) {
    let kept = ExactText(text)
    let string = kept.string
    #expect(string == text && Array(string.utf8) == Array(text.utf8))
    #expect(equals(text, text) && !equals(text, text + "x"))
    let last = kept.lastByte
    #expect(last == (text.utf8.last ?? 0))
  }

  /// As `String` compares.
  @Test func otherSpellingsOfOneText_areEqual() {
    #expect(equals("caf\u{E9}", "cafe\u{301}"))
    #expect(equals("K", "\u{212A}"))
    #expect(!equals("cafe", "caf\u{E9}"))
  }

  private func equals(_ kept: String, _ text: String) -> Bool { ExactText(kept).equals(text) }
}
