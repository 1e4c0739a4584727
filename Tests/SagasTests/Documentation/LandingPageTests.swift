// swift-format-ignore-file
// The examples are kept as the documentation prints them.
import Sagas
import SagasTesting
import Testing

/// The examples of the documentation's landing page, word for word.
@Suite("Landing page of the documentation")
struct LandingPageTests {
  private struct Bank: Sendable {
    let log: EventLog
    var creditsFail = false

    func debit(_ account: String, _ cents: Int, key: String) async throws -> Receipt {
      log.append("debit \(account) \(cents)")
      return Receipt(amount: cents, key: key)
    }

    func credit(_ account: String, _ cents: Int, key: String) async throws -> Receipt {
      if creditsFail { throw Refused() }
      log.append("credit \(account) \(cents)")
      return Receipt(amount: cents, key: key)
    }

    func cancel(_ receipt: Receipt) async throws { log.append("cancel \(receipt.amount)") }
  }

  private func transfers(_ bank: Bank) async throws -> Receipt? {
    struct Transfer: Saga {
      let bank: Bank

      struct State: Codable, Sendable {
        let from: String, to: String, cents: Int
        var debit: Receipt?, credit: Receipt?
      }

      var body: some Flow<State> {
        Step("debit", \.debit) { try await bank.debit($0.from, $0.cents, key: $0.run.idempotencyKey) }
          .compensate { try await bank.cancel($0) }
        Step("credit", \.credit) { try await bank.credit($0.to, $0.cents, key: $0.run.idempotencyKey) }
      }
    }

    let sagas = SagaOrchestrator()
    try await sagas.register(Transfer(bank: bank))
    let end = try await sagas.run(Transfer.self, .init(from: "A", to: "B", cents: 5_000))
    return end.credit
  }

  @Test func aTransfer() async throws {
    let log = EventLog()
    let credit = try await transfers(Bank(log: log))
    #expect(credit?.amount == 5_000)
    #expect(log.entries == ["debit A 5000", "credit B 5000"])
  }

  @Test func aTransferThatFails_isUndone() async throws {
    let log = EventLog()
    let failure = await #expect(throws: SagaFailure.self) {
      try await transfers(Bank(log: log, creditsFail: true))
    }
    #expect(failure?.undone == ["debit"])
    #expect(log.entries == ["debit A 5000", "cancel 5000"])
  }
}
