import Testing

@testable import DemoKit

/// Amounts and durations in words.
@Suite struct MoneyTests {
  @Test(arguments: [(0, "0.00"), (5, "0.05"), (1_250, "12.50"), (-7, "-0.07"), (123_456_789, "1234567.89")])
  func amountsAreWrittenToTheCent(_ cents: Int, _ text: String) {
    #expect("\(Money(cents: cents))" == text)
  }

  @Test(arguments: [(0, "0.0 s"), (49, "0.0 s"), (50, "0.1 s"), (400, "0.4 s"), (12_340, "12.3 s")])
  func durationsAreWrittenToTheTenth(_ milliseconds: Int, _ text: String) {
    #expect(seconds(.milliseconds(milliseconds)) == text)
  }
}
