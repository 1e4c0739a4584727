import Sagas

/// What a run comes to, in words.
///
/// Pure: the same account makes the same lines.
struct Summary: Sendable {
  private let results: [OrderResult]
  private let elapsed: Duration
  private let style: Style
  /// What was given back, by order.
  private let givenBack: [String: [LedgerEntry]]

  init(results: [OrderResult], ledger: [LedgerEntry], elapsed: Duration, style: Style) {
    self.results = results
    self.elapsed = elapsed
    self.style = style
    givenBack = Dictionary(grouping: ledger.filter { $0.kind != .charge }, by: \.orderID)
  }

  /// All of it, at most 80 columns wide.
  func lines(_ money: Reconciliation) -> [String] {
    var lines = [style.bold("\(results.count) orders in \(seconds(elapsed))")]
    lines += counts()
    let wrong = results.filter(\.isRemarkable)
    if !wrong.isEmpty {
      lines += ["", style.bold("What went wrong, and what was undone, in this order")]
      lines += wrong.flatMap(story)
    }
    let stuck = results.filter { $0.intervention != nil }
    if !stuck.isEmpty {
      lines += ["", style.bold("What was stuck, and how the operator ended it")]
      lines += stuck.flatMap(decision)
    }
    lines += ["", style.bold("Money (EUR)")] + table(money)
    if !money.isBalanced {
      lines += ["", style(.red, "The money does not add up:")]
      lines += money.problems.map { "  \(TextWidth.clip(printable($0), 78))" }
    }
    return lines
  }

  /// How many orders ended how.
  func counts() -> [String] {
    var lines = SagaStatus.allCases.compactMap { status -> String? in
      let count = results.filter { $0.status == status }.count
      guard count > 0 else { return nil }
      let tolerated = results.filter { $0.status == status && !$0.tolerated.isEmpty }.count
      let note = tolerated > 0 ? ", \(tolerated) with a failure that was tolerated" : ""
      return "  \(right("\(count)", 5))  \(style(colour(of: status), status.rawValue))\(note)"
    }
    let notStarted = results.filter { $0.status == nil }.count
    if notStarted > 0 { lines.append("  \(right("\(notStarted)", 5))  not started") }
    return lines
  }

  private func story(_ result: OrderResult) -> [String] {
    var lines: [String] = []
    if let reason = result.reason {
      let what = (result.failedStep.map { "\($0): " } ?? "") + reason
      lines.append(what)
    }
    lines += result.tolerated.map { "\($0) (tolerated)" }
    if result.status == .compensated || result.status == .failed {
      let undone = result.undone.map { $0 == Checkout.payment ? "\($0) \(moneyBack(result.id))" : $0 }
      lines += wrap(undone.isEmpty ? "nothing to undo" : "undone: \(undone.joined(separator: ", "))", 51)
    }
    if !result.unresolved.isEmpty {
      lines += wrap("unresolved: \(result.unresolved.joined(separator: ", "))", 51)
    }
    return entry(result, lines, result.reason == nil ? .yellow : .red)
  }

  /// Which undoes failed and why, what ends it, and what was done.
  private func decision(_ result: OrderResult) -> [String] {
    guard let intervention = result.intervention else { return [] }
    var lines: [String] = []
    for undo in intervention.undos {
      lines.append("stuck: \(undo.step) was not undone in \(undo.attempts) attempts")
      lines += wrap("because: \(undo.reason)", 51)
    }
    lines += wrap("ends it: \(intervention.waysOut.joined(separator: ", "))", 51)
    lines += wrap("operator: \(intervention.deeds.joined(separator: ", "))", 51)
    lines.append("then: \(result.status?.rawValue ?? "")")
    return entry(result, lines, .red)
  }

  /// Lines about one order, the first of them beside its number.
  private func entry(_ result: OrderResult, _ lines: [String], _ colour: Style.Colour) -> [String] {
    let head = "  \(TextWidth.fit(result.id, 6))  \(TextWidth.fit(result.customer, 16))  "
    let indent = String(repeating: " ", count: 28)
    return lines.enumerated().map { index, line in
      index == 0 ? head + style(colour, TextWidth.clip(line, 52)) : indent + line
    }
  }

  /// `(refunded 12.50)`, say.
  private func moneyBack(_ orderID: String) -> String {
    let back = givenBack[orderID] ?? []
    guard let kind = back.first?.kind else { return "(nothing had been charged)" }
    return "(\(kind == .refund ? "refunded" : "voided") \(back.map(\.amount).total))"
  }

  /// Breaks a list behind its commas.
  private func wrap(_ text: String, _ columns: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for piece in text.split(separator: ", ") {
      let longer = line.isEmpty ? String(piece) : line + ", " + piece
      if TextWidth.of(longer) > columns && !line.isEmpty {
        lines.append(line + ",")
        line = "  " + piece
      } else {
        line = longer
      }
    }
    return (lines + [line]).map { TextWidth.clip($0, columns + 1) }
  }

  /// What became of the money.
  func table(_ money: Reconciliation) -> [String] {
    var rows = [
      ("charged", money.charged), ("captured in completed orders", money.captured),
      ("refunded", money.refunded), ("voided", money.voided),
    ]
    if money.refundedByHand > .zero { rows.append(("refunded by hand", money.refundedByHand)) }
    if money.abandoned > .zero { rows.append(("left standing, sagas abandoned", money.abandoned)) }
    if money.excess > .zero { rows.append(("kept or given back without a charge", money.excess)) }
    rows.append(("unaccounted for", money.missing))
    let width = rows.map { "\($0.1)".count }.max() ?? 0
    var lines = rows.map { "  \(TextWidth.fit($0.0, 36))\(right("\($0.1)", width))" }
    let mark = money.isBalanced ? style(.green, "✓") : style(.red, "✗")
    if let last = lines.popLast() { lines.append("\(last)  \(mark)") }
    return lines
  }

  private func right(_ text: String, _ columns: Int) -> String {
    String(repeating: " ", count: max(columns - text.count, 0)) + text
  }

  private func colour(of status: SagaStatus) -> Style.Colour {
    switch status {
    case .completed: .green
    case .compensated: .blue
    default: .red
    }
  }
}
