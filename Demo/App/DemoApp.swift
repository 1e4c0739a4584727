import DemoKit

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The executable: `swift run Demo`.
@main
struct DemoApp {
  static func main() async {
    exit(await DemoProgram().run(Array(CommandLine.arguments.dropFirst())))
  }
}
