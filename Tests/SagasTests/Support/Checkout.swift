// swift-format-ignore-file
// The saga is kept as the documentation prints it.
import Sagas

/// The saga of the documentation, to the letter.
struct Checkout: Saga {
  let payments: any PaymentService, inventory: Inventory, shipping: Shipping, orders: Orders   // services: stored properties

  struct State: Codable, Sendable {             // input as `let`, one optional slot per result
    let cart: Cart
    var customer: Customer?, receipt: Receipt?, reservation: Reservation?, quote: Quote?, order: Order?
  }

  var body: some Flow<State> {
    Step("validate customer", \.customer) { try await orders.validate($0.cart.customerID) }
      .timeout(.seconds(5))
    Parallel("fulfilment") {
      Step("charge payment", \.receipt) { try await payments.charge($0.cart.total, key: $0.run.idempotencyKey) }
        .retry(.exponential(retries: 4, from: .milliseconds(200), jitter: .full).only(PaymentError.self) { $0.isTransient })
        .timeout(.seconds(30))
        .compensate { try await payments.refund($0) }                            // $0 is the Receipt
        .compensateUnknown { try await payments.void(key: $0.idempotencyKey) }    // timed out: did it happen? $0 is the Undo<State>
      Step("reserve inventory", \.reservation) { try await inventory.reserve($0.cart) }
        .compensate(inventory.release)
      Step("quote shipping", \.quote) { try await shipping.quote($0.cart, to: $0.customer.address) }  // a Customer, not a Customer?
    }
    Step("create order", \.order) { try await orders.create($0.cart, $0.receipt, $0.reservation, $0.quote) }
      .compensate { order, undo in try await orders.cancel(order, because: undo.error) }
    Step("send mail") { try await orders.mail($0.order) }.optional()
  }
  func output(_ s: Context<State>) throws -> Order { try s.order }               // default Output is State
}

extension Checkout {
  /// A checkout whose services all act in one world.
  init(in world: OutsideWorld) {
    self.init(
      payments: Payments(world: world), inventory: Inventory(world: world),
      shipping: Shipping(world: world), orders: Orders(world: world))
  }
}

extension Checkout.State {
  init(cart: Cart) {
    self.init(cart: cart, customer: nil)
  }
}
