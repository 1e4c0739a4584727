/// Why the order system did not do what it was asked to.
enum OrdersError: Error, Hashable, Codable {
  case unknownCustomer(String)
  case databaseReadOnly
  case mailboxFull
}

extension OrdersError: CustomStringConvertible {
  var description: String {
    switch self {
    case .unknownCustomer: "no such customer"
    case .databaseReadOnly: "the order database is read-only"
    case .mailboxFull: "mailbox full"
    }
  }
}
