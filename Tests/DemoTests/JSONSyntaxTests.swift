import Testing

@testable import DemoKit

/// Where a text stops being JSON.
@Suite struct JSONSyntaxTests {
  @Test(arguments: [
    "[]", "{}", " [1, -2.5e+3, 0, true, false, null] \n", #"{"a": {"b": ["\u00e9\n", "ü"]}}"#, "\"x\"",
    "0.5E2",
  ])
  func jsonHasNoFault(_ text: String) {
    #expect(JSONSyntax.firstFault(in: Array(text.utf8)) == nil)
  }

  @Test(arguments: [
    ("", 1, 1, "expected a value, found the end of the file"),
    ("[1,\n 2", 2, 3, "expected ',' or ']', found the end of the file"),
    ("[1,\n 2 3]", 2, 4, "expected ',' or ']', found '3'"),
    ("[1, ]", 1, 5, "expected a value, found ']'"),
    ("{\"é\" 1}", 1, 6, "expected ':', found '1'"),
    ("{a: 1}", 1, 2, "expected a field name in quotes, found 'a'"),
    ("[\"ab\n\"]", 1, 2, "this text has no closing quote"),
    ("[\"ab", 1, 2, "this text has no closing quote"),
    ("[\"\\x\"]", 1, 4, #"expected an escape such as \n, found 'x'"#),
    ("[\"\\u12g4\"]", 1, 7, "expected four hexadecimal digits, found 'g'"),
    ("[tru]", 1, 2, "expected true, found 't'"),
    ("[01]", 1, 3, "expected ',' or ']', found '1'"),
    ("[1.]", 1, 4, "expected a digit, found ']'"),
    ("[] []", 1, 4, "expected the end of the file, found '['"),
    ("\n\n  ?", 3, 3, "expected a value, found '?'"),
  ])
  func theFirstFaultIsFound(_ text: String, _ line: Int, _ column: Int, _ problem: String) {
    #expect(
      JSONSyntax.firstFault(in: Array(text.utf8)) == JSONFault(line: line, column: column, problem: problem))
  }

  @Test func depthAndEncodingAreChecked() {
    let deep = Array(repeating: UInt8(ascii: "["), count: 100_000)
    #expect(JSONSyntax.firstFault(in: deep)?.problem == "is nested too deeply")
    #expect(JSONSyntax.firstFault(in: [0x22, 0xFF, 0x22])?.problem == "is not UTF-8 text")
  }
}
