import Sagas

/// What ends a saga that waits.
struct Refusal: SagaEvent {
  struct Refused: Error, Codable {}

  let saga: String
}
