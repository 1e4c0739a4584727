/// Why a payment did not go through.
///
/// Nothing was charged.
enum PaymentError: Error, Hashable, Codable {
  /// The card was refused.
  case declined
  /// The provider could not be reached; it may be able later.
  case unavailable
  /// The key was voided before the charge came in.
  case voided
  /// There is no such charge.
  case unknownCharge

  /// Whether trying again may help.
  var isTransient: Bool { self == .unavailable }
}

extension PaymentError: CustomStringConvertible {
  var description: String {
    switch self {
    case .declined: "card declined"
    case .unavailable: "payment service unavailable"
    case .voided: "the charge was voided before it came in"
    case .unknownCharge: "no such charge"
    }
  }
}
