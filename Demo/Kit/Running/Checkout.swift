import Sagas

/// Buying something: the saga of this demo.
struct Checkout: Saga {
  let payments: any PaymentService, inventory: Inventory, shipping: Shipping, orders: Orders
  var limits = Limits()

  /// The step that takes the money.
  static let payment = "charge payment"

  struct State: Codable, Sendable {
    let cart: Cart
    var customer: Customer?, receipt: Receipt?, reservation: Reservation?, quote: Quote?, order: Order?
  }

  var body: some Flow<State> {
    Step("validate customer", \.customer) { try await orders.validate($0.cart.customerID) }
      .timeout(.seconds(5))
    Parallel("fulfilment") {
      Step(Self.payment, \.receipt) {
        $0.run.report(message: "\($0.cart.total) EUR")
        return try await payments.charge($0.cart.total, key: $0.run.idempotencyKey)
      }
      .retry(
        .exponential(retries: 4, from: limits.firstRetry, jitter: .full).only(PaymentError.self) {
          $0.isTransient
        }
      )
      .timeout(limits.charge)
      .settleGrace(limits.settleGrace)
      .compensate { try await payments.refund($0) }
      .compensateUnknown { try await payments.void(key: $0.idempotencyKey) }
      // The second time it fails it needs somebody who decides: the saga is stuck.
      .compensationRetry(.fixed(retries: 1, every: limits.firstRetry))
      Step("reserve inventory", \.reservation) { try await inventory.reserve($0.cart) }
        .compensate(inventory.release)
        .compensateUnknown { try await inventory.release(orderID: $0.cart.id) }
      Step("quote shipping", \.quote) { try await shipping.quote($0.cart, to: $0.customer.address) }
    }
    Step("create order", \.order) { try await orders.create($0.cart, $0.receipt, $0.reservation, $0.quote) }
      .compensate { try await orders.cancel($0.id) }
      .compensateUnknown { try await orders.cancel($0.cart.id) }
    Step("send mail") { try await orders.mail($0.order) }.optional()
  }

  func output(_ s: Context<State>) throws -> Order { try s.order }
}
