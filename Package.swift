// swift-tools-version:6.2
import Foundation
import PackageDescription

/// The folders of `Plugins/`, a module each; `EvalhPlugins` makes one library of them. Listed, because SwiftPM caches
/// what a manifest read from disk.
let pluginNames = [
    "A2fmRouter", "AdaptiveConsistency", "AdaptiveInferenceCompute", "AdaptiveTemperature", "Allocators", "Arise",
    "Atts", "Bandit",
    "BestOfN", "BudgetForcing", "Cascade", "CeCollm", "ComputeOptimal", "Confidence", "ConfidenceVote", "CostMetrics",
    "Deepconf", "Deer",
    "Dsc", "Dynasor", "EntropyAdaptive", "Esc", "Given", "Graders", "Greedy", "InsideMetrics", "MinPSweep", "Oracle",
    "QExit",
    "Regret",
    "RepeatMetrics",
    "Router",
    "RunawayGuard", "ScalingFits", "SelfConsistency", "ServicesTour", "Speculative", "Sprt", "Subject", "ZipRc",
]

/// Warnings are errors in CI (`EVALH_WERROR=1`), not for users whose compiler is newer than ours.
let swiftSettings: [SwiftSetting] =
    [.enableUpcomingFeature("InternalImportsByDefault")]
    + (ProcessInfo.processInfo.environment["EVALH_WERROR"] == "1" ? [.treatAllWarnings(as: .error)] : [])

func target(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: swiftSettings)
}
func testTarget(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: swiftSettings)
}
func plugin(_ name: String) -> Target {
    .target(
        name: name,
        dependencies: ["EvalhPluginKit", "EvalhStatistics"] + (name == "Graders" ? ["EvalhMath", "EvalhNumbers"] : []),
        path: "Plugins/\(name)", swiftSettings: swiftSettings)
}

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let nio: [Target.Dependency] = ["NIOCore", "NIOPosix", "NIOHTTP1"].map { .product(name: $0, package: "swift-nio") }

