// swift-tools-version:6.2
import Foundation
import PackageDescription

/// Every folder of `Plugins/` is a dynamic library product of its own.
let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
let pluginNames = ((try? FileManager.default.contentsOfDirectory(atPath: root + "/Plugins")) ?? [])
    .filter { !$0.hasPrefix(".") && !$0.hasSuffix(".md") }.sorted()

/// Warnings are errors in CI (`EVALH_WERROR=1`), not for users whose compiler is newer than ours.
var swiftSettings: [SwiftSetting] = [.enableUpcomingFeature("InternalImportsByDefault")]
if ProcessInfo.processInfo.environment["EVALH_WERROR"] == "1" { swiftSettings.append(.treatAllWarnings(as: .error)) }

func target(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: swiftSettings)
}
func testTarget(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}
func plugin(_ name: String) -> Target {
    .target(name: name, dependencies: ["EvalhPluginKit"], path: "Plugins/\(name)", swiftSettings: swiftSettings)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio: [Target.Dependency] = ["NIOCore", "NIOPosix", "NIOHTTP1"].map { .product(name: $0, package: "swift-nio") }

let package = Package(
    name: "evalh",
    products: [
        .executable(name: "evalh", targets: ["evalh"]),
        .library(name: "EvalhPluginKit", targets: ["EvalhPluginKit"]),
    ] + pluginNames.map { .library(name: $0, type: .dynamic, targets: [$0]) },
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .target(name: "CEvalhPlugin"),
        target("EvalhPluginKit", ["CEvalhPlugin"]),
        target("Completions", [crypto]),
        target("SuiteModel", ["CYAML", "Completions", crypto, mustache]),
        target("ModelTransport", ["CCurl"]),
        target("ModelClients", ["Completions", "ModelTransport"]),
        target("PluginHost", ["CEvalhPlugin", "Completions"]),
        target("Measurement"),
        target("Journal", ["Completions", grdb]),
        target("Engine", ["Completions", "Journal", "Measurement", "PluginHost", "SuiteModel"]),
        target("Reporting", ["Measurement", mustache]),
        .executableTarget(
            name: "evalh",
            dependencies: [
                "Completions", "Engine", "Journal", "Measurement", "ModelClients", "ModelTransport", "PluginHost", "Reporting",
                "SuiteModel",
                arguments, logging, crypto,
            ], swiftSettings: swiftSettings),
        .executableTarget(
            name: "evalh-mock-server", dependencies: nio, path: "Tests/MockModelServer", swiftSettings: swiftSettings),
        testTarget("SuiteModelTests", ["SuiteModel", "Completions"]),
        testTarget("ModelTransportTests", ["ModelTransport", "CCurl"]),
        testTarget("ModelClientsTests", ["ModelClients", "ModelTransport", "Completions"]),
        testTarget("PluginHostTests", ["PluginHost", "CEvalhPlugin", "Completions"]),
        testTarget("EvalhPluginKitTests", ["EvalhPluginKit", "CEvalhPlugin"]),
        testTarget("MeasurementTests", ["Measurement"]),
        testTarget("JournalTests", ["Journal", "Completions"]),
        testTarget("EngineTests", ["Engine", "Journal", "PluginHost", "Completions", "Measurement"]),
        testTarget("ReportingTests", ["Reporting", "Measurement"]),
        testTarget("EndToEndTests", []),
    ] + pluginNames.map(plugin)
)
