#if canImport(SQLite3) || canImport(CSQLite)
import Foundation
import SagasTesting

@testable import CrashChild
@testable import SagasSQLite

/// Some sagas in a directory of their own, and the processes that work on them one after the other.
struct CrashRun {
  let directory: String
  let mix: Mix
  private(set) var kills = 0
  private(set) var processes = 0
  /// How many records had a secret in them when a process had ended.
  private(set) var secrets = 0
  /// How many processes behind the first were killed before they had recovered, and how many cancelled first of all.
  private(set) var interrupted = 0, cancelling = 0
  /// How many sagas were recovered too often.
  private(set) var wornOut = 0
  /// What was done, for whoever has to look into it.
  private(set) var story: [String] = []
  /// What is wrong; empty when the ledger, the store and the sagas say the same.
  private(set) var problems: [String] = []

  init(seed: UInt64, sagas: Int) throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("sagas-crash-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    directory = url.path
    mix = Mix(seed: seed, count: sagas)
  }

  var lines: [LedgerLine] { get throws { try Ledger.read(directory + "/ledger") } }

  var audit: Audit {
    get throws {
      try JSONDecoder().decode(
        Audit.self, from: Data(contentsOf: URL(fileURLWithPath: directory + "/audit.json")))
    }
  }

  /// Starts a process; returns whether it came to its end.
  mutating func launch(
    killedAfter beats: Int? = nil, at point: CrashPoint? = nil, cancels: Bool = false
  ) throws -> Bool {
    let child = Child(directory: directory, mix: mix, cancels: cancels, point: point)
    let (ending, count) = try ChildProcess.run(child, killedAfter: beats)
    processes += 1
    if case .killed = ending { kills += 1 }
    story.append("\(ending) after \(count) beats" + (cancels ? ", cancels" : ""))
    if case .failed(let why) = ending { problems.append(why) }
    try look()
    return ending != .killed
  }

  /// Kills processes at random moments, then lets one come to its end.
  mutating func killAtRandom() throws {
    var random = SeededRandom(seed: mix.seed)
    let planned = Int.random(in: 1...5, using: &random)
    // In a quarter of the runs the first command after the first restart is a cancel.
    let isCancelling = Int.random(in: 0..<4, using: &random) == 0
    for number in 0...planned {
      let whole = 20 * mix.count
      // One that goes on has less to do; a third are killed while they recover.
      let isEarly = number > 0 && Int.random(in: 0..<3, using: &random) == 0
      let beats = Int.random(in: 1...(isEarly ? 12 : number == 0 ? whole : whole / 2), using: &random)
      let cancels = isCancelling && number == 1
      if try launch(killedAfter: number == planned ? nil : beats, cancels: cancels) { break }
    }
    try reconcile()
  }

  /// Ends the process at one journal write, then the next ones at their first writes, which are those of `recover()`.
  /// - Returns: whether there is such a write.
  mutating func crash(_ side: CrashPoint.Side, _ commit: Int) throws -> Bool {
    let isBehind = try launch(at: CrashPoint(side, commit))
    var isOver = isBehind
    for restart in 0..<(commit % 4) where !isOver {
      isOver = try launch(at: CrashPoint(CrashPoint.Side.allCases[restart % 2], 1 + restart / 2))
    }
    if !isOver { _ = try launch(cancels: commit % 4 == 0) }
    try reconcile()
    return !isBehind
  }

  /// What has to hold whenever a process has ended.
  private mutating func look() throws {
    let lines = try lines
    problems += Books(lines, mix).problems
    guard FileManager.default.fileExists(atPath: directory + "/sagas.db") else { return }
    let connection = try Connection(path: directory + "/sagas.db", readOnly: true)
    let integrity = try connection.prepare("PRAGMA integrity_check")
    if try !integrity.step() || integrity.text(0) != "ok" {
      problems.append("integrity: \(integrity.text(0))")
    }
    guard try connection.number("SELECT count(*) FROM sqlite_master WHERE name = 'sagas'") == 1 else {
      if lines.contains(where: { $0.kind == .started }) { problems.append("the store is empty") }
      return
    }
    let secrets = try connection.prepare(
      """
      SELECT s.id, 1 FROM saga s JOIN journal j ON j.saga = s.seq
      WHERE instr(j.bytes, CAST(?1 || s.id AS BLOB)) OR instr(j.changes, ?1 || s.id)
      UNION ALL SELECT s.id, s.ended IS NOT NULL FROM saga s JOIN secret c ON c.saga = s.seq
      WHERE instr(c.bytes, CAST(?1 || s.id AS BLOB))
      """)
    secrets.bind(Mix.secret(of: ""), at: 1)
    while try secrets.step() {
      self.secrets += 1
      if secrets.number(1) != 0 { problems.append("\(secrets.text(0)): its secret is where it must not be") }
    }
    let query = try connection.prepare("SELECT id, status FROM sagas")
    var stored: [String: String] = [:]
    while try query.step() { stored[query.text(0)] = query.text(1) }
    for line in lines {
      switch line.kind {
      case .started where stored[line.saga] == nil: problems.append("\(line.saga): started, and not stored")
      case .ended where stored[line.saga] != line.detail:
        problems.append("\(line.saga): ended \(line.detail), stored as \(stored[line.saga] ?? "nothing")")
      default: break
      }
    }
  }

  private mutating func reconcile() throws {
    guard problems.isEmpty else { return }
    let (lines, audit) = (try lines, try audit)
    problems += Books(lines, mix).problems(with: audit)
    wornOut += lines.count { $0.kind == .wornOut }
    // The first has nothing to recover.
    let processes = lines.indices.filter { lines[$0].kind == .process }
    for (number, start) in processes.enumerated().dropFirst() {
      let end = number + 1 < processes.count ? processes[number + 1] : lines.endIndex
      if !lines[start..<end].contains(where: { $0.kind == .recovered }) { interrupted += 1 }
    }
    for (index, line) in lines.enumerated() where line.kind == .recovered {
      let next = lines[(index + 1)...].first {
        $0.kind != .wornOut && $0.kind != .rescued && $0.kind != .abandon
      }
      if next?.kind == .cancel { cancelling += 1 }
    }
    // Also not in what the file has left behind.
    let paths = ["", "-wal"].map { directory + "/sagas.db" + $0 }
    let files = paths.compactMap { FileManager.default.contents(atPath: $0) }
    for entry in audit.entries where entry.status.isTerminal {
      if files.contains(where: { Self.holds($0, Mix.secret(of: entry.id)) }) {
        problems.append("\(entry.id): has ended, and its secret is in the file")
      }
    }
  }

  /// Whether there is this secret, and not only one that begins with it.
  private static func holds(_ file: Data, _ secret: String) -> Bool {
    var rest = file[...]
    while let found = rest.range(of: Data(secret.utf8)) {
      if found.upperBound == file.endIndex || !(0x30...0x39).contains(file[found.upperBound]) { return true }
      rest = file[found.upperBound...]
    }
    return false
  }

  /// Says what went wrong and leaves the files there; takes them away when nothing did.
  func close() -> String? {
    guard problems.isEmpty else {
      return """
        run \(mix.seed) of \(mix.count) sagas, files in \(directory)
        \((story + problems.prefix(20)).joined(separator: "\n"))
        """
    }
    try? FileManager.default.removeItem(atPath: directory)
    return nil
  }
}
#endif
