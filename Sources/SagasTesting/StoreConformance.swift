import Sagas

/// What every ``SagaStore`` has to do, sentence by sentence, for any store that a test makes.
package struct StoreConformance: Sendable, CustomStringConvertible {
  /// A store did not do what it has to.
  package struct Violation: Error, CustomStringConvertible {
    package let description: String
  }

  /// What is checked.
  package let description: String
  private let body: @Sendable (Subject) async throws -> Void

  /// Runs the check on an empty store; throws ``Violation``, and what the store throws.
  package func check(_ store: any SagaStore) async throws { try await body(Subject(store: store)) }

  /// All checks.
  package static let all: [StoreConformance] = records + claims + events

  init(_ description: String, _ body: @escaping @Sendable (Subject) async throws -> Void) {
    self.description = description
    self.body = body
  }
}

extension StoreConformance {
  /// A store, and what a check does with it.
  struct Subject: Sendable {
    let store: any SagaStore

    func record(
      _ id: String, _ number: UInt64, count: Int = 1, run: Int = 1, writer: UInt64 = 1,
      takenOverAt: UInt64 = 0,
      status: SagaStatus = .running,
      bytes: [UInt8]? = nil, redacted: [UInt8]? = nil, time: Int64? = nil, startedAt: Int64? = nil,
      name: String = "saga",
      version: Int = 1,
      metadata: [String: String] = [:]
    ) -> JournalRecord {
      let time = Timestamp(nanoseconds: time ?? Int64(number) + 1)
      return JournalRecord(
        sagaID: id, sagaName: name, sagaVersion: version,
        startedAt: Timestamp(nanoseconds: startedAt ?? 1), writer: writer,
        takenOverAt: takenOverAt, run: run, firstNumber: number, count: count, time: time, status: status,
        bytes: bytes ?? number.description.utf8 + [UInt8(ascii: " ")] + Array(id.utf8),
        redacted: redacted,
        details: number == 0
          ? .init(creation: .init(metadata: metadata, input: nil, outline: Self.outline)) : .init())
    }

    /// Three steps, each of which reads those before it.
    private static let outline = SagaOutline(
      steps: (0..<3).map { place in
        SagaOutline.Step(name: "step \(place)", hasSlot: true, reads: place == 0 ? [] : [0...place - 1])
      })

    /// Appends, and returns how it went once that is known.
    func result(of record: JournalRecord) async -> Result<Void, any Error> {
      await withCheckedContinuation { continuation in
        let durability = store.append(record) { continuation.resume(returning: $0) }
        if durability == .durable { continuation.resume(returning: .success(())) }
      }
    }

    func append(_ records: JournalRecord...) async throws {
      for record in records { try await result(of: record).get() }
    }

    func expectRefusal(
      _ record: JournalRecord, as code: SagaError.Code? = nil, _ what: String
    ) async throws {
      guard case .failure(let error) = await result(of: record) else { throw Violation(description: what) }
      guard let code else { return }
      try expect((error as? SagaError)?.code == code, "\(what): refused with \(error), not \(code)")
    }

    func bytes(of id: String) async throws -> [[UInt8]]? { try await store.load(id)?.records }

    func expect(_ condition: Bool, _ what: String) throws {
      if !condition { throw Violation(description: what) }
    }

    func expect(_ id: String, has records: JournalRecord..., what: String) async throws {
      let found = try await bytes(of: id)
      try expect(
        found == records.map(\.bytes), "\(what): has \(found?.count ?? 0) records, not \(records.count)")
    }
  }
}
