extension Engine {
  /// Reports of sagas that meet a filter, in the order of their creation; live ones as they are now.
  func list(_ filter: SagaFilter, limit: Int, after place: UInt64?) async throws -> [SagaReport] {
    guard limit > 0 else { throw SagaError.badLimit(limit) }
    let wide = filter.widened
    var reports: [SagaReport] = []
    var place = place
    while reports.count < limit {
      let wanted = limit - reports.count
      let page = try await journal.store.list(wide, limit: wanted, after: place)
      for stored in page {
        place = stored.place
        var report = await report(of: stored)
        guard filter.accepts(report) else { continue }
        report.place = stored.place
        reports.append(report)
      }
      if page.count < wanted { break }
    }
    return reports
  }

  /// The place of a saga in the order of creation.
  func place(of id: String) async throws -> UInt64 {
    guard let stored = try await journal.store.load(id) else { throw SagaError.noPlace(id) }
    return stored.place
  }

  /// How many sagas meet a filter, by status.
  func count(_ filter: SagaFilter) async throws -> [SagaStatus: Int] {
    var all = filter
    all.statuses = nil
    var counts = try await journal.store.count(all)
    // The store does not know that they are parked here.
    for image in parked.withLock({ Array($0.values) }) where all.accepts(image.info) {
      guard let recorded = image.recordedStatus, let count = counts[recorded], count > 0,
        all.accepts(.parked, endedAt: nil)
      else { continue }
      counts[recorded] = count - 1
      counts[.parked, default: 0] += 1
    }
    return counts.filter { $0.value > 0 && filter.statuses?.contains($0.key) != false }
  }

  /// Deletes a saga that has ended.
  func forget(_ id: String) async throws {
    if let instance = registry[id], await instance.isCreated(), instance.bulletin.ended == nil {
      throw SagaError.notEnded(id, await instance.image.status)
    }
    if parked.withLock({ $0[id] != nil }) { throw SagaError.notEnded(id, .parked) }
    try await journal.store.forget(id)
  }

  /// The report of one saga; `nil` when there is none.
  func report(_ id: String) async throws -> SagaReport? {
    do {
      return try await find(id)?.report()
    } catch let error as SagaError where error.isAboutDefinition {
      guard let stored = try await journal.store.load(id) else { return nil }
      return await report(of: stored)
    }
  }

  private func report(of stored: StoredSaga) async -> SagaReport {
    if let instance = registry[stored.id], await instance.isCreated() {
      let image = if let ended = instance.bulletin.ended { ended.value } else { await instance.image }
      return image.report(instance.bulletin.progress)
    }
    if let parked = parked.withLock({ $0[stored.id] }) { return parked.report() }
    do {
      return try image(of: stored).report()
    } catch {
      // What can be told without its definition, or in spite of what is wrong with its log.
      var image = parkedImage(of: stored)
      image.recordedStatus = stored.status
      if let error = error as? SagaError, error.code != .notRegistered, !image.status.isTerminal {
        image.parked = error
      }
      return image.report()
    }
  }
}

extension SagaFilter {
  fileprivate func accepts(_ report: SagaReport) -> Bool {
    // When it ended is not told of one whose definition is not known; the store has looked at that.
    if report.status.isTerminal, report.endedAt == nil { return statuses?.contains(report.status) != false }
    return accepts(report.status, endedAt: report.endedAt)
  }
}
