/// What the payment provider does when one order is charged.
enum PaymentBehaviour: Hashable, Sendable {
  /// Charges, and answers in time.
  case works
  /// Refuses the card. Nothing is charged.
  case declined
  /// Cannot be reached that many times. Nothing is charged then.
  case flaky(Int)
  /// Charges, but the answer gets lost.
  case timeoutCharged
  /// Neither charges nor answers.
  case timeoutNotCharged
  /// Charges, and answers after the caller has given up, but before its grace is over.
  case answersLate

  /// The behaviour by the word for it in a file of orders; `nil` when there is none of that name.
  init?(word: String) {
    switch word {
    case "declined": self = .declined
    case "timeout-charged": self = .timeoutCharged
    case "timeout-not-charged": self = .timeoutNotCharged
    case "answers-late": self = .answersLate
    default:
      guard let times = flakyTimes(word) else { return nil }
      self = .flaky(times)
    }
  }

  /// The words `init(word:)` understands.
  static let words = #""declined", "flaky:N", "timeout-charged", "timeout-not-charged" or "answers-late""#
}

/// The N of `flaky:N`, 1 to 9.
func flakyTimes(_ word: String) -> Int? {
  let prefix = "flaky:"
  guard word.hasPrefix(prefix), let times = Int(word.dropFirst(prefix.count)), (1...9).contains(times) else {
    return nil
  }
  return times
}
