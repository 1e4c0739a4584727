import Testing

@testable import Sagas

@Suite("Units of Duration")
struct DurationUnitsTests {
  @Test func units() {
    #expect(Duration.minutes(2) == .seconds(120))
    #expect(Duration.hours(24) == .seconds(86_400))
    #expect(Duration.days(-3) == .seconds(-259_200))
  }

  @Test func unitsOutOfRange_stayAtTheEnds() {
    #expect(Duration.minutes(.max) == .seconds(Int64.max))
    #expect(Duration.days(.min) == .seconds(Int64.min))
  }
}
