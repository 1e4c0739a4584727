import Foundation
import SagasTesting
import Testing

@testable import Sagas

#if canImport(SQLite3) || canImport(CSQLite)
@testable import SagasSQLite
#endif

/// Logs that were recorded in each format, and must go on as long as there is a library.
///
/// They stand in `Tests/Fixtures`, a folder for each version of a format, and are never written again. When the format
/// of records (`RecordFormat.version`) or that of the SQLite store (`Schema.migrations`) gets a new version, or there
/// is a new scenario, this writes the fixtures of the present formats that are not there yet:
///
///     SAGAS_WRITE_FIXTURES=1 swift test --filter FixtureTests
///
/// It refuses where there is nothing new to write, and touches nothing that is there. Look at what it has written, and
/// commit it with the change of the format.
@Suite("Fixtures", .serialized)
struct FixtureTests {
  private static let isWriting = ProcessInfo.processInfo.environment["SAGAS_WRITE_FIXTURES"] != nil
  private static let records = FixtureFolder(kind: "records", format: Int(RecordFormat.version))

  /// Each log of each format.
  static let logs: [(FixtureFolder, FixtureScenario)] = FixtureFolder.all("records").flatMap { folder in
    FixtureScenario.all.filter { FileManager.default.fileExists(atPath: folder.path(of: $0.name)) }
      .map { (folder, $0) }
  }

  // MARK: - Going on

  @Test(.enabled(if: !isWriting), arguments: logs)
  func aRecordedLog_goesOnToItsEnd(_ folder: FixtureFolder, _ scenario: FixtureScenario) throws {
    try underSchedules(5) { simulation in
      let file = try FixtureFile(reading: folder.path(of: scenario.name))
      let bench = Workbench(simulation, store: try await file.store())
      try await goOn(bench, scenario)
    }
  }

  /// In the process behind the one that was left.
  private func goOn(_ bench: Workbench, _ scenario: FixtureScenario) async throws {
    let world = FixtureWorld(watched: scenario.name)
    try await bench.sagas.registerFixtures(world)
    // Nothing that was recorded lies in the future.
    try await bench.sleep(.minutes(10))
    let recovery = try await bench.sagas.recover()
    try #require(recovery.parked.isEmpty, "\(recovery.parked)")
    try #require(recovery.recovered.contains(scenario.name) != (scenario.name == FixtureScenario.endedName))
    let run = try #require(try await bench.sagas.handle(scenario.name))
    do {
      try await scenario.end(bench, world, run)
    } catch {
      throw Refused(why: "\(error); it ran \(world.log.entries); \(await run.report)")
    }
  }

  // MARK: - The format

