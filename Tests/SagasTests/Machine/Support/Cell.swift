@testable import Sagas

/// A state and what is said to it: one cell of the table that the rules of a saga are.
enum Cell: Hashable, Sendable, CustomStringConvertible {
  case step(Row.Forward, StepInput)
  case undo(Row.Undo, UndoInput)
  case wait(Row.Forward, WaitInput)
  case sleep(Row.Forward, WaitInput)
  case guarded(Row.Forward, WaitInput)
  case saga(Phase, SagaInput)

  static let all: [Cell] =
    Row.Forward.allCases.flatMap { state in StepInput.allCases.map { .step(state, $0) } }
    + Row.Forward.allCases.flatMap { state in
      WaitInput.allCases.flatMap { [.wait(state, $0), .sleep(state, $0), .guarded(state, $0)] }
    }
    + Row.Undo.allCases.flatMap { state in UndoInput.allCases.map { .undo(state, $0) } }
    + Phase.allCases.flatMap { state in SagaInput.allCases.map { .saga(state, $0) } }

  var description: String {
    switch self {
    case .step(let state, let input): "\(input)_whenStep\("\(state)".capitalized)"
    case .wait(let state, let input): "\(input)_whenWait\("\(state)".capitalized)"
    case .sleep(let state, let input): "\(input)_whenSleep\("\(state)".capitalized)"
    case .guarded(let state, let input): "\(input)_whenGuard\("\(state)".capitalized)"
    case .undo(let state, let input): "\(input)_whenUndo\("\(state)".capitalized)"
    case .saga(let state, let input): "\(input)_whenSaga\("\(state)".capitalized)"
    }
  }

  /// Why no driver that keeps the contract ever says this to a machine in that state; `nil` if one may.
  var unreachable: String? {
    switch self {
    case .step(let state, let input): Cell.unreachable(state, input)
    case .wait(let state, let input): Cell.unreachable(wait: state, input)
    case .sleep(let state, let input): Cell.unreachable(sleep: state, input)
    case .guarded(let state, let input): Cell.unreachable(guarded: state, input)
    case .undo(let state, let input): Cell.unreachable(state, input)
    case .saga(let state, let input): Cell.unreachable(state, input)
    }
  }

  private static func unreachable(_ state: Row.Forward, _ input: StepInput) -> String? {
    switch (state, input) {
    case (.waiting, _): return "a step does not wait for events"
    case (.pending, .neverStarted), (.skipped, .neverStarted): return "nothing of it is in flight"
    case (.pending, .retryGranted), (.pending, .retryRefused): return "nobody has asked"
    case (.skipped, .retryGranted), (.skipped, .retryRefused): return "nobody has asked"
    // It had failed before it was skipped over, or before somebody went back to a step in front of it.
    case (.skipped, _), (.pending, _): return nil
    case (.deciding, .retryGranted), (.deciding, .retryRefused): return nil
    case (.deciding, _): return "a question is answered before anything else is heard"
    case (.unknown, .retryGranted), (.unknown, .retryRefused):
      return nil  // asked while recovering, and closed by a failure in the same record
    case (_, .retryGranted), (_, .retryRefused): return "nobody has asked"
    case (.closing, .neverStarted), (.failed, .neverStarted), (.unknown, .neverStarted): return nil
    case (_, .neverStarted): return "only an attempt that was closed is found stale before it begins"
    case (.running, _), (.stopping, _), (.closing, _), (.backoff, _), (.completed, _), (.failed, _),
      (.unknown, _):
      return nil
    }
  }

  private static func unreachable(wait state: Row.Forward, _ input: WaitInput) -> String? {
    switch (state, input) {
    case (.running, _), (.stopping, _), (.closing, _), (.backoff, _), (.unknown, _): "nothing of a wait runs"
    case (.deciding, .judgedFine), (.deciding, .judgedFailed): nil
    case (.deciding, _): "a question is answered before anything else is heard"
    case (.pending, .keyRead), (.pending, .keyMissing): nil
    case (_, .keyRead), (_, .keyMissing), (_, .judgedFine), (_, .judgedFailed): "nobody has asked"
    case (.pending, .delivered), (.pending, .elapsed): nil  // blocked since, by a failure
    // Skipped over when somebody went on from a step behind it.
    case (.skipped, _), (.waiting, _), (.completed, _), (.failed, _): nil
    }
  }

  private static func unreachable(sleep state: Row.Forward, _ input: WaitInput) -> String? {
    switch (state, input) {
    case (.deciding, _), (.failed, _): "a sleep comes to nothing but its end"
    case (_, .delivered), (_, .keyRead), (_, .keyMissing), (_, .judgedFine), (_, .judgedFailed):
      "a sleep has no events and no closures"
    case (_, .elapsed): unreachable(wait: state, input)
    }
  }

  private static func unreachable(guarded state: Row.Forward, _ input: WaitInput) -> String? {
    switch (state, input) {
    case (_, .elapsed): "a scope has no limit"
    case (_, .judgedFine): "its event always fails it"
    case (.skipped, _): "nothing of a scope in a branch that was not taken ever began"
    case (_, .delivered), (_, .keyRead), (_, .keyMissing), (_, .judgedFailed): unreachable(wait: state, input)
    }
  }

  private static func unreachable(_ state: Row.Undo, _ input: UndoInput) -> String? {
    switch (state, input) {
    case (.none, .saidNow), (.none, .saidLater), (.none, .saidNever): nil
    case (_, .saidNow), (_, .saidLater), (_, .saidNever): "a strategy is asked before anything is undone"
    case (.deciding, .skip): "a question is answered before anything else is heard"
    case (_, .skip): nil
    case (.none, _): "nothing of this undo has begun"
    case (.deciding, .retryGranted), (.deciding, .retryRefused): nil
    case (.deciding, _): "a question is answered before anything else is heard"
    case (_, .retryGranted), (_, .retryRefused): "nobody has asked"
    case (.queued, _): nil  // begun, failed, and tried again because somebody wanted it
    case (.running, _), (.stopping, _), (.backoff, _), (.undone, _), (.impossible, _), (.failed, _),
      (.skipped, _):
      nil
    }
  }

  private static func unreachable(_ state: Phase, _ input: SagaInput) -> String? {
    switch (state, input) {
    case (.new, .create), (.created, .admit): nil
    case (.compensated, .admit), (.failed, .admit): nil  // cancelled while it waited for its slot
    case (.suspended, .unwindTimedOut): "nothing of what is held is undone"
    case (_, .create): "an id is created once"
    case (_, .admit): "a slot is asked for once"
    case (.new, _): "there is no saga to talk to"
    case (.created, .sagaTimedOut): "its time counts from its admission"
    case (.created, .unwindTimedOut), (.forward, .unwindTimedOut): "no unwind has begun"
    case (.completed, .unwindTimedOut): "what is completed was not unwound"
    case (_, .recover), (_, .cancel), (_, .cancelKeeping), (_, .sagaTimedOut), (_, .unwindTimedOut),
      (_, .retryCompensation), (_, .abandon), (_, .suspend), (_, .resume), (_, .resumeFrom),
      (_, .compensate):
      nil
    }
  }
}
