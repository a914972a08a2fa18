// swift-tools-version:6.2
import PackageDescription

// Where the installed evalh keeps its kit; EVALH_SWIFT_KIT names another place.
let kit = Context.environment["EVALH_SWIFT_KIT"] ?? "{{share}}/swift-kit"

func product(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-kit") }

let package = Package(
    name: "my-plugin",
    products: [.library(name: "my-plugin", type: .dynamic, targets: ["MyPlugin"])],
    dependencies: [.package(path: kit)],
    targets: [
        .target(name: "MyPlugin", dependencies: [product("EvalhPluginKit"), product("EvalhStatistics")]),
        .testTarget(
            name: "MyPluginTests",
            dependencies: ["MyPlugin", product("EvalhPluginKit"), product("EvalhPluginTesting")]),
    ]
)