  /// Every format has its fixtures, for all the scenarios there are.
  @Test(.enabled(if: !isWriting)) func thePresentFormat_hasAllFixtures() {
    let missing = FixtureScenario.all.filter { $0.isInLogs && !Self.isThere($0) }
    #expect(
      missing.map(\.name).isEmpty,
      "write them: SAGAS_WRITE_FIXTURES=1 swift test --filter FixtureTests, then commit Tests/Fixtures")
    #expect(FileManager.default.fileExists(atPath: Self.records.path(of: Self.entriesName)))
  }

  private static func isThere(_ scenario: FixtureScenario) -> Bool {
    FileManager.default.fileExists(atPath: records.path(of: scenario.name))
  }

  /// The library writes the same bytes as it did when it wrote the fixtures. Where that is no longer so, the format has
  /// changed, and gets a new version.
  @Test(.enabled(if: !isWriting), arguments: FixtureScenario.all.filter(\.isInLogs))
  func theFormat_hasNotChangedWithoutItsVersion(_ scenario: FixtureScenario) throws {
    let file = try FixtureFile(reading: Self.records.path(of: scenario.name))
    for (_, bytes) in file.records {
      #expect(try RecordFormat(decoding: bytes).encoded() == bytes, "raise RecordFormat.version")
    }
    #expect(file.records.allSatisfy { $0.bytes.first == RecordFormat.version })
  }

  /// The same for every entry and everything that can ride beside one, by name.
  @Test(.enabled(if: !isWriting)) func noEntry_hasChangedWithoutAVersion() throws {
    let file = try FixtureFile(reading: Self.records.path(of: Self.entriesName))
    try #require(file.records.count == FixtureEntries.records.count)
    for ((_, bytes), known) in zip(file.records, FixtureEntries.records) {
      let record = try RecordFormat(decoding: bytes)
      #expect(record.time == known.time && record.firstNumber == known.firstNumber)
      #expect(record.entries.count <= known.entries.count)
      for (found, known) in zip(record.entries, known.entries) {
        #expect(
          found.entry == known.entry && found.attachment == known.attachment, "raise RecordFormat.version")
      }
      #expect(record.encoded() == bytes, "raise RecordFormat.version")
    }
  }

  private static let entriesName = "every entry"

  // MARK: - Writing

  /// Not a test: see above.
  @Test(.enabled(if: isWriting)) func writesFixtures() async throws {
    var written: [String] = []
    if !Self.records.exists {
      try Self.records.create()
      try Self.writeEveryEntry(to: Self.records)
      written.append(Self.entriesName)
    }
    for scenario in FixtureScenario.all where scenario.isInLogs && !Self.isThere(scenario) {
      try Self.write(scenario, to: Self.records)
      written.append(scenario.name)
    }
    #if canImport(SQLite3) || canImport(CSQLite)
    if !Self.database.exists {
      try Self.database.create()
      for scenario in FixtureScenario.all { try Self.write(scenario, to: Self.database) }
      written.append(Self.database.name)
    }
    #endif
    #expect(
      !written.isEmpty,
      "fixtures of the present formats are there, and are never written again; raise the version of a format first"
    )
  }

  private static func write(_ scenario: FixtureScenario, to folder: FixtureFolder) throws {
    try simulate(seeds: [1]) { simulation in
      let store: any SagaStore
      switch folder.kind {
      #if canImport(SQLite3) || canImport(CSQLite)
      case "sqlite": store = try open(folder.database)
      #endif
      default: store = InMemoryStore(encoding: true)
      }
      let gate = Gate()
      let world = FixtureWorld(broken: scenario.broken, held: scenario.held) {
        await simulation.runtime.spawn("held") { _ = await gate.wait() }.value
      }
      let bench = Workbench(simulation, store: store)
      try await bench.sagas.registerFixtures(world)
      try await scenario.begin(bench, world, scenario.name)
      await bench.settle()
      if let memory = store as? InMemoryStore {
        let file = try await FixtureFile(of: scenario.name, in: memory)
        try file.text().write(toFile: folder.path(of: scenario.name), atomically: true, encoding: .utf8)
      }
      #if canImport(SQLite3) || canImport(CSQLite)
      if let database = store as? SQLiteStore {
        await database.close()
        try FileManager.default.removeItem(atPath: folder.database + "-lock")
      }
      #endif
    }
  }

  private static func writeEveryEntry(to folder: FixtureFolder) throws {
    let records = FixtureEntries.records.map { "record\trunning\t\(FixtureFile.text($0.encoded()))" }
    let lines = ["saga\t\(entriesName)\t-\t1"] + records
    try (lines.joined(separator: "\n") + "\n")
      .write(toFile: folder.path(of: entriesName), atomically: true, encoding: .utf8)
  }

  #if canImport(SQLite3) || canImport(CSQLite)
  // MARK: - SQLite

  private static let database = FixtureFolder(kind: "sqlite", format: Schema.migrations.count)

  /// A store that keeps finished sagas, and works on the caller's thread.
  private static func open(_ path: String) throws -> SQLiteStore {
    try SQLiteStore(path: path, retention: .all, faults: StoreFaults(), isThreaded: false)
  }

  /// Works on a copy: the fixture stays as it is.
  @Test(.enabled(if: !isWriting), arguments: FixtureFolder.all("sqlite"))
  func eachSagaOfAFile_goesOnToItsEnd(_ folder: FixtureFolder) throws {
    for scenario in FixtureScenario.all where scenario.firstFile <= folder.format {
      try underSchedules(1) { simulation in
        let place = FileManager.default.temporaryDirectory.appendingPathComponent(
          "sagas-fixture-\(ProcessInfo.processInfo.processIdentifier)-\(folder.name)-\(scenario.name)")
        try? FileManager.default.removeItem(at: place)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }
        let path = place.appendingPathComponent("sagas.db").path
        try FileManager.default.copyItem(atPath: folder.database, toPath: path)
        let store = try Self.open(path)
        let bench = Workbench(simulation, store: store)
        try await goOn(bench, scenario)
        await store.close()
      }
    }
  }

  /// What is shown of an older file, once it has the present format.
  @Test(.enabled(if: !isWriting), arguments: FixtureFolder.all("sqlite"))
  func eachSagaOfAFile_isShown(_ folder: FixtureFolder) async throws {
    let place = FileManager.default.temporaryDirectory.appendingPathComponent(
      "sagas-shown-\(ProcessInfo.processInfo.processIdentifier)-\(folder.name)")
    try? FileManager.default.removeItem(at: place)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: place) }
    let path = place.appendingPathComponent("sagas.db").path
    try FileManager.default.copyItem(atPath: folder.database, toPath: path)
    let isOlder = folder.format < Schema.migrations.count
    if isOlder { #expect(throws: SagaError.self) { try StoreTables(path: path) } }
    try await Self.open(path).close()
    let tables = try StoreTables(path: path)
    let scenarios = FixtureScenario.all.filter { $0.firstFile <= folder.format }
    #expect(try tables.rows("SELECT * FROM sagas").count == scenarios.count)
    #expect(try tables.rows("SELECT * FROM steps").count > scenarios.count)
    #expect(try !tables.rows("SELECT * FROM compensations").isEmpty)
    #expect(try tables.rows("SELECT * FROM events").count == (folder.format < 3 ? 0 : 2))
    // Made like new, it is as if it had been made today.
    let fresh = place.appendingPathComponent("fresh.db").path
    try await Self.open(fresh).close()
    let schema = "SELECT type, name, sql FROM sqlite_master ORDER BY name"
    #expect(try tables.rows(schema) == StoreTables(path: fresh).rows(schema))
    // Sagas of before have neither.
    #expect(try tables.rows("SELECT 1 FROM steps WHERE input IS NOT NULL").isEmpty == isOlder)
    let stuck = try tables.rows("SELECT ways_out FROM sagas WHERE id = 'stuck'")
    #expect(stuck == [[isOlder ? nil : #"retryCompensation, skipCompensation "seat", abandon"#]])
  }

  @Test(.enabled(if: !isWriting)) func eachFormatOfFiles_isStillThere() {
    #expect(FixtureFolder.all("records").map(\.format) == [1])
    #expect(FixtureFolder.all("sqlite").map(\.format) == [2, 3, 5, 6])
  }

  @Test(.enabled(if: !isWriting)) func thePresentFormatOfFiles_hasAFixture() {
    #expect(
      FileManager.default.fileExists(atPath: Self.database.database),
      "write it: SAGAS_WRITE_FIXTURES=1 swift test --filter FixtureTests, then commit Tests/Fixtures")
  }
  #endif
}
