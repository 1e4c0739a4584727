#if TSAN
#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A value that one thread at a time may touch: the variant for builds under ThreadSanitizer.
///
/// ThreadSanitizer does not see the futex inside `Mutex` and reports races that are none; it does understand
/// `pthread_mutex_t`.
package struct Lock<State: ~Copyable>: ~Copyable, @unchecked Sendable {  // guarded by the mutex
  // The state is reached only while the mutex is held, and comes in and goes out by `sending`.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let state: UnsafeMutablePointer<State>

  package init(_ initial: consuming sending State) {
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    state = .allocate(capacity: 1)
    state.initialize(to: initial)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
    state.deinitialize(count: 1)
    state.deallocate()
  }

  /// Runs `body` on the state while nobody else can.
  package borrowing func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout sending State) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&state.pointee)
  }
}
#else
import Synchronization

/// A value that one thread at a time may touch.
///
/// For the few places an actor does not fit. Hold it briefly: never over a call into somebody else's code and never
/// while resuming a continuation.
package struct Lock<State: ~Copyable>: ~Copyable, Sendable {
  private let mutex: Mutex<State>

  package init(_ initial: consuming sending State) {
    mutex = Mutex(initial)
  }

  /// Runs `body` on the state while nobody else can.
  package borrowing func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout sending State) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    try mutex.withLock(body)
  }
}
#endif
