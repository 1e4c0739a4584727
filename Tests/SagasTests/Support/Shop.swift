struct Cart: Codable, Hashable, Sendable {
  var customerID = "c1"
  var total = 42
}

struct Customer: Codable, Hashable, Sendable {
  let id: String
  let address: String
}

struct Receipt: Codable, Hashable, Sendable {
  let amount: Int
  let key: String
}

struct Reservation: Codable, Hashable, Sendable {
  let id: String
}

struct Quote: Codable, Hashable, Sendable {
  let price: Int
}

struct Order: Codable, Hashable, Sendable {
  let id: String
  let total: Int
}

enum PaymentError: Error, Codable, Hashable {
  case declined
  case unreachable

  var isTransient: Bool { self == .unreachable }
}
