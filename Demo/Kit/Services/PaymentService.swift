/// Takes money, and gives it back.
///
/// Everything may be repeated: a charge under a key is made once, and taken back once.
protocol PaymentService: Sendable {
  /// Charges an amount. Throws ``PaymentError``; when it is cancelled, nobody knows whether it has charged.
  func charge(_ amount: Money, key: String) async throws -> Receipt

  /// Gives a charge back. Throws ``PaymentError``.
  func refund(_ receipt: Receipt) async throws

  /// Sees to it that no charge stands under a key, whether there has been one, or is one on its way.
  ///
  /// Throws ``PaymentError``.
  func void(key: String) async throws
}
