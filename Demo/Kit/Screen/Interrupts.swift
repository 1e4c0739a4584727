import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Ctrl-C: the first one is counted, so that what is under way can be undone; the second ends the program.
enum Interrupts {
  private static let pressed = Atomic<Int>(0)

  /// Whether somebody wants to stop.
  static var isPressed: Bool { pressed.load(ordering: .relaxed) > 0 }

  /// Begins to count.
  ///
  /// Whatever ends the program from now on gives the cursor back first.
  static func install() {
    pressed.store(0, ordering: .relaxed)
    signal(SIGINT) { number in
      if Interrupts.pressed.add(1, ordering: .relaxed).newValue > 1 { Interrupts.endProgram(number) }
    }
    signal(SIGTERM) { number in Interrupts.endProgram(number) }
  }

  /// Leaves Ctrl-C to the system again.
  static func remove() {
    signal(SIGINT, SIG_DFL)
    signal(SIGTERM, SIG_DFL)
  }

  /// In a signal handler: nothing here may allocate or lock.
  private static func endProgram(_ number: Int32) {
    let showCursor: StaticString = "\u{1B}[?25h\n"
    if isatty(STDOUT_FILENO) == 1 {
      _ = write(STDOUT_FILENO, showCursor.utf8Start, showCursor.utf8CodeUnitCount)
    }
    signal(number, SIG_DFL)
    raise(number)
  }
}
