#if canImport(SQLite3) || canImport(CSQLite)
import Foundation

@testable import CrashChild

/// Runs a child as a process of its own.
struct ChildProcess {
  enum Ending: Equatable {
    /// All its sagas are as they shall be.
    case completed
    case killed
    case failed(String)
  }

  /// Where the children were built: beside the tests.
  private static var executable: URL {
    #if os(macOS)
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
    let tests = bundle?.bundleURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    #else
    let tests = URL(fileURLWithPath: CommandLine.arguments[0])
    #endif
    return tests.deletingLastPathComponent().appendingPathComponent("CrashChild")
  }

  /// Runs it to its end, or kills it at its `beats`th sign of life; blocks until it is gone.
  /// - Returns: how it ended, and how many signs of life it gave.
  static func run(_ child: Child, killedAfter beats: Int? = nil) throws -> (ending: Ending, beats: Int) {
    let process = Process()
    let pulse = Pipe()
    process.executableURL = executable
    process.arguments =
      [child.directory, "\(child.mix.seed)", "\(child.mix.count)"] + (child.cancels ? ["cancel"] : [])
    var environment = ProcessInfo.processInfo.environment
    environment["SAGAS_CRASH_AT"] = child.point?.description
    process.environment = environment
    process.standardOutput = pulse
    try process.run()
    let signs = pulse.fileHandleForReading
    var count = 0
    while let byte = try signs.read(upToCount: 1), !byte.isEmpty {
      count += 1
      if count == beats { kill(process.processIdentifier, SIGKILL) }
    }
    process.waitUntilExit()
    switch (process.terminationReason, process.terminationStatus) {
    case (.exit, 0): return (.completed, count)
    case (.uncaughtSignal, SIGKILL): return (.killed, count)
    case (.uncaughtSignal, SIGALRM): return (.failed("the process hung"), count)
    case (let reason, let status): return (.failed("the process ended by \(reason), \(status)"), count)
    }
  }
}
#endif
