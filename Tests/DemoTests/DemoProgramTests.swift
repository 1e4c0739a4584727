import Foundation
import Testing

@testable import DemoKit

/// The program as its caller sees it: exit codes, and what goes where.
@Suite struct DemoProgramTests {
  /// Runs the program with pipes in place of a terminal.
  private func run(_ arguments: [String]) async throws -> (code: Int32, output: String, errors: String) {
    let output = Pipe(), errors = Pipe()
    let program = DemoProgram(
      environment: ["TERM": "xterm"],
      output: Terminal(descriptor: output.fileHandleForWriting.fileDescriptor),
      errors: Terminal(descriptor: errors.fileHandleForWriting.fileDescriptor))
    let code = await program.run(arguments)
    try output.fileHandleForWriting.close()
    try errors.fileHandleForWriting.close()
    func text(_ pipe: Pipe) throws -> String {
      String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    }
    return (code, try text(output), try text(errors))
  }

  @Test(arguments: [["nonsense"], ["--nonsense"], ["no/such/file.json"], ["diagram", "x"]])
  func mistakesAreOneLineOnTheErrorOutput(_ arguments: [String]) async throws {
    let (code, output, errors) = try await run(arguments)
    #expect(code == 2)
    #expect(output == "")
    #expect(errors.hasPrefix("Demo: "))
    #expect(errors.hasSuffix("\n"))
    #expect(errors.filter { $0 == "\n" }.count == 1)
  }

  @Test func helpListsTheExitCodes() async throws {
    let (code, output, errors) = try await run(["--help"])
    #expect(code == 0)
    #expect(errors == "")
    #expect(output.contains("EXIT CODES"))
    #expect(output.split(separator: "\n").allSatisfy { $0.count <= 88 })
  }

  @Test func diagramIsAFlowchart() async throws {
    let (code, output, errors) = try await run(["diagram"])
    #expect(code == 0)
    #expect(errors == "")
    #expect(output.hasPrefix("flowchart"))
    #expect(output.contains("charge payment"))
    #expect(output.hasSuffix("\n"))
  }

  @Test func aFileOfOnesOwnIsCheckedOutInPlainLines() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let orders = #"""
      [{"id": "Z-1", "customer": "Zoë", "city": "Lund",
        "items": [{"product": "x", "quantity": 3, "price": 105}]}]
      """#
    #expect(FileManager.default.createFile(atPath: path, contents: Data(orders.utf8)))
    let (code, output, errors) = try await run([path])
    #expect(code == 0)
    #expect(errors == "")
    #expect(!output.contains("\u{1B}"))
    #expect(output.contains("Z-1     completed\n"))
    #expect(output.contains("captured in completed orders        3.15\n"))
  }
}
