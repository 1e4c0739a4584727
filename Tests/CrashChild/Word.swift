import Sagas

/// What a saga waits for, twice.
struct Word: SagaEvent {
  let saga: String
  let number: Int

  /// Published twice it counts once.
  var id: String { "\(saga) word \(number)" }
}
