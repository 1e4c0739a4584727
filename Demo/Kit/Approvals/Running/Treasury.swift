/// Holds the budget, pays, and keeps honest books.
actor Treasury {
  private let latency: Latency
  private let closedAccounts: Set<String>
  /// What is set aside, by key.
  private var held: [String: Money] = [:]
  /// Keys whose money was paid out or given back, or will never be set aside.
  private var settled: Set<String> = []
  /// Keys under which nothing will be paid any more.
  private var calledBack: Set<String> = []

  /// Every movement of money, in the order in which they were booked.
  private(set) var ledger: [TreasuryEntry]
  /// Where they are kept, when they outlive the process.
  private let books: TreasuryBooks?

  /// - Parameters:
  ///   - closedAccounts: the reports that the bank cannot pay.
  ///   - latency: how long things take.
  ///   - books: what was booked before, and where to keep what will be; memory when `nil`.
  ///
  /// Throws ``DemoStoreError``.
  init(closedAccounts: Set<String>, latency: Latency, books: TreasuryBooks? = nil) throws(DemoStoreError) {
    self.closedAccounts = closedAccounts
    self.latency = latency
    self.books = books
    ledger = try books?.entries() ?? []
    for entry in ledger {
      switch entry.kind {
      case .reserve: held[entry.key] = entry.amount
      case .release, .payOut:
        held[entry.key] = nil
        settled.insert(entry.key)
      case .callBack:
        held[entry.key] = entry.amount
        calledBack.insert(entry.key)
      }
    }
  }

  /// Sets money aside; once, however often it is asked to under one key.
  ///
  /// Throws ``BankError``.
  func reserve(_ amount: Money, key: String) async throws -> Hold {
    try await pass("reserve", key)
    guard !settled.contains(key) else { throw BankError.nothingHeld }
    if held[key] == nil {
      try book(.reserve, key, amount)
      held[key] = amount
    }
    return Hold(key: key, amount: amount)
  }

  /// Gives back what is set aside under a key, and sets nothing aside under it any more.
  ///
  /// Throws ``BankError``.
  func release(key: String) async throws {
    try await pass("release", key)
    if let amount = held[key] { try book(.release, key, amount) }
    held[key] = nil
    settled.insert(key)
  }

  /// Pays what is set aside.
  ///
  /// Throws ``BankError``.
  func payOut(_ hold: Hold) async throws -> Payout {
    try await pass("pay", hold.key)
    let entry = TreasuryEntry(kind: .payOut, key: hold.key, amount: hold.amount)
    guard !closedAccounts.contains(entry.reportID) else { throw BankError.accountClosed }
    guard !calledBack.contains(hold.key) else { throw BankError.nothingHeld }
    if let amount = held[hold.key] {
      try book(.payOut, hold.key, amount)
      held[hold.key] = nil
      settled.insert(hold.key)
    } else if !ledger.contains(entry) {
      throw BankError.nothingHeld
    }
    return Payout(key: hold.key, amount: hold.amount)
  }

  /// Has what was paid out under a key come back, and pays nothing under it any more.
  ///
  /// Throws ``BankError``.
  func callBack(_ hold: Hold) async throws {
    try await pass("call back", hold.key)
    if ledger.contains(TreasuryEntry(kind: .payOut, key: hold.key, amount: hold.amount)),
      !calledBack.contains(hold.key)
    {
      try book(.callBack, hold.key, hold.amount)
      held[hold.key] = hold.amount
    }
    calledBack.insert(hold.key)
  }

  /// 3 to 20 minutes.
  private func pass(_ call: String, _ key: String) async throws {
    try await latency.pass(call, for: key, 180_000...1_200_000)
  }

  /// What cannot be written down does not happen.
  private func book(_ kind: TreasuryEntry.Kind, _ key: String, _ amount: Money) throws(BankError) {
    let entry = TreasuryEntry(kind: kind, key: key, amount: amount)
    if let books, !books.append(entry) { throw .closed }
    ledger.append(entry)
  }
}
