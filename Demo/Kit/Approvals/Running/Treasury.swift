/// Holds the budget, pays, and keeps honest books.
actor Treasury {
  private let latency: Latency
  private let closedAccounts: Set<String>
  /// What is set aside, by key.
  private var held: [String: Money] = [:]
  /// Keys whose money was paid out or given back, or will never be set aside.
  private var settled: Set<String> = []

  /// Every movement of money, in the order in which they were booked.
  private(set) var ledger: [TreasuryEntry] = []

  /// - Parameters:
  ///   - closedAccounts: the reports that the bank cannot pay.
  ///   - latency: how long things take.
  init(closedAccounts: Set<String>, latency: Latency) {
    self.closedAccounts = closedAccounts
    self.latency = latency
  }

  /// Sets money aside; once, however often it is asked to under one key.
  func reserve(_ amount: Money, key: String) async throws -> Hold {
    try await pass("reserve", key)
    guard !settled.contains(key) else { throw BankError.nothingHeld }
    if held.updateValue(amount, forKey: key) == nil { book(.reserve, key, amount) }
    return Hold(key: key, amount: amount)
  }

  /// Gives back what is set aside under a key, and sets nothing aside under it any more.
  func release(key: String) async throws {
    try await pass("release", key)
    settled.insert(key)
    if let amount = held.removeValue(forKey: key) { book(.release, key, amount) }
  }

  /// Pays what is set aside.
  ///
  /// Throws ``BankError``.
  func payOut(_ hold: Hold) async throws -> Payout {
    try await pass("pay", hold.key)
    let entry = TreasuryEntry(kind: .payOut, key: hold.key, amount: hold.amount)
    guard !closedAccounts.contains(entry.reportID) else { throw BankError.accountClosed }
    if let amount = held.removeValue(forKey: hold.key) {
      settled.insert(hold.key)
      book(.payOut, hold.key, amount)
    } else if !ledger.contains(entry) {
      throw BankError.nothingHeld
    }
    return Payout(key: hold.key, amount: hold.amount)
  }

  /// 3 to 20 minutes.
  private func pass(_ call: String, _ key: String) async throws {
    try await latency.pass(call, for: key, 180_000...1_200_000)
  }

  private func book(_ kind: TreasuryEntry.Kind, _ key: String, _ amount: Money) {
    ledger.append(TreasuryEntry(kind: kind, key: key, amount: amount))
  }
}
