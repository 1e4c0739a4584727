#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Tells whoever started this process, a byte at a time, that it has got on, so that it can be killed at a moment that
/// is drawn, however fast the machine is.
enum Pulse {
  static func beat() {
    var byte = UInt8(ascii: ".")
    _ = write(STDOUT_FILENO, &byte, 1)
  }

  /// The end of this process, as by a kill from outside: nothing is tidied up.
  static func stop() -> Never {
    kill(getpid(), SIGKILL)
    while true { pause() }
  }
}
