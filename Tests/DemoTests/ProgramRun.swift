import Foundation
import Sagas

@testable import DemoKit

/// What the program gave, with pipes in place of a terminal.
struct ProgramRun {
  let code: Int32
  let output: String
  let errors: String

  init(
    _ arguments: [String], typing typed: String = "", runtime: Runtime = Runtime()
  ) async throws {
    let output = Pipe(), errors = Pipe(), input = Pipe()
    try input.fileHandleForWriting.write(contentsOf: Data(typed.utf8))
    try input.fileHandleForWriting.close()
    let program = DemoProgram(
      environment: ["TERM": "xterm"],
      output: Terminal(descriptor: output.fileHandleForWriting.fileDescriptor),
      errors: Terminal(descriptor: errors.fileHandleForWriting.fileDescriptor),
      input: Keyboard(descriptor: input.fileHandleForReading.fileDescriptor), runtime: runtime)
    code = await program.run(arguments)
    try output.fileHandleForWriting.close()
    try errors.fileHandleForWriting.close()
    self.output = try Self.text(output)
    self.errors = try Self.text(errors)
  }

  /// The program itself, as it was built beside the tests.
  static var executable: URL {
    #if os(macOS)
    let tests = Bundle(for: Marker.self).bundleURL
    #else
    let tests = URL(fileURLWithPath: CommandLine.arguments[0])
    #endif
    return tests.deletingLastPathComponent().appendingPathComponent("Demo")
  }

  /// Says where the tests are.
  private final class Marker {}

  static func text(_ pipe: Pipe) throws -> String {
    String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
  }
}
