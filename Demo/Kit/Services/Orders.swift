/// The shop's order system: knows the customers, keeps the orders, writes the mails.
actor Orders {
  private let customers: [String: Customer]
  private let behaviours: [String: Behaviour]
  private let latency: Latency
  private var orders: [String: Order] = [:]

  /// - Parameters:
  ///   - requests: whose customers are known, and how to misbehave.
  ///   - latency: how long things take.
  init(requests: [OrderRequest], latency: Latency) {
    let known = requests.filter { !$0.behaviour.isCustomerUnknown }.map(\.customer)
    customers = Dictionary(known.map { ($0.id, $0) }) { first, _ in first }
    behaviours = Dictionary(requests.map { ($0.id, $0.behaviour) }) { first, _ in first }
    self.latency = latency
  }

  /// The orders that stand.
  var standing: Set<String> { Set(orders.keys) }

  /// Finds a customer.
  ///
  /// Throws ``OrdersError``.
  func validate(_ customerID: String) async throws -> Customer {
    try await latency.pass("validate", for: customerID, 60...160)
    guard let customer = customers[customerID] else { throw OrdersError.unknownCustomer(customerID) }
    return customer
  }

  /// Writes an order; once, however often it is asked to.
  ///
  /// Throws ``OrdersError``.
  func create(_ cart: Cart, _ receipt: Receipt, _ reservation: Reservation, _ quote: Quote) async throws
    -> Order
  {
    try await latency.pass("create", for: cart.id, 60...160)
    if behaviours[cart.id]?.failsToCreate ?? false { throw OrdersError.databaseReadOnly }
    let order = Order(id: cart.id, total: receipt.amount, carrier: quote.carrier)
    orders[order.id] = order
    return order
  }

  /// Takes an order out again, if it is there.
  func cancel(_ orderID: String) async throws {
    try await latency.pass("cancel", for: orderID, 40...100)
    orders[orderID] = nil
  }

  /// Tells the customer.
  ///
  /// Throws ``OrdersError``.
  func mail(_ order: Order) async throws {
    try await latency.pass("mail", for: order.id, 40...120)
    if behaviours[order.id]?.failsToMail ?? false { throw OrdersError.mailboxFull }
  }
}
