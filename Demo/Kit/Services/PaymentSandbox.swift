import Sagas

/// A payment provider of the demo's own: misbehaves as the file of orders says, and keeps honest books.
actor PaymentSandbox: PaymentService {
  /// Longer than any caller waits.
  private static let forever = Duration.seconds(3_600)

  private let behaviours: [String: Behaviour]
  private let latency: Latency
  /// After how long a late answer comes.
  private let lateAnswer: Duration
  /// How often an order's charge was asked for.
  private var charges: [String: Int] = [:]
  /// How often a refund or a void of an order's charge was asked for.
  private var refunds: [String: Int] = [:]
  /// What stands charged, by key.
  private var standing: [String: Money] = [:]
  /// Keys whose charge was taken back or will never be made.
  private var closed: Set<String> = []

  /// Every movement of money, in the order in which they were booked.
  private(set) var ledger: [LedgerEntry]
  /// Where they are kept, when they outlive the process.
  private let books: PaymentBooks?

  /// - Parameters:
  ///   - behaviours: how to misbehave, by the id of the order.
  ///   - latency: how long things take.
  ///   - lateAnswer: after how long a late answer comes.
  ///   - books: what was booked before, and where to keep what will be; memory when `nil`.
  init(
    behaviours: [String: Behaviour], latency: Latency, lateAnswer: Duration, books: PaymentBooks? = nil
  ) throws {
    self.behaviours = behaviours
    self.latency = latency
    self.lateAnswer = lateAnswer
    self.books = books
    ledger = try books?.entries() ?? []
    for entry in ledger {
      if entry.kind == .charge {
        standing[entry.key] = entry.amount
      } else {
        standing[entry.key] = nil
        closed.insert(entry.key)
      }
    }
  }

  func charge(_ amount: Money, key: String) async throws -> Receipt {
    let orderID = orderID(of: key)
    charges[orderID, default: 0] += 1
    let attempt = charges[orderID, default: 0]
    try await latency.pass("charge \(attempt)", for: orderID, 60...160)
    switch behaviours[orderID]?.payment ?? .works {
    case .works: break
    case .declined: throw PaymentError.declined
    case .flaky(let times):
      if attempt <= times { throw PaymentError.unavailable }
    case .timeoutNotCharged:
      try await latency.sleep(Self.forever)
    case .timeoutCharged:
      try book(amount, key)
      try await latency.sleep(Self.forever)
    case .answersLate:
      try book(amount, key)
      await latency.sleepStubbornly(lateAnswer)
      return Receipt(key: key, amount: amount)
    }
    try book(amount, key)
    try await latency.pass("receipt", for: orderID, 20...80)
    return Receipt(key: key, amount: amount)
  }

  func refund(_ receipt: Receipt) async throws {
    try await beginRefund(of: receipt.key)
    guard standing[receipt.key] != nil || closed.contains(receipt.key) else {
      throw PaymentError.unknownCharge
    }
    try takeBack(receipt.key, as: .refund)
  }

  func void(key: String) async throws {
    try await beginRefund(of: key)
    try takeBack(key, as: .void)
    closed.insert(key)
  }

  /// What a person does at the provider's desk: gives back what stands under a key, and sees to it that nothing is
  /// charged under it later.
  ///
  /// - Returns: how much was given back; `nil` when nothing stood.
  /// - Throws: what writing the books throws; then nothing was given back.
  func refundByHand(key: String) throws(PaymentError) -> Money? {
    defer { closed.insert(key) }
    return try takeBack(key, as: .refundByHand)
  }

  private func orderID(of key: String) -> String { String(key.prefix { $0 != "/" }) }

  /// Charges, unless it has done so under this key.
  private func book(_ amount: Money, _ key: String) throws(PaymentError) {
    guard !closed.contains(key) else { throw .voided }
    guard standing[key] == nil else { return }
    try note(LedgerEntry(kind: .charge, key: key, amount: amount))
    standing[key] = amount
  }

  /// What cannot be written down does not happen.
  private func note(_ entry: LedgerEntry) throws(PaymentError) {
    if let books, !books.append(entry) { throw .unavailable }
    ledger.append(entry)
  }

  private func beginRefund(of key: String) async throws {
    let orderID = orderID(of: key)
    refunds[orderID, default: 0] += 1
    let attempt = refunds[orderID, default: 0]
    try await latency.pass("refund \(attempt)", for: orderID, 60...140)
    if attempt <= behaviours[orderID]?.failingRefunds ?? 0 { throw PaymentError.unavailable }
  }

  @discardableResult
  private func takeBack(_ key: String, as kind: LedgerEntry.Kind) throws(PaymentError) -> Money? {
    guard let amount = standing[key] else { return nil }
    try note(LedgerEntry(kind: kind, key: key, amount: amount))
    standing[key] = nil
    closed.insert(key)
    return amount
  }
}
