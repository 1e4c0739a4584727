import Sagas

/// Somebody has handed in a report: starts its approval.
struct ExpenseSubmitted: SagaEvent {
  let report: ExpenseReport
}
