protocol PaymentService: Sendable {
  func charge(_ total: Int, key: String) async throws -> Receipt
  func refund(_ receipt: Receipt) async throws
  func void(key: String) async throws
}

struct Payments: PaymentService {
  let world: OutsideWorld

  func charge(_ total: Int, key: String) async throws -> Receipt {
    try await world.act("payments.charge", "\(total) \(key)")
    return Receipt(amount: total, key: key)
  }

  func refund(_ receipt: Receipt) async throws {
    try await world.act("payments.refund", "\(receipt.amount) \(receipt.key)")
  }

  func void(key: String) async throws { try await world.act("payments.void", key) }
}

struct Inventory: Sendable {
  let world: OutsideWorld

  func reserve(_ cart: Cart) async throws -> Reservation {
    try await world.act("inventory.reserve", cart.customerID)
    return Reservation(id: "r-\(cart.customerID)")
  }

  func release(_ reservation: Reservation) async throws {
    try await world.act("inventory.release", reservation.id)
  }
}

struct Shipping: Sendable {
  let world: OutsideWorld

  func quote(_ cart: Cart, to address: String) async throws -> Quote {
    try await world.act("shipping.quote", address)
    return Quote(price: cart.total / 10)
  }
}

struct Orders: Sendable {
  let world: OutsideWorld

  func validate(_ customerID: String) async throws -> Customer {
    try await world.act("orders.validate", customerID)
    return Customer(id: customerID, address: "\(customerID) street")
  }

  func create(
    _ cart: Cart, _ receipt: Receipt, _ reservation: Reservation, _ quote: Quote
  ) async throws -> Order {
    try await world.act("orders.create", "\(receipt.amount) \(reservation.id) \(quote.price)")
    return Order(id: "o-\(cart.customerID)", total: cart.total + quote.price)
  }

  func cancel(_ order: Order, because error: any Error) async throws {
    try await world.act("orders.cancel", "\(order.id) \(error)")
  }

  func mail(_ order: Order) async throws { try await world.act("orders.mail", order.id) }
}
