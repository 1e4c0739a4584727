#if canImport(SQLite3) || canImport(CSQLite)
#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
import Sagas

/// A thread that waits for things to do and takes all there are at once.
///
/// Waiting for a disk must not take one of the few threads that tasks share, and while it waits more comes in: that
/// is what makes one transaction serve many sagas.
final class StoreThread<Item: Sendable>: @unchecked Sendable {  // guarded by the mutex
  // That goes for `items`, `isAsleep` and `isStopping`; the rest never changes.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var items: [Item] = []
  private var isAsleep = false
  private var isStopping = false

  private let handle: @Sendable ([Item]) -> Bool
  private let finish: @Sendable () -> Void

  /// Starts the thread.
  /// - Parameters:
  ///   - handle: does what has come; returns whether it has more to do when nothing comes: then it is called again
  ///     with nothing.
  ///   - finish: called at the end, on the thread, when everything is done.
  init(
    _ handle: @escaping @Sendable ([Item]) -> Bool, finish: @escaping @Sendable () -> Void
  ) throws(SagaError) {
    self.handle = handle
    self.finish = finish
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    condition = .allocate(capacity: 1)
    condition.initialize(to: pthread_cond_t())
    pthread_cond_init(condition, nil)

    let context = Unmanaged.passRetained(ThreadBody { [self] in run() })
    #if canImport(Darwin)
    var thread: pthread_t?
    let code = pthread_create(&thread, nil, { ThreadBody.run($0) }, context.toOpaque())
    if let thread, code == 0 { pthread_detach(thread) }
    #else
    var thread = pthread_t()
    let code = pthread_create(&thread, nil, { ThreadBody.run($0) }, context.toOpaque())
    if code == 0 { pthread_detach(thread) }
    #endif
    guard code == 0 else {
      context.release()
      throw .noThread(code)
    }
  }

  deinit {
    pthread_cond_destroy(condition)
    condition.deallocate()
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Hands something over; `false` when the thread is about to end and does not take it.
  func submit(_ item: Item) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    guard !isStopping else { return false }
    items.append(item)
    if isAsleep {
      isAsleep = false
      pthread_cond_signal(condition)
    }
    return true
  }

  /// Takes nothing more; the thread ends when it has done what it has.
  func stop() {
    pthread_mutex_lock(mutex)
    isStopping = true
    isAsleep = false
    pthread_cond_signal(condition)
    pthread_mutex_unlock(mutex)
  }

  private func run() {
    var hasMore = false
    while let taken = take(waiting: !hasMore) { hasMore = handle(taken) }
    finish()
  }

  /// All that has come; `nil` when nothing will come any more.
  private func take(waiting: Bool) -> [Item]? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while waiting, items.isEmpty, !isStopping {
      isAsleep = true
      pthread_cond_wait(condition, mutex)
    }
    if items.isEmpty, isStopping { return nil }
    var taken: [Item] = []
    swap(&taken, &items)
    return taken
  }
}

/// What a thread runs.
private final class ThreadBody {
  private let body: () -> Void

  init(_ body: @escaping () -> Void) { self.body = body }

  static func run(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().body() }
    return nil
  }
}
#endif
