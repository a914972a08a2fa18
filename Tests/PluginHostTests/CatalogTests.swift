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

    @Test func `libraries without the entry are passed over in folders, and an error where they are named`() throws {
        let file = try CCompiler.library("int x;", name: "plain.so", in: subfolder("a"))
        for origin in [PluginLocation.Origin.build, .installed, .environment, .suite] {
            #expect(PluginCatalog(locations: [location("a", origin)]).problems.isEmpty)
        }
        let folder = PluginCatalog(locations: [location("a", .suite)])
        #expect(folder.helpers.map(\.file) == [file] && folder.unopened.isEmpty)
        let named = PluginCatalog(locations: [PluginLocation(path: file, origin: .suite)])
        #expect(named.problems.map(\.severity) == [.error])
        #expect(PluginCatalog(locations: [location("nowhere", .suite)]).problems.map(\.severity) == [.error])
    }

    @Test func `a file in a folder that cannot be used is a warning`() throws {
        try build("org.example.x", ["-DMAJOR=3"], name: "a.so", in: "a")
        try build("org.example.y", name: "b.so", in: "a")
        let catalog = PluginCatalog(locations: [location("a", .suite)])
        #expect(catalog.problems.map(\.severity) == [.warning])
        #expect(catalog.plugins.map(\.id) == ["org.example.y"])
    }

    @Test func `two libraries with one id and version are an error that names both`() throws {
        let (first, second) = (
            try build("org.example.x", name: "a.so", in: "a"),
            try build("org.example.x", ["-DNEEDS=1"], name: "b.so", in: "b")
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

    @Test func `ids of the host's own are taken`() throws {
        let file = try build("code", ["-DKIND=EVALH_KIND_GRADER"], name: "a.so", in: "a")
        let own = PluginInfo(
            hostGrader: "code", version: "1.0.0", title: "", description: "", source: "", parametersSchema: "{}",
            file: "/usr/bin/evalh", hostVersion: "0.1.0")
        let catalog = PluginCatalog(locations: [location("a")], builtIn: [own])
        #expect(catalog.info(.grader, "code")?.file == "/usr/bin/evalh")
        #expect(catalog.problems.map(\.severity) == [.error])
        #expect(catalog.problems.first?.error.message.contains("evalh itself and by \(file)") == true)
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
        // Neither another time nor another place is another content.
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: file)
        #expect(PluginCatalog(locations: [location("a")], cacheFile: cache).plugins == first.plugins)
        try FileManager.default.moveItem(atPath: file, toPath: subfolder("b").appendingPathComponent("b.so").path)
        let moved = PluginCatalog(locations: [location("b")], cacheFile: cache)
        #expect(moved.plugins.map(\.file) == [folder.path("b/b.so")])
        #expect(!ran())
    }

    @Test func `a change of equal size and time is noticed`() throws {
        let cache = folder.path("plugins.json")
        let file = try build("org.example.x", name: "a.so", in: "a")
        let other = try build("org.example.z", name: "z.so", in: "z")
        let date = Date(timeIntervalSince1970: 1_700_000_000)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file)
        #expect(PluginCatalog(locations: [location("a")], cacheFile: cache).plugins.map(\.id) == ["org.example.x"])
        let (old, new) = (
            try Data(contentsOf: URL(fileURLWithPath: file)), try Data(contentsOf: URL(fileURLWithPath: other))
        )
        #expect(old.count == new.count)
        // Written in place: the inode stays, too.
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        try handle.write(contentsOf: new)
        try handle.close()
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file)
        #expect(PluginCatalog(locations: [location("a")], cacheFile: cache).plugins.map(\.id) == ["org.example.z"])
    }

    @Test func `what a file that broke offered before is remembered, and a missing plugin told with the reason`() throws
    {
        let cache = folder.path("plugins.json")
        let file = try build("org.example.x", name: "a.so", in: "a")
        _ = PluginCatalog(locations: [location("a")], cacheFile: cache)
        try FileManager.default.removeItem(atPath: file)
        try Data("cut off, like many a download".utf8).write(to: URL(fileURLWithPath: file))
        let missing = """

            extern int evalh_test_missing(void);
            EVALH_EXPORT int use(void);
            int use(void) { return evalh_test_missing(); }

            """
        try CCompiler.library(
            librarySource + missing, ["-DID=\"org.example.other\""], name: "b.so", in: subfolder("a"))
        for _ in 0..<2 {
            let catalog = PluginCatalog(locations: [location("a")], cacheFile: cache)
            let broken = "\(file): is not a shared library"
            #expect(catalog.complaint(.strategy, "org.example.x") == broken)
            #expect(catalog.complaint(.grader, "org.example.x") == nil)
            // The id stands in the file.
            let linked = try #require(catalog.complaint(.strategy, "org.example.other"))
            #expect(linked.contains("b.so: cannot be loaded") && linked.contains("evalh_test_missing"))
            #expect(catalog.complaint(.strategy, "org.example.nowhere") == nil)
            #expect(catalog.unopened == [broken, linked])
            let error = try #require(throws: PluginLoadError.self) { try catalog.strategy("org.example.x") }
            #expect(error.message == "the strategy \"org.example.x\" cannot be used: \(broken)")
        }
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
