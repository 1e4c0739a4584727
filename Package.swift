// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "swift-sagas",
  platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
  products: [
    .library(name: "Sagas", targets: ["Sagas"]),
    .library(name: "SagasSQLite", targets: ["SagasSQLite"]),
    .executable(name: "Demo", targets: ["Demo"]),
  ],
  targets: [
    .target(name: "Sagas"),
    .systemLibrary(name: "CSQLite"),
    .target(
      name: "SagasSQLite",
      dependencies: ["Sagas", .target(name: "CSQLite", condition: .when(platforms: [.linux]))]),
    .target(name: "SagasTesting", dependencies: ["Sagas"]),
    .testTarget(name: "SagasTests", dependencies: ["Sagas", "SagasSQLite", "SagasTesting"]),
    .testTarget(name: "SagasSQLiteTests", dependencies: ["SagasSQLite", "Sagas", "SagasTesting"]),
    .testTarget(name: "SagasTestingTests", dependencies: ["Sagas", "SagasTesting"]),
    // Only for the crash tests, which kill it.
    .executableTarget(
      name: "CrashChild", dependencies: ["Sagas", "SagasSQLite", "SagasTesting"], path: "Tests/CrashChild"),
    .testTarget(
      name: "CrashTests", dependencies: ["CrashChild", "Sagas", "SagasSQLite", "SagasTesting"]),
    .target(
      name: "DemoKit", dependencies: ["Sagas", "SagasSQLite"], path: "Demo/Kit",
      resources: [.copy("Orders"), .copy("Expenses")]),
    .executableTarget(name: "Demo", dependencies: ["DemoKit"], path: "Demo/App"),
    .testTarget(name: "DemoTests", dependencies: ["DemoKit", "Sagas", "SagasSQLite", "SagasTesting"]),
  ],
  swiftLanguageModes: [.v6]
)
