import Sagas

/// What a saga is started on.
struct Summons: SagaEvent {
  let saga: String
  let index: Int
}
