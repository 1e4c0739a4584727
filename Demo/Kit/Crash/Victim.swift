import Foundation

/// The process that is killed: this program, with other arguments.
struct Victim {
  /// This program, or what a test takes for it.
  static var program: URL? { Bundle.main.executableURL }

  /// Lets it check out orders until so many have ended, then kills it. Blocks meanwhile.
  /// - Returns: whether it was killed, not at its end before.
  static func run(_ program: URL, _ arguments: [String], untilEnded count: Int) throws -> Bool {
    let process = Process()
    let lines = Pipe()
    process.executableURL = program
    process.arguments = arguments
    process.standardOutput = lines
    try process.run()
    var ended = 0
    while ended < count, let bytes = try lines.fileHandleForReading.read(upToCount: 1), !bytes.isEmpty {
      if bytes.first == UInt8(ascii: "\n") { ended += 1 }
    }
    // In the end it is this that ends it, whatever it does just now.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL
  }
}
