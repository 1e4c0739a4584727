// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "swift-sagas",
  platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
  products: [
    .library(name: "Sagas", targets: ["Sagas"]),
    .executable(name: "Demo", targets: ["Demo"]),
  ],
  targets: [
    .target(name: "Sagas"),
    .target(name: "SagasTesting", dependencies: ["Sagas"]),
    .testTarget(name: "SagasTests", dependencies: ["Sagas", "SagasTesting"]),
    .testTarget(name: "SagasTestingTests", dependencies: ["Sagas", "SagasTesting"]),
    .target(name: "DemoKit", dependencies: ["Sagas"], path: "Demo/Kit", resources: [.copy("Orders")]),
    .executableTarget(name: "Demo", dependencies: ["DemoKit"], path: "Demo/App"),
    .testTarget(name: "DemoTests", dependencies: ["DemoKit", "Sagas"]),
  ],
  swiftLanguageModes: [.v6]
)