let package = Package(
    name: "evalh",
    products: [
        .executable(name: "evalh", targets: ["evalh"]),
        .executable(name: "evalh-reference-server", targets: ["evalh-reference-server"]),
        .library(name: "EvalhPluginKit", targets: ["EvalhPluginKit"]),
        .library(name: "EvalhPluginTesting", targets: ["EvalhPluginTesting"]),
        .library(name: "EvalhStatistics", targets: ["EvalhStatistics"]),
        .library(name: "EvalhNumbers", targets: ["EvalhNumbers"]),
        .library(name: "EvalhPlugins", type: .dynamic, targets: ["EvalhPlugins"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .target(name: "CEvalhPlugin"),
        .target(name: "CPluginGuard"),
        .target(name: "CProcess"),
        .target(name: "CPluginCheck"),
        .target(name: "CSandbox"),
        .target(name: "CPluginWorker"),
        // Optimised in debug builds too: a model that is a hundred times slower tests nothing.
        .target(name: "CReferenceKernels", exclude: ["kernels.inc"], cSettings: [.unsafeFlags(["-O3"])]),
        target("JSON"),
        target("EvalhPluginKit", ["CEvalhPlugin", "JSON"]),
        target("EvalhPluginTesting", ["CEvalhPlugin", "EvalhPluginKit", "EvalhStatistics"]),
        target("Hashing", ["CCrypto"]),
        target("Files"),
        target("EvalhPlugins", ["EvalhPluginKit"] + pluginNames.map { .init(stringLiteral: $0) }),
        target("Completions", ["Hashing"]),
        target("SuiteModel", ["CYAML", "CZlib", "Completions", "EvalhStatistics", "Hashing", "JSON", mustache]),
        target("ModelTransport", ["CCurl"]),
        target("ModelClients", ["Completions", "CProcess", "Hashing", "JSON", "ModelTransport"]),
        target("PluginHost", ["CEvalhPlugin", "CPluginGuard", "CProcess", "Completions", "Hashing", "JSON"]),
        target("PluginIsolation", ["CPluginWorker", "CProcess", "Completions", "EvalhStatistics", "PluginHost"]),
        target(
            "PluginCheck",
            ["CPluginCheck", "CProcess", "Completions", "EvalhStatistics", "JSON", "PluginHost"]),
        target("EvalhStatistics"),
        target("EvalhMath"),
        target("EvalhNumbers"),
        target("Measurement", ["Completions", "EvalhStatistics"]),
        target("Journal", ["Completions", "JSON", grdb, sqlite]),
        target("Pools", ["Completions", "Hashing", "JSON", "SuiteModel", grdb]),
        target(
            "Engine", ["Completions", "EvalhStatistics", "JSON", "Journal", "Measurement", "PluginHost", "SuiteModel"]),
        target(
            "Judging", ["Completions", "Engine", "Hashing", "JSON", "Journal", "PluginHost", "SuiteModel"]),
        target(
            "Reporting",
            [
                "CZlib", "Completions", "EvalhStatistics", "Files", "Hashing", "JSON", "Journal", "Measurement",
                mustache,
            ],
            resources: [.embedInCode("Page/Assets")]),
        target("Exports", ["CZlib", "Completions", "Files", "Hashing", "JSON", "Journal", "Reporting"]),
        target(
            "Runs",
            [
                "Completions", "Engine", "Exports", "Files", "HostGraders", "JSON", "Journal", "Judging", "Measurement",
                "ModelClients", "ModelTransport", "PluginHost", "PluginIsolation", "Pools", "Reporting",
                "Services", "SuiteModel",
            ]),
        target("Sandbox", ["CSandbox"]),
        target(
            "Services",
            [
                "Completions", "Files", "Hashing", "JSON", "Judging", "ModelClients", "ModelTransport", "PluginHost",
                "Sandbox", "SuiteModel",
            ]),
        target(
            "HostGraders",
            ["Completions", "Engine", "Hashing", "JSON", "Journal", "PluginHost", "Sandbox"]),
        target("ReportServer", nio),
        .target(
            name: "ReferenceModel", dependencies: ["CReferenceKernels", "EvalhStatistics", "Hashing"],
            resources: [.copy("Resources/reference-1.weights")], swiftSettings: swiftSettings + [.unsafeFlags(["-O"])]),
        target("ReferenceServer", ["ReferenceModel"] + nio),
        .executableTarget(
            name: "evalh-reference-server", dependencies: ["ReferenceModel", "ReferenceServer", arguments],
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "evalh",
            dependencies: [
                "Completions", "Engine", "EvalhStatistics", "Exports", "HostGraders", "JSON", "Journal", "Measurement",
                "ModelClients", "ModelTransport",
                "PluginHost", "PluginIsolation",
                "PluginCheck",
                "Pools",
                "ReportServer", "Reporting", "Runs", "SuiteModel",
                arguments,
            ], swiftSettings: swiftSettings),
        .executableTarget(
            name: "evalh-mock-server", dependencies: nio, path: "Tests/MockModelServer", swiftSettings: swiftSettings),
        .executableTarget(
            name: "evalh-isolation-cost", dependencies: ["Completions", "PluginHost", "PluginIsolation"],
            path: "Benchmarks/IsolationCost", swiftSettings: swiftSettings),
        testTarget("CompletionsTests", ["Completions"]),
        testTarget("FilesTests", ["Files"]),
        testTarget("HashingTests", ["Hashing"]),
        testTarget("JSONTests", ["EvalhPluginKit", "Exports", "JSON", "Journal", "ModelClients", "SuiteModel"]),
        testTarget("SuiteModelTests", ["SuiteModel", "Completions", "EvalhStatistics", "JSON"], exclude: ["Fixtures"]),
        testTarget("ModelTransportTests", ["ModelTransport", "CCurl"]),
        testTarget("ModelClientsTests", ["ModelClients", "ModelTransport", "Completions", "JSON"]),
        testTarget("PluginHostTests", ["PluginHost", "PluginIsolation", "CEvalhPlugin", "Completions"]),
        testTarget("PluginIsolationTests", ["PluginIsolation", "PluginHost", "Completions"]),
        testTarget(
            "EvalhPluginKitTests", ["EvalhPluginKit", "EvalhPluginTesting", "EvalhStatistics", "CEvalhPlugin"]),
        testTarget("EvalhStatisticsTests", ["EvalhStatistics"]),
        testTarget("MeasurementTests", ["Completions", "Measurement", "EvalhStatistics"]),
        testTarget("EvalhMathTests", ["EvalhMath"]),
        testTarget("EvalhNumbersTests", ["EvalhNumbers"]),
        testTarget("GradersTests", ["Completions", "Hashing", "PluginHost"], exclude: ["Fixtures"]),
        testTarget("JournalTests", ["Journal", "Completions", grdb], exclude: ["Fixtures"]),
        testTarget("PoolsTests", ["Pools", "Engine", "Completions", grdb]),
        testTarget(
            "EngineTests", ["Engine", "EvalhStatistics", "Journal", "PluginHost", "Completions", "Measurement"]),
        testTarget("JudgingTests", ["Judging", "Engine", "Journal", "Completions", "SuiteModel"]),
        testTarget(
            "ReportingTests", ["Reporting", "EvalhStatistics", "JSON", "Measurement", "Journal", "Completions"],
            exclude: ["Fixtures", "Browser"]),
        testTarget("ExportsTests", ["Exports", "JSON", "Reporting", "Journal", "Completions", "Hashing"]),
        testTarget("ReferenceModelTests", ["ReferenceModel", "EvalhStatistics", "SuiteModel"], exclude: ["Fixtures"]),
        testTarget("ReferenceServerTests", ["ReferenceServer", "ReferenceModel"]),
        testTarget("ReportServerTests", ["ReportServer"]),
        testTarget("SandboxTests", ["Sandbox"]),
        testTarget(
            "ServicesTests",
            [
                "Completions", "JSON", "Judging", "ModelClients", "ModelTransport", "PluginHost", "ReferenceModel",
                "ReferenceServer", "Sandbox", "Services", "SuiteModel",
            ]),
        testTarget(
            "HostGradersTests", ["Completions", "Engine", "HostGraders", "Journal", "PluginHost", "Sandbox"]),
        testTarget("RunsTests", ["Runs", "Reporting", "Journal", "Completions"]),
        testTarget("PluginCheckTests", ["Completions", "JSON", "PluginCheck"], exclude: ["Bad"]),
        testTarget("EndToEndTests", []),
    ] + pluginNames.map(plugin)
)

// `EVALH_TESTS="EngineTests PluginHostTests"` builds these test targets alone: a quick loop while one works on a module.
if let only = ProcessInfo.processInfo.environment["EVALH_TESTS"]?.split(separator: " ").map(String.init) {
    package.targets.removeAll { $0.type == .test && !only.contains($0.name) }
}
