#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where the demo writes to.
struct Terminal: Sendable {
  /// The descriptor of standard output or standard error.
  let descriptor: Int32

  static let output = Terminal(descriptor: STDOUT_FILENO)
  static let errors = Terminal(descriptor: STDERR_FILENO)

  /// Whether a person looks at it, and it understands more than plain lines.
  func isInteractive(_ environment: [String: String]) -> Bool {
    isatty(descriptor) == 1 && environment["TERM", default: "dumb"] != "dumb"
  }

  /// Its width and height in characters; 80 × 24 where nobody knows.
  var size: (width: Int, height: Int) {
    var window = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
      return (80, 24)
    }
    return (Int(window.ws_col), Int(window.ws_row))
  }

  /// Writes all of a text; gives up when nobody reads.
  func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let written = writeSome(rest)
        if written < 0 && errno != EINTR && errno != EAGAIN { return }
        rest = rest.dropFirst(max(written, 0))
      }
    }
  }

  private func writeSome(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    let piece = UnsafeBufferPointer(rebasing: bytes)
    #if canImport(Darwin)
    return Darwin.write(descriptor, piece.baseAddress, piece.count)
    #elseif canImport(Glibc)
    return Glibc.write(descriptor, piece.baseAddress, piece.count)
    #else
    return Musl.write(descriptor, piece.baseAddress, piece.count)
    #endif
  }
}
