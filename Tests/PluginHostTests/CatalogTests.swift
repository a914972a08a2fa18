import Foundation
import PluginHost
import Testing

/// Finding plugins.
@Suite(.enabled(if: CCompiler.isAvailable, "no C compiler"))
struct CatalogTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func subfolder(_ name: String) throws -> URL {
        let url = folder.url.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    @discardableResult
    private func build(_ id: String, _ flags: [String] = [], name: String, in place: String) throws -> String {
        try CCompiler.library(librarySource, ["-DID=\"\(id)\""] + flags, name: name, in: subfolder(place))
    }

    private func location(_ place: String, _ origin: PluginLocation.Origin = .user) -> PluginLocation {
        PluginLocation(path: folder.path(place), origin: origin)
    }

    @Test func `the places are searched in the documented order`() {
        let locations = PluginLocation.standard(
            environment: ["EVALH_PLUGIN_PATH": "/a:/b/x.so", "HOME": "/home/u"],
            suitePlugins: ["mine.so", "/abs.so", "~/p"],
            suiteFolder: "/s",
            binary: "/opt/evalh/bin/evalh")
        #expect(
            locations.map { "\($0.origin.rawValue) \($0.path)" } == [
                "environment /a", "environment /b/x.so", "suite /s/mine.so", "suite /abs.so", "suite /home/u/p",
                "user /home/u/.local/lib/evalh/plugins", "installed /opt/evalh/lib/evalh/plugins",
                "build /opt/evalh/bin",
            ])
    }

    @Test func `folders and files are found, sorted by id`() throws {
        try build("org.example.two", name: "a.so", in: "one")
        let file = try build("org.example.one", name: "plugin.bin", in: "two")
        try build("org.example.hidden", name: "plugin.bin", in: "one")
        let catalog = PluginCatalog(locations: [
            location("one"), PluginLocation(path: file, origin: .suite), location("nowhere"),
        ])
        #expect(catalog.plugins.map(\.id) == ["org.example.one", "org.example.two"])
        #expect(catalog.problems.isEmpty)
        #expect(try catalog.strategy("org.example.two").id == "org.example.two")
    }

    @Test func `files without the entry are silent in the build folder, a warning in others, an error where asked for`()
        throws
    {
        try CCompiler.library("int x;", name: "plain.so", in: subfolder("a"))
        #expect(PluginCatalog(locations: [location("a", .build)]).problems.isEmpty)
        #expect(PluginCatalog(locations: [location("a", .installed)]).problems.map(\.severity) == [.warning])
        #expect(PluginCatalog(locations: [location("a", .environment)]).problems.map(\.severity) == [.error])
        #expect(PluginCatalog(locations: [location("nowhere", .suite)]).problems.map(\.severity) == [.error])
    }

    @Test func `two libraries with one id are an error that names both`() throws {
        let (first, second) = (
            try build("org.example.x", name: "a.so", in: "a"),
            try build("org.example.x", ["-DVERSION=\"2.0.0\""], name: "b.so", in: "b")
        )
        let catalog = PluginCatalog(locations: [location("a"), location("b")])
        let error = try #require(throws: PluginLoadError.self) { try catalog.strategy("org.example.x") }
        #expect(error.reason == .duplicate)
        #expect(error.message.contains("a.so") && error.message.contains("b.so"), "\(first) \(second)")
        #expect(catalog.problems.map(\.severity) == [.error])
    }

    @Test func `the same file seen twice is no duplicate, and of equal files the first wins`() throws {
        let file = try build("org.example.x", name: "a.so", in: "a")
        let link = folder.path("link.so")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
        let copy = try subfolder("b").appendingPathComponent("a.so").path
        try FileManager.default.copyItem(atPath: file, toPath: copy)
        let linked = PluginCatalog(locations: [
            location("a"), PluginLocation(path: link, origin: .environment), location("a"),
        ])
        #expect(linked.problems.isEmpty)
        let copied = PluginCatalog(locations: [location("a"), location("b")])
        #expect(copied.problems.map(\.severity) == [.note])
        #expect(try copied.strategy("org.example.x").info.file.hasSuffix("/a/a.so"))
    }

    @Test func `listing again runs no code, until the file changes`() throws {
        let marker = folder.path("marker")
        let cache = folder.path("cache/evalh/plugins.json")
        func ran() -> Bool {
            defer { try? FileManager.default.removeItem(atPath: marker) }
            return FileManager.default.fileExists(atPath: marker)
        }
        let file = try build("org.example.x", ["-DMARKER=\"\(marker)\""], name: "a.so", in: "a")
        let first = PluginCatalog(locations: [location("a")], cacheFile: cache)
        #expect(ran())
        let second = PluginCatalog(locations: [location("a")], cacheFile: cache)
        #expect(!ran())
        #expect(second.plugins == first.plugins)
        _ = try second.strategy("org.example.x")
        #expect(ran())
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: file)
        #expect(PluginCatalog(locations: [location("a")], cacheFile: cache).plugins == first.plugins)
        #expect(ran())
    }

    @Test func `refusals are remembered with their text`() throws {
        let cache = folder.path("plugins.json")
        try build("org.example.x", ["-DMAJOR=3"], name: "a.so", in: "a")
        let first = PluginCatalog(locations: [location("a")], cacheFile: cache)
        let second = PluginCatalog(locations: [location("a")], cacheFile: cache)
        #expect(first.problems.count == 1)
        #expect(second.problems == first.problems)
    }

    @Test(arguments: ["", "{", "[]", "{\"format\":1,\"host\":\"x\",\"entries\":[]}", "\u{0}\u{0}"])
    func `a damaged cache is ignored and replaced`(content: String) throws {
        let cache = folder.path("plugins.json")
        try Data(content.utf8).write(to: URL(fileURLWithPath: cache))
        try build("org.example.x", name: "a.so", in: "a")
        #expect(PluginCatalog(locations: [location("a")], cacheFile: cache).plugins.count == 1)
        #expect(try Data(contentsOf: URL(fileURLWithPath: cache)).count > 100)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == ["a", "plugins.json"])
    }

    @Test func `a cache that cannot be written costs nothing but time`() throws {
        try build("org.example.x", name: "a.so", in: "a")
        try Data().write(to: folder.url.appendingPathComponent("file"))
        let catalog = PluginCatalog(locations: [location("a")], cacheFile: folder.path("file/plugins.json"))
        #expect(catalog.plugins.count == 1)
    }

    @Test func `an unknown id comes with the nearest one, or with all there are`() throws {
        try build("self-consistency", name: "a.so", in: "a")
        let catalog = PluginCatalog(locations: [location("a")])
        func message(_ id: String) -> String? {
            do { _ = try catalog.strategy(id) } catch { return error.message }
            return nil
        }
        #expect(
            message("self-consistancy")
                == "there is no strategy \"self-consistancy\"; did you mean \"self-consistency\"?")
        #expect(message("zzz") == "there is no strategy \"zzz\"; there are: self-consistency")
        #expect(throws: PluginLoadError.self) { try catalog.grader("numeric", parametersJSON: "{}") }
        #expect(catalog.vocabulary.nearest(.strategy, to: "self") == "self-consistency")
        #expect(catalog.vocabulary.entry(.strategy, "self-consistency")?.parametersSchema?.contains("samples") == true)
    }

    @Test func `the listing is JSON with the schema inside and the hash where asked for`() throws {
        let file = try build("org.example.x", ["-DNEEDS=6"], name: "a.so", in: "a")
        let catalog = PluginCatalog(locations: [location("a")])
        let info = try catalog.hashed(try #require(catalog.plugins.first))
        let expected = try CCompiler.run("/usr/bin/sha256sum", [file]).output.prefix(64)
        #expect(info.sha256 == String(expected))
        let list = try #require(try JSONSerialization.jsonObject(with: PluginInfo.json([info])) as? [[String: Any]])
        #expect(list.first?["needs"] as? [String] == ["logprobs", "prefix"])
        #expect((list.first?["parameters"] as? [String: Any])?["type"] as? String == "object")
        #expect((list.first?["library"] as? [String: Any])?["sha256"] as? String == info.sha256)
        #expect((list.first?["abi"] as? [String: Int]) == ["major": 1, "minor": 0])
    }
}
