import Foundation

/// Where the demo reads from: what a person types, or what is piped in.
struct Keyboard: Sendable {
  /// The descriptor of standard input.
  let descriptor: Int32

  static let input = Keyboard(descriptor: STDIN_FILENO)

  /// Whether a person types.
  var isInteractive: Bool { isatty(descriptor) == 1 }

  /// The lines up to the end of the input.
  ///
  /// A thread of its own reads them: one that waits for a person must not be one of those that run the sagas.
  var lines: AsyncStream<String> {
    AsyncStream { continuation in
      let descriptor = descriptor
      Thread.detachNewThread {
        var rest: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
          let count = read(descriptor, &buffer, buffer.count)
          if count < 0 && errno == EINTR { continue }
          guard count > 0 else { break }
          rest += buffer[..<count]
          while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            continuation.yield(String(decoding: rest[..<end], as: UTF8.self))
            rest.removeSubrange(...end)
          }
        }
        if !rest.isEmpty { continuation.yield(String(decoding: rest, as: UTF8.self)) }
        continuation.finish()
      }
    }
  }
}
