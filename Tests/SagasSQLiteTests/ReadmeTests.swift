// swift-format-ignore-file
// The example is kept as the README prints it.
#if canImport(SQLite3) || canImport(CSQLite)
import Sagas
import SagasSQLite
import Testing

/// The example of the README that is about the store, word for word.
@Suite("README, on SQLite")
struct ReadmeTests {
  struct Checkout: Saga {
    let payments: Int, inventory: Int, shipping: Int, orders: Int
    struct State: Codable, Sendable {}
    var body: some Flow<State> { Step("nothing") { _ in } }
  }

  @Test func survivingTheEndOfTheProcess() async throws {
    let temporary = try TemporaryFile()
    let file = temporary.path
    let payments = 1, inventory = 2, shipping = 3, orders = 4
    let sagas = SagaOrchestrator(store: try SQLiteStore(path: file))   // "sagas.db", say
    try await sagas.register(
      Checkout(payments: payments, inventory: inventory, shipping: shipping, orders: orders))
    try await sagas.recover()   // continue what the last process left
    _ = try await sagas.run(Checkout.self, .init())
    #expect(try await sagas.count() == [.completed: 1])
  }
}
#endif
