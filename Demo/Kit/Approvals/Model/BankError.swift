/// Why a payment did not go out.
///
/// No money has moved.
enum BankError: Error, Codable, Hashable {
  /// There is no such account.
  case accountClosed
  /// Nothing is set aside under that key.
  case nothingHeld
  /// Nobody can write the books.
  case closed
}

extension BankError: CustomStringConvertible {
  var description: String {
    switch self {
    case .accountClosed: "the account is closed"
    case .nothingHeld: "nothing was set aside for it"
    case .closed: "the treasury cannot write its books"
    }
  }
}
