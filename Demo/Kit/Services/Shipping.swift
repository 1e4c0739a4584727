/// Knows what the carriers would do.
actor Shipping {
  private static let carriers = ["Red Van", "Parcel Pigeon", "Night Train"]

  private let latency: Latency

  /// - Parameter latency: how long things take.
  init(latency: Latency) { self.latency = latency }

  /// The best offer for a delivery.
  func quote(_ cart: Cart, to address: String) async throws -> Quote {
    try await latency.pass("quote", for: cart.id, 50...180)
    let weight = cart.items.map(\.quantity).reduce(address.utf8.count, +)
    return Quote(carrier: Self.carriers[weight % Self.carriers.count], days: 1 + weight % 4)
  }
}
