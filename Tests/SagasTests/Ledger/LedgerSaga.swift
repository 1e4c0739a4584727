import Sagas

/// A saga whose steps all book at the bank.
protocol LedgerSaga: Saga where State == LedgerState, Output == LedgerState {
  var bank: Bank { get }
  /// The number of the process it is registered in.
  var process: Int { get }
  init(bank: Bank, process: Int)
}

extension LedgerSaga {
  /// A booking with undoes for what was done and for what may have been done.
  func book(_ name: String, _ slot: Slot<LedgerState, Int>) -> Step<Int> {
    Step(name, slot) { try await bank.apply($0, process: process) }
      .unknown(Bank.Lost.self)
      .compensate { value, undo in try await bank.revert(undo, value, into: slot, process: process) }
      .compensateUnknown { undo in try await bank.revert(undo, nil, into: slot, process: process) }
      .compensationTimeout(.seconds(20)).compensationRetry(.fixed(retries: 6, every: .seconds(1)))
  }

  /// A booking that nobody can undo without knowing its result.
  func bookBlindly(_ name: String, _ slot: Slot<LedgerState, Int>) -> Step<Int> {
    Step(name, slot) { try await bank.apply($0, process: process) }
      .unknown(Bank.Lost.self)
      .compensate { value, undo in try await bank.revert(undo, value, into: slot, process: process) }
      .compensationTimeout(.seconds(20)).compensationRetry(.fixed(retries: 1, every: .seconds(1)))
  }

  /// A booking whose result goes nowhere.
  func note(_ name: String) -> Step<Int> {
    Step(name) { try await bank.apply($0, process: process) }
      .unknown(Bank.Lost.self)
      .undo { effect, undo in
        if case .completed(let value) = effect {
          try await bank.revert(undo, value, into: nil, process: process)
        } else {
          try await bank.revert(undo, nil, into: nil, process: process)
        }
      }
      .compensationTimeout(.seconds(20)).compensationRetry(.linear(retries: 6, step: .milliseconds(500)))
  }
}

struct NestedLedger: LedgerSaga {
  let bank: Bank, process: Int

  var body: some Flow<LedgerState> {
    book("open", \.a).retry(.fixed(retries: 2, every: .zero))
    Parallel("outer") {
      Sequential {
        book("left 1", \.b)
        Parallel("inner") {
          book("deep 1", \.c).retry(.fixed(retries: 2, every: .seconds(1)))
          Sequential {
            book("deep 2", \.d).retry(.fixed(retries: 2, every: .seconds(1)))
            book("deep 3", \.d)
          }
        }
        book("left 2", \.b)
      }
      When("even?", { $0.input % 2 == 0 }) {
        book("yes 1", \.e)
        book("yes 2", \.e).retry(.fixed(retries: 1, every: .zero))
      } otherwise: {
        book("no", \.e)
      }
      note("plain").retry(.fixed(retries: 3, every: .milliseconds(500)))
    }
    book("close", \.a)
  }
}

struct TolerantLedger: LedgerSaga {
  let bank: Bank, process: Int

  var onCompensationFailure: CompensationFailurePolicy { .finish }

  var body: some Flow<LedgerState> {
    Parallel("group") {
      book("may 1", \.a).optional().timeout(.seconds(3)).settleGrace(.seconds(2))
      Sequential {
        book("may 2", \.b).optional()
        book("then", \.b).timeout(.seconds(5)).retry(.fixed(retries: 1, every: .zero))
      }
      Sequential {
        book("must", \.c).timeout(.seconds(4)).settleGrace(.zero).retry(
          .fixed(retries: 2, every: .seconds(1)))
        When("got b?", { $0.state.b != nil }) { book("never", \.e) }
      }
    }
    When("got a?", { $0.state.a != nil }) { book("only if", \.d).retry(.fixed(retries: 3, every: .zero)) }
    bookBlindly("blind maybe", \.e).optional().timeout(.seconds(2)).settleGrace(.seconds(1))
    note("last").optional()
  }
}

struct BlindLedger: LedgerSaga {
  let bank: Bank, process: Int

  var onCompensationFailure: CompensationFailurePolicy { .finish }

  var body: some Flow<LedgerState> {
    bookBlindly("first", \.a)
    Parallel("group") {
      bookBlindly("left", \.b).timeout(.seconds(2)).settleGrace(.milliseconds(500))
      bookBlindly("right", \.c).retry(.fixed(retries: 1, every: .seconds(1))).timeout(.seconds(3))
      Parallel("more") {
        bookBlindly("more left", \.d)
        Sequential {
          book("more right", \.e)
          note("more note").timeout(.seconds(10)).settleGrace(.zero)
        }
      }
    }
    bookBlindly("over", \.f)
  }
}

struct StubbornLedger: LedgerSaga {
  let bank: Bank, process: Int

  var defaults: StepDefaults {
    StepDefaults(
      retry: .exponential(retries: 5, from: .milliseconds(500), cap: .seconds(4), jitter: .full),
      timeout: .seconds(6))
  }

  var body: some Flow<LedgerState> {
    book("one", \.a).settleGrace(.seconds(1))
    book("two", \.a).settleGrace(.zero)
    Parallel("both") {
      Sequential {
        book("three", \.b).settleGrace(.seconds(30))
        book("four", \.f)
        When("odd?", { $0.input % 2 == 1 }) {
          Fail("odd") { _ in Refused(why: "odd") }
        }
      }
      Sequential {
        note("five").settleGrace(.milliseconds(1))
        book("six", \.c)
        note("seven")
      }
    }
    note("eight")
  }
}

/// No time limits behind the pivot: what failed there may be tried again, and nothing that answered is to be asked
/// twice.
struct PivotLedger: LedgerSaga {
  let bank: Bank, process: Int

  var timeout: Duration? { .seconds(10) }

  var body: some Flow<LedgerState> {
    book("reserve", \.a).retry(.fixed(retries: 1, every: .zero))
    Parallel("before") {
      book("left", \.b)
      note("right").optional()
    }
    Pivot("paid")
    Parallel("after") {
      book("bill", \.c).retry(.fixed(retries: 1, every: .seconds(1)))
      Sequential {
        note("pack")
        bookBlindly("ship", \.d)
      }
      When("odd?", { $0.input % 2 == 1 }) { book("wrap", \.e).optional() }
    }
    book("close", \.f)
  }
}
