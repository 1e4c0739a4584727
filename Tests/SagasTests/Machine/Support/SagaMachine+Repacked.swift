@testable import Sagas

extension SagaMachine {
  /// The machine behind a rest.
  func repacked(since time: Timestamp) -> SagaMachine {
    withPackedBytes(since: time) { bytes in
      SagaMachine(unpacking: bytes.baseAddress!, since: time, plan: plan)
    }
  }
}
