#if canImport(SQLite3) || canImport(CSQLite)
import Foundation
import Sagas
import SagasSQLite

/// What a store says of its sagas, in lines for a person.
struct StoredView {
  /// How many finished sagas are listed.
  private static let finishedLimit = 20
  /// How wide the column is that says when: a saga may wait for months.
  private static let timeWidth = 13
  /// How many events are listed.
  private static let eventLimit = 10

  private let tables: StoreTables
  private let path: String
  private let style: Style

  /// Throws ``DemoStoreError``.
  init(path: String, style: Style) throws(DemoStoreError) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw DemoStoreError(message: "\(path): there is no such file")
    }
    do {
      tables = try StoreTables(path: path)
    } catch {
      throw DemoStoreError(error)
    }
    self.path = path
    self.style = style
  }

  // MARK: All of them

  /// All sagas, and what ends those that do not go on by themselves.
  func overview(showsAll: Bool) throws -> [String] {
    let counts = try tables.rows("SELECT status, count(*) FROM saga GROUP BY status ORDER BY 2 DESC")
    let total = counts.compactMap { $0[1].flatMap { Int($0) } }.reduce(0, +)
    let words = counts.map { "\($0[1] ?? "") \($0[0] ?? "")" }.joined(separator: ", ")
    var lines = [style.bold("\(path): \(total) sagas\(words.isEmpty ? "" : ": \(words)")")]
    guard total > 0 else { return lines + (try events(showsAll: showsAll)) }
    let sagas = try tables.rows(
      """
      SELECT id, name, status, CAST(round(100 * progress) AS INTEGER),
        substr(created, 1, 19),
        coalesce(nullif(current_steps, ''), error, '')
      FROM sagas WHERE id IN (SELECT id FROM saga WHERE ended IS NULL UNION ALL SELECT id FROM (
        SELECT id FROM saga WHERE ended IS NOT NULL ORDER BY ended DESC, seq DESC LIMIT ?))
      ORDER BY created, id
      """, showsAll ? "-1" : "\(Self.finishedLimit)")
    let idWidth = min(max(sagas.map { TextWidth.of($0[0] ?? "") }.max() ?? 0, 2), 24)
    let nameWidth = min(max(sagas.map { TextWidth.of($0[1] ?? "") }.max() ?? 0, 4), 16)
    func line(_ cells: [String]) -> String {
      [
        TextWidth.fit(cells[0], idWidth), TextWidth.fit(cells[1], nameWidth), TextWidth.fit(cells[2], 12),
        TextWidth.fit(cells[3], 5), TextWidth.fit(cells[4], 19), TextWidth.clip(cells[5], 40),
      ].joined(separator: "  ")
    }
    lines += ["", style(.grey, line(["ID", "NAME", "STATUS", "DONE", "CREATED (UTC)", "AT, OR ERROR"]))]
    for saga in sagas {
      var cells = saga.map { printable($0 ?? "") }
      cells[3] += " %"
      lines.append(line(cells))
    }
    if sagas.count < total { lines.append(style(.grey, "… and \(total - sagas.count) finished ones: --all")) }
    return lines + (try events(showsAll: showsAll)) + (try decisions(nil))
  }

  /// The events that are kept, the last ones; nothing where there are none.
  private func events(showsAll: Bool) throws -> [String] {
    let counts = try tables.rows("SELECT name, count(*) FROM events GROUP BY name ORDER BY 2 DESC, 1")
    guard !counts.isEmpty else { return [] }
    let total = counts.compactMap { $0[1].flatMap { Int($0) } }.reduce(0, +)
    let words = counts.map { "\($0[1] ?? "") \(printable($0[0] ?? ""))" }.joined(separator: ", ")
    let events = try tables.rows(
      """
      SELECT id, name, substr(published, 1, 19), payload FROM events ORDER BY number DESC LIMIT ?
      """, showsAll ? "-1" : "\(Self.eventLimit)"
    ).reversed().map { $0.map { printable($0 ?? "") } }
    let idWidth = min(max(events.map { TextWidth.of($0[0]) }.max() ?? 0, 2), 24)
    let nameWidth = min(max(events.map { TextWidth.of($0[1]) }.max() ?? 0, 4), 16)
    func line(_ cells: [String]) -> String {
      [
        TextWidth.fit(cells[0], idWidth), TextWidth.fit(cells[1], nameWidth), TextWidth.fit(cells[2], 19),
        TextWidth.clip(cells[3], 60),
      ].joined(separator: "  ")
    }
    var lines = ["", style.bold("\(total) events are kept: \(words)"), ""]
    lines.append(style(.grey, line(["EVENT", "TYPE", "PUBLISHED (UTC)", "PAYLOAD"])))
    lines += events.map(line)
    let others = total - events.count
    if others > 0 { lines.append(style(.grey, "… and \(others) earlier ones: --all")) }
    return lines
  }

  // MARK: One of them

  /// All that happened to a saga; `nil` when there is none of that id.
  func story(of id: String) throws -> [String]? {
    let columns = "name, version, status, created, ended, input, output, error, metadata"
    guard let saga = try tables.rows("SELECT \(columns) FROM sagas WHERE id = ?", id).first else {
      return nil
    }
    func text(_ column: Int) -> String? { saga[column].map(printable) }
    var lines = [
      style.bold("\(printable(id)): \(text(0) ?? "") version \(text(1) ?? ""), \(text(2) ?? "")"), "",
    ]
    let facts = [
      ("created", text(3)), ("ended", text(4)), ("input", text(5)), ("output", text(6)), ("error", text(7)),
      ("metadata", text(8) == "{}" ? nil : text(8)),
    ]
    lines += facts.compactMap { name, value in value.map { "\(TextWidth.fit(name, 10))\($0)" } }
    let head = "\(TextWidth.fit("SECONDS", Self.timeWidth))\(TextWidth.fit("STEP", 24))WHAT"
    lines += ["", style(.grey, head)]
    return lines + (try timeline(of: id)) + (try decisions(id))
  }

  /// A line for each time a step came to be in another state.
  private func timeline(of id: String) throws -> [String] {
    let changes = try tables.rows(
      """
      SELECT j.time - s.created, json_extract(c.value, '$.step'), json_extract(c.value, '$.status'),
        json_extract(c.value, '$.attempts'), json_extract(c.value, '$.undo'),
        json_extract(c.value, '$.undoAttempts'), json_extract(c.value, '$.error'),
        json_extract(c.value, '$.undoError'),
        strftime('%Y-%m-%d %H:%M:%S', json_extract(c.value, '$.due') / 1e9, 'unixepoch')
      FROM saga s JOIN journal j ON j.saga = s.seq JOIN json_each(j.changes) c
      WHERE s.id = ? ORDER BY j.number, c.key
      """, id)
    var known: [String: [String?]] = [:]
    var lines: [String] = []
    for change in changes {
      let step = change[1] ?? ""
      let state = Array(change[2...])
      let before = known.updateValue(state, forKey: step)
      guard before != state else { continue }
      let milliseconds = (change[0].flatMap { Int64($0) } ?? 0) / 1_000_000
      let digits = String(milliseconds % 1_000)
      let time = "+\(milliseconds / 1_000).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
      lines.append(
        TextWidth.fit(time, Self.timeWidth) + TextWidth.fit(printable(step), 22) + "  "
          + Self.words(state, before))
    }
    return lines
  }

  /// The state of a step in words, given the one before.
  private static func words(_ state: [String?], _ before: [String?]?) -> String {
    func attempt(_ text: String?) -> String {
      text.map { $0 == "1" || $0 == "0" ? "" : ", attempt \($0)" } ?? ""
    }
    func because(_ text: String?) -> String { text.map { ": \(printable($0))" } ?? "" }
    let (status, error, undoError) = (state[0] ?? "", state[4], state[5])
    let due = state[6]
    func at(_ word: String) -> String { due.map { " \(word) \($0) UTC" } ?? "" }
    switch state[2] {
    case "queued": return "\(status)\(because(error)); to be undone"
    case "running":
      // What it failed with came in the same record.
      let failed = before?[2] == nil && error != nil ? "failed\(because(error)); " : ""
      return "\(failed)is being undone\(attempt(state[3]))"
    case "waiting": return "its undo failed\(because(undoError)); is tried again\(at("at"))"
    case "compensated": return "undone"
    case "impossible": return "cannot be undone\(because(undoError))"
    case "failed": return "its undo failed for good\(because(undoError))"
    case "skipped": return "its undo was left out by hand"
    default: break
    }
    switch status {
    case "running" where before?[0] == "running" && before?[1] == state[1] && error != nil:
      return "is asked to stop\(because(error))"
    case "running": return "runs\(attempt(state[1]))"
    case "waiting":
      // What has no attempts is no step: an error is that of a wait before somebody let it begin again.
      return state[1] == "0" || error == nil
        ? "waits\(at("until"))" : "failed\(because(error)); is tried again\(at("at"))"
    case "failed", "unknown": return "\(status)\(because(error))"
    default: return status
    }
  }

  // MARK: What somebody has to decide

  private func decisions(_ id: String?) throws -> [String] {
    let held = try tables.rows(
      """
      SELECT s.id, s.name, s.status, (SELECT group_concat(c.step, char(10)) FROM compensations c
          WHERE c.saga = s.id AND c.status = 'failed'),
        CASE WHEN s.ways_out IS NULL
          THEN (SELECT group_concat(t.step, char(10)) FROM steps t
            WHERE t.saga = s.id AND t.status IN ('failed', 'unknown'))
          ELSE (SELECT group_concat(json_extract(w.value, '$.step'), char(10)) FROM json_each(s.ways_out) w
            WHERE json_extract(w.value, '$.verb') = 'skip') END,
        (SELECT group_concat(json_extract(w.value, '$.verb') || '(' || json_quote(s.id)
            || CASE WHEN json_extract(w.value, '$.step') IS NULL THEN '' ELSE
              ', step: ' || json_quote(json_extract(w.value, '$.step')) END || ')', char(10))
          FROM json_each(s.ways_out) w),
        (SELECT 1 FROM json_each(s.ways_out) w WHERE json_extract(w.value, '$.verb') = 'retryCompensation'),
        (SELECT group_concat(c.step, char(10)) FROM compensations c
          WHERE c.saga = s.id AND c.status = 'queued')
      FROM saga s WHERE s.status IN ('stuck', 'suspended') AND (?1 IS NULL OR s.id = ?1) ORDER BY s.seq
      """, id)
    return held.flatMap { saga -> [String] in
      let id = printable(saga[0] ?? "")
      let undoes = Self.names(saga[3])
      // What failed and is not tolerated can be skipped.
      let steps = Self.names(saga[4])
      let why =
        switch (saga[2], saga[6], saga[7]) {
        case ("suspended", _, _):
          "is suspended" + (steps.isEmpty ? "" : " behind the failure of \(steps.joined(separator: ", "))")
        case (_, _, let queued?):
          "is stuck: the time for undoing was over, before the turn of \(Self.names(queued).joined(separator: ", "))"
            + (undoes.isEmpty ? "" : "; the undo of \(undoes.joined(separator: ", ")) failed for good")
        case _ where !undoes.isEmpty:
          "is stuck: the undo of \(undoes.joined(separator: ", ")) failed for good"
        case (_, .some, _): "is stuck: the time for undoing was over"
        default: "is stuck" + (steps.isEmpty ? "" : " at \(steps.joined(separator: ", ")), behind its pivot")
        }
      return [
        "", style(.red, "\(id) \(why)."), "  In a process that has registered '\(saga[1] ?? "")':",
        "    try await sagas.recover()",
      ]
        // Of a saga of an earlier format they are recorded when it is recovered.
        + (saga[5] == nil ? [] : ["  and one of:"] + Self.names(saga[5]).map { "    try await sagas.\($0)" })
    }
  }

  private static func names(_ list: String?) -> [String] {
    (list ?? "").split(separator: "\n").map { printable(String($0)) }
  }
}
#endif
