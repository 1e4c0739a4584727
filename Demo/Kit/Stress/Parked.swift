import Sagas

/// Two steps, then a wait: the saga of which there are very many.
struct Parked: Saga {
  let tally: Tally

  struct State: Codable, Sendable {
    let number: Int
    let key: String
    var first: Int?, second: Int?

    init(number: Int) {
      self.number = number
      key = Parked.text("key-", number)
    }
  }

  var body: some Flow<State> {
    Step("first", \.first) { $0.number &+ 1 }
    Step("second", \.second) { try $0.first &* 2 }
    WaitForEvent("answer", for: Answer.self, on: \.key, equals: \.key)
    Step("count") { tally.count($0.number) }
  }

  func output(_ s: Context<State>) throws -> Int { try s.second }

  /// What a saga that has completed gives.
  static func output(of number: Int) -> Int { (number &+ 1) &* 2 }

  /// 16 characters, which is more than a `String` holds without memory of its own.
  static func text(_ prefix: String, _ number: Int) -> String {
    let digits = String(number)
    let zeros = String(repeating: "0", count: max(16 - prefix.utf8.count - digits.utf8.count, 0))
    return prefix + zeros + digits
  }
}
