import Sagas

/// What a parked saga waits for.
struct Answer: SagaEvent {
  let key: String
}
