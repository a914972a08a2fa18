import Foundation
import PluginHost
import Testing

/// Versions of one plugin side by side.
@Suite(.enabled(if: CCompiler.isAvailable, "no C compiler"))
struct PluginVersionTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func build(_ version: String, in place: String) throws {
        let url = folder.url.appendingPathComponent(place)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try CCompiler.library(librarySource, ["-DVERSION=\"\(version)\""], name: "v\(version).so", in: url)
    }

    private func catalog(_ places: (String, PluginLocation.Origin)...) -> PluginCatalog {
        PluginCatalog(locations: places.map { PluginLocation(path: folder.path($0.0), origin: $0.1) })
    }

    private func version(_ name: String, _ catalog: PluginCatalog) -> String? { catalog.info(.strategy, name)?.version }

    @Test func `a suite chooses by version or its beginning; without one the newest serves`() throws {
        for version in ["1.2.0", "1.10.0", "2.0.0", "2.1.0-beta.2"] { try build(version, in: "a") }
        let catalog = catalog(("a", .suite))
        #expect(catalog.problems.isEmpty)
        #expect(catalog.plugins.map(\.version) == ["2.1.0-beta.2", "2.0.0", "1.10.0", "1.2.0"])
        let id = "org.example.idle"
        #expect(version(id, catalog) == "2.1.0-beta.2")
        #expect(version(id + "@1", catalog) == "1.10.0")
        #expect(version(id + "@1.2", catalog) == "1.2.0")
        #expect(version(id + "@1.1", catalog) == nil)
        #expect(version(id + "@2.0.0", catalog) == "2.0.0")
        #expect(try catalog.strategy(id + "@1.2.0").info.file.hasSuffix("/v1.2.0.so"))
        let references = catalog.plugins.map(catalog.reference).map { $0.dropFirst(id.count) }
        #expect(references == ["", "@2.0.0", "@1.10.0", "@1.2.0"])
        let complaint = try #require(catalog.complaint(.strategy, id + "@3"))
        #expect(complaint.contains("there is no version 3") && complaint.contains("2.0.0 ("))
        #expect(complaint.contains("v1.2.0.so"))
    }

    @Test func `versions in folders of different levels are chosen by name only`() throws {
        try build("1.0.0", in: "a")
        try build("2.0.0", in: "b")
        let catalog = catalog(("a", .suite), ("b", .user))
        let error = try #require(throws: PluginLoadError.self) { try catalog.strategy("org.example.idle") }
        #expect(error.message.contains("org.example.idle@1.0.0") && error.message.contains("org.example.idle@2.0.0"))
        #expect(catalog.complaint(.strategy, "org.example.idle") == error.message)
        #expect(version("org.example.idle@1", catalog) == "1.0.0")
        #expect(version("org.example.idle@2.0.0", catalog) == "2.0.0")
        #expect(catalog.problems.isEmpty)
    }

    @Test(arguments: [
        ("1.0.0", "2.0.0"), ("1.2.0", "1.10.0"), ("1.0.0-alpha", "1.0.0"), ("1.0.0-alpha", "1.0.0-alpha.1"),
        ("1.0.0-alpha.1", "1.0.0-alpha.beta"), ("1.0.0-beta.2", "1.0.0-beta.11"), ("1.0.0-rc.1", "1.0.0"),
        ("1.0.0", "1.0.0+2"), ("1.0.9", "1.0.99999999999999999999999"),
    ])
    func `versions are ordered as semantic versions are`(less: String, more: String) {
        #expect(PluginVersion(less) < PluginVersion(more))
        #expect(!(PluginVersion(more) < PluginVersion(less)))
        #expect(!(PluginVersion(more) < PluginVersion(more)))
    }

    @Test(arguments: [
        ("a", "1.0.0", true), ("a@1", "1.0.0", true), ("a@1", "10.0.0", false), ("a@1.0", "1.0.0", true),
        ("a@1.0.0", "1.0.0", true), ("a@1.0.0", "1.0.0-rc", true), ("a@1.0.0-rc", "1.0.0", false),
        ("a@", "1.0.0", false),
    ])
    func `the beginning of a version ends at a dot`(name: String, version: String, isMeant: Bool) {
        #expect(PluginReference(name).includes(version: version) == isMeant)
    }
}
