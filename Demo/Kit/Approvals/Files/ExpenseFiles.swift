/// Reads and checks files of expense reports and of decisions about them.
enum ExpenseFiles {
  private static let reports = ListFile(noun: "report")
  private static let decisions = ListFile(noun: "decision")

  /// The reports of a file; those that come with the demo when `nil`.
  ///
  /// Throws ``InputFileError``.
  static func reports(_ path: String? = nil) throws(InputFileError) -> [ExpenseRequest] {
    guard let path else { return try reports(try ListFile.bundled("reports", in: "Expenses")) }
    return try parseReports(try reports.read(path), file: path)
  }

  /// The decisions of a file; those that come with the demo when `nil`.
  ///
  /// Throws ``InputFileError``.
  static func decisions(_ path: String? = nil) throws(InputFileError) -> [TimedDecision] {
    guard let path else { return try decisions(try ListFile.bundled("decisions", in: "Expenses")) }
    return try parseDecisions(try decisions.read(path), file: path)
  }

  /// The reports in the bytes of a file.
  static func parseReports(_ bytes: [UInt8], file: String) throws(InputFileError) -> [ExpenseRequest] {
    let requests = try reports.parse(bytes, as: ExpenseRequest.self, file: file)
    try reports.refuseRepeated(requests.map(\.report.id), file: file)
    return requests
  }

  /// The decisions in the bytes of a file.
  ///
  /// Two may have one id: that is one decision that is sent twice.
  static func parseDecisions(_ bytes: [UInt8], file: String) throws(InputFileError) -> [TimedDecision] {
    try decisions.parse(bytes, as: TimedDecision.self, file: file)
  }
}
