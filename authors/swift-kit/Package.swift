// swift-tools-version:6.2
import PackageDescription

// What authors of plugins need, alone: no other package is resolved. Its sources are those of evalh's own package; an
// installation has them beside this file.
let settings: [SwiftSetting] = [.enableUpcomingFeature("InternalImportsByDefault")]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "evalh-swift-kit",
    products: [
        .library(name: "EvalhPluginKit", targets: ["EvalhPluginKit"]),
        .library(name: "EvalhPluginTesting", targets: ["EvalhPluginTesting"]),
        .library(name: "EvalhStatistics", targets: ["EvalhStatistics"]),
        .library(name: "EvalhNumbers", targets: ["EvalhNumbers"]),
    ],
    targets: [
        .target(name: "CEvalhPlugin"),
        module("JSON"),
        module("EvalhStatistics"),
        module("EvalhNumbers"),
        module("EvalhPluginKit", ["CEvalhPlugin", "JSON"]),
        module("EvalhPluginTesting", ["CEvalhPlugin", "EvalhPluginKit", "EvalhStatistics"]),
    ]
)
