import Testing

@testable import Sagas

/// What the journal keeps of an error.
@Suite("Recorded errors")
struct RecordedErrorTests {
  private struct Hidden: Error, Codable, Equatable {
    var code = 7
  }

  /// What a private or local type is declared in has another address in each process, so that none may be recorded.
  @Test func namesOfPrivateAndLocalTypes_areTheSameInEachProcess() {
    struct Local: Error, Codable {}
    let names = [Hidden.self as Any.Type, Local.self, [Local].self, Refused.self].map {
      RecordedError.name(of: $0)
    }
    #expect(
      names == [
        "SagasTests.RecordedErrorTests.Hidden", "SagasTests.RecordedErrorTests.Local",
        "Swift.Array<SagasTests.RecordedErrorTests.Local>", "SagasTests.Refused",
      ])
  }

  @Test func aPrivateError_comesBackAsItWas() {
    let recorded = RecordedError(Hidden())
    #expect(recorded.type == "SagasTests.RecordedErrorTests.Hidden")
    #expect(recorded.restored(as: Hidden.self) == Hidden())
    #expect(recorded.restored(as: Refused.self) == nil)
    #expect(!describeType(of: Hidden()).contains("unknown context"))
  }
}
