// swift-tools-version:6.2
import PackageDescription

let package = Package(
    name: "first-vote",
    products: [.library(name: "first-vote", type: .dynamic, targets: ["FirstVote"])],
    dependencies: [
        // A source tree of evalh. From elsewhere: .package(url: "...", from: "...").
        .package(name: "evalh", path: "../../..")
    ],
    targets: [
        .target(name: "FirstVote", dependencies: [.product(name: "EvalhPluginKit", package: "evalh")]),
        .testTarget(
            name: "FirstVoteTests",
            dependencies: [
                "FirstVote", .product(name: "EvalhPluginKit", package: "evalh"),
                .product(name: "EvalhPluginTesting", package: "evalh"),
            ]),
    ]
)
