import Foundation

/// The process that the crash tests kill. Not for anything else.
@main
struct CrashChild {
  static func main() async {
    #if canImport(SQLite3) || canImport(CSQLite)
    // Whoever hangs ends by a signal that is none of the test's.
    alarm(60)
    let environment = ProcessInfo.processInfo.environment
    guard let child = Child(Array(CommandLine.arguments.dropFirst()), environment) else { exit(2) }
    do {
      try await child.run()
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(1)
    }
    #endif
  }
}
