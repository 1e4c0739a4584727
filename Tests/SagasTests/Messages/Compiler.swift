#if os(macOS) || os(Linux)
import Foundation

/// The Swift compiler, asked about sources that use the built library the way a program outside of it would.
struct Compiler: Sendable {
  /// What to do with the sources: more work finds more.
  enum Depth: String, Sendable {
    /// Finds what the types have to say.
    case types = "-typecheck"
    /// Finds warnings and errors about the flow of control and of values as well, if the types are right.
    case flow = "-emit-sil"
  }

  /// A compiler is always needed where the gate runs; elsewhere its tests are left out if there is none.
  static let isRequired = ProcessInfo.processInfo.environment["SAGAS_NEEDS_COMPILER"] != nil
  /// The compiler of this machine; `nil` if there is none, or the built modules are not where they should be.
  static let found = Compiler()

  private let executable: URL
  private let arguments: [String]
  private let modules: URL

  private init?() {
    guard let modules = Self.builtModules(), let swiftc = Self.executable(named: "swiftc") else { return nil }
    self.modules = modules
    #if os(macOS)
    guard let xcrun = Self.executable(named: "xcrun") else { return nil }
    #if arch(arm64)
    let target = "arm64-apple-macosx15.0"
    #else
    let target = "x86_64-apple-macosx15.0"
    #endif
    executable = xcrun
    arguments = ["--sdk", "macosx", swiftc.path, "-target", target]
    #else
    executable = swiftc
    arguments = []
    #endif
  }

  /// Compiles files as one module in one process; an error in one does not keep the others from being read.
  /// - Returns: errors and warnings by the name of their file.
  func diagnostics(of files: [(name: String, source: String)], _ depth: Depth) async throws -> [String:
    [Diagnostic]]
  {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("sagas-" + ProcessInfo.processInfo.globallyUniqueString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for file in files {
      try Data(file.source.utf8).write(to: folder.appendingPathComponent(file.name))
    }
    let said = folder.appendingPathComponent("said")
    try Data().write(to: said)

    let process = Process()
    process.executableURL = executable
    process.currentDirectoryURL = folder
    process.arguments =
      arguments + [
        depth.rawValue, "-whole-module-optimization", "-swift-version", "6", "-diagnostic-style", "llvm",
        "-module-name", "Outside", "-I", modules.path,
      ] + (depth == .flow ? ["-o", "/dev/null"] : []) + files.map(\.name)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: said)
    try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in ended.resume() }
      do {
        try process.run()
      } catch {
        process.terminationHandler = nil
        ended.resume(throwing: error)
      }
    }

    let text = String(decoding: try Data(contentsOf: said), as: UTF8.self)
    let diagnostics = Dictionary(
      grouping: text.split(separator: "\n").compactMap { Diagnostic(parsing: $0) }, by: \.file)
    guard process.terminationReason == .exit, process.terminationStatus == 0 || !diagnostics.isEmpty else {
      throw Unusable(said: text)
    }
    return diagnostics
  }

  /// The compiler had nothing to say about the files, but did not take them either.
  struct Unusable: Error, CustomStringConvertible {
    let said: String
    var description: String { "the compiler could not be used: \(said)" }
  }

  private static func executable(named name: String) -> URL? {
    let folders = ProcessInfo.processInfo.environment["PATH", default: ""].split(separator: ":")
    return (folders.map(String.init) + ["/usr/bin"])
      .map { URL(fileURLWithPath: $0).appendingPathComponent(name) }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  /// The folder of the library's module: above the running program, or above the test bundle it was told to run.
  private static func builtModules() -> URL? {
    let running = [Bundle.main.executablePath].compactMap { $0 } + CommandLine.arguments
    return running.lazy.compactMap { Self.builtModules(above: $0) }.first
  }

  private static func builtModules(above path: String) -> URL? {
    var folder = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    while folder.pathComponents.count > 1 {
      folder.deleteLastPathComponent()
      for candidate in [folder.appendingPathComponent("Modules"), folder] {
        let module = candidate.appendingPathComponent("Sagas.swiftmodule")
        if FileManager.default.fileExists(atPath: module.path) { return candidate }
      }
    }
    return nil
  }
}
#endif
