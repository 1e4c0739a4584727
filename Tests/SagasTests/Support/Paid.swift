import Sagas

/// An order was paid.
struct Paid: SagaEvent, Hashable {
  let order: String
  var amount = 1
}

/// Somebody said something.
struct Said: SagaEvent, Hashable {
  var words = ""
}
