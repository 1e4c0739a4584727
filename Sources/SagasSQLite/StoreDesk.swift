#if canImport(SQLite3) || canImport(CSQLite)
import Sagas

/// Where callers hand in what they want of a file, and who does it: a thread of its own, or the caller.
final class StoreDesk: Sendable {
  private enum Request: Sendable {
    case write(PendingWrite)
    /// Gives what is to be done once nobody works on the file.
    case task(@Sendable (StoreFile?) -> @Sendable () -> Void)
  }

  let path: String
  private let file: Lock<StoreFile?>
  private let thread = Lock<StoreThread<Request>?>(nil)
  private let isThreaded: Bool
  /// Wait for the file to be let go of; `nil` once it was.
  private let closers = Lock<[CheckedContinuation<Void, Never>]?>([])

  /// - Parameter isThreaded: whether a thread of its own works on the file. If not, whoever calls does, and all is
  ///   done when the call returns: for tests that decide about the order of everything.
  init(_ file: sending StoreFile, isThreaded: Bool) throws(SagaError) {
    path = file.path
    self.file = Lock(file)
    self.isThreaded = isThreaded
    guard isThreaded else { return }
    let worker = try StoreThread<Request>({ [self] in work($0) }, finish: { [self] in release() })
    thread.withLock { $0 = worker }
  }

  // MARK: Handing in

  func write(_ write: PendingWrite) -> Durability {
    if isThreaded {
      if thread.withLock({ $0?.submit(.write(write)) }) != true {
        write.whenDurable(.failure(SagaError.closed(path)))
      }
      return .pending
    }
    let result = file.withLock { file in
      file.map { $0.write([write])[0] } ?? .failure(SagaError.closed(path))
    }
    if case .success = result { return .durable }
    write.whenDurable(result)
    return .pending
  }

  /// Does something with the file, behind everything that was handed in before, and returns once it is done.
  func perform<Value: Sendable>(
    _ body: @escaping @Sendable (StoreFile) throws -> Value
  ) async throws -> Value {
    if !isThreaded {
      return try file.withLock { file in
        guard let file else { throw SagaError.closed(path) }
        return try body(file)
      }
    }
    return try await withCheckedThrowingContinuation { continuation in
      let task = Request.task { [path] file in
        let result = Result<Value, any Error> {
          guard let file else { throw SagaError.closed(path) }
          return try body(file)
        }
        return { continuation.resume(with: result) }
      }
      if thread.withLock({ $0?.submit(task) }) != true {
        continuation.resume(throwing: SagaError.closed(path))
      }
    }
  }

  /// Takes nothing more; what was handed in is done, then the file is let go of.
  func stop() {
    if isThreaded {
      thread.withLock { thread in
        thread?.stop()
        thread = nil
      }
    } else {
      release()
    }
  }

  /// Stops, and returns once the file was let go of.
  func close() async {
    await withCheckedContinuation { continuation in
      let isClosed = closers.withLock { closers in
        closers?.append(continuation)
        return closers == nil
      }
      if isClosed { continuation.resume() } else { stop() }
    }
  }

  // MARK: Working

  /// Returns whether there is more to tidy up.
  private func work(_ requests: [Request]) -> Bool {
    var writes: [PendingWrite] = []
    for case .write(let write) in requests { writes.append(write) }
    if !writes.isEmpty {
      let results = file.withLock { [writes] file in file?.write(writes) ?? [] }
      for (write, result) in zip(writes, results) { write.whenDurable(result) }
    }
    for case .task(let task) in requests { file.withLock { task($0) }() }
    return requests.isEmpty || !writes.isEmpty ? file.withLock { $0?.tidy() ?? false } : false
  }

  private func release() {
    // The connection goes first: nobody else may write before it has.
    var lock = file.withLock { file in
      defer { file = nil }
      return file?.lock
    }
    withExtendedLifetime(lock) {}
    lock = nil
    let waiting = closers.withLock { closers in
      defer { closers = nil }
      return closers ?? []
    }
    for closer in waiting { closer.resume() }
  }
}
#endif
