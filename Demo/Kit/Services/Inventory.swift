/// The shelves of the shop.
actor Inventory {
  private let soldOut: Set<String>
  private let latency: Latency
  private var reserved: [String: Reservation] = [:]

  /// - Parameters:
  ///   - soldOut: the orders whose goods are not there.
  ///   - latency: how long things take.
  init(soldOut: Set<String>, latency: Latency) {
    self.soldOut = soldOut
    self.latency = latency
  }

  /// The orders for which goods are put aside.
  var reservedOrders: Set<String> { Set(reserved.keys) }

  /// Puts the goods of a cart aside; once, however often it is asked to.
  ///
  /// Throws ``OutOfStock``.
  func reserve(_ cart: Cart) async throws -> Reservation {
    try await latency.pass("reserve", for: cart.id, 80...220)
    if soldOut.contains(cart.id) { throw OutOfStock(product: cart.items.first?.product ?? "") }
    let reservation = Reservation(orderID: cart.id, items: cart.items)
    reserved[cart.id] = reservation
    return reservation
  }

  /// Puts them back.
  func release(_ reservation: Reservation) async throws {
    try await release(orderID: reservation.orderID)
  }

  /// Puts back whatever was put aside for an order.
  func release(orderID: String) async throws {
    try await latency.pass("release", for: orderID, 40...120)
    reserved[orderID] = nil
  }
}
