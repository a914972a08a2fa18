import Foundation
import PluginHost
import Testing

/// What is refused, and in which words.
@Suite(.enabled(if: CCompiler.isAvailable, "no C compiler"))
struct LoadTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open(_ flags: [String]) throws -> PluginLibrary {
        try PluginLibrary(opening: CCompiler.library(librarySource, flags, in: folder.url))
    }

    private func refusal(_ flags: String...) throws -> PluginLoadError {
        try #require(throws: PluginLoadError.self) { try open(flags) }
    }

    @Test func `a good library tells all of itself`() throws {
        let library = try open(["-DNEEDS=3"])
        let info = try #require(library.plugins.first)
        #expect(library.plugins.count == 1)
        #expect(info.kind == .strategy && info.id == "org.example.idle" && info.version == "1.0.0")
        #expect(info.title == "Idle" && info.description == "Does nothing." && info.source == "none")
        #expect(info.parametersSchema?.contains("samples") == true)
        #expect(info.needs == [.stream, .logprobs])
        #expect(
            info.libraryName == "idle" && info.libraryVersion == "0.1.0" && info.file == folder.path("libplugin.so"))
        #expect(info.abi == PluginABIVersion(major: 1, minor: 0))
    }

    @Test func `another major version is refused with both versions and what to do`() throws {
        let error = try refusal("-DMAJOR=2", "-DBUILT=4")
        #expect(error.reason == .incompatible)
        #expect(
            error.description
                == "\(folder.path("libplugin.so")): is built for plugin ABI 2.4, this evalh serves 1.0; "
                + "rebuild it against evalh_plugin.h 1.0"
        )
    }

    @Test func `an entry of ABI 2 alone is known for what it is`() throws {
        let error = try refusal("-DENTRY=evalh_plugin_v2")
        #expect(error.reason == .incompatible)
        #expect(error.message.hasPrefix("is built for plugin ABI 2, this evalh serves 1;"))
    }

    @Test func `a newer built minor loads, a newer required minor does not`() throws {
        let newer = try CCompiler.library(librarySource, ["-DBUILT=9"], name: "newer.so", in: folder.url)
        #expect(try PluginLibrary(opening: newer).plugins.first?.abi.minor == 9)
        let error = try refusal("-DBUILT=9", "-DREQUIRED=7")
        #expect(
            error.message.contains(
                "built for plugin ABI 1.9 and requires 1.7 or newer, this evalh serves 1.0; use a newer evalh"))
    }

    @Test func `a missing feature is named`() throws {
        let error = try refusal(#"-DFEATURE="evalh.telepathy/1""#)
        #expect(
            error.message.contains(
                #"requires the feature "evalh.telepathy/1", which this evalh (ABI 1.0) does not have"#))
    }

    @Test func `a library that declines is quoted`() throws {
        let error = try refusal(#"-DREFUSAL="wants a licence""#)
        #expect(error.reason == .refused)
        #expect(error.message.hasSuffix("declines this evalh (ABI 1.0): wants a licence"))
        let silent = try CCompiler.library(librarySource, ["-DNOTHING"], name: "silent.so", in: folder.url)
        let silence = try #require(throws: PluginLoadError.self) { try PluginLibrary(opening: silent) }
        #expect(silence.reason == .refused && silence.message.contains("returned NULL"))
    }

    @Test(arguments: [
        (["-DLIBRARY_SIZE=40"], "evalh_library.struct_size is 40"), (["-DDESCRIPTOR_SIZE=64"], "struct_size 64"),
        (["-DTABLE_SIZE=16"], "lacks a required function"), (["-DSTEP=NULL"], "lacks a required function"),
        ([#"-DID="Org Example""#], "\"Org Example\" is no plugin id"), ([#"-DID="a..b""#], "no plugin id"),
        ([#"-DID="""#], "no plugin id"),
        ([#"-DVERSION="one""#], "semantic version"), ([#"-DSCHEMA="[1]""#], "not a JSON object"),
        ([#"-DSCHEMA="{""#], "not a JSON object"),
        ([#"-DSCHEMA="{\"type\":\"array\"}""#], "must have \"type\": \"object\""),
        (["-DNEEDS=0x40000000"], "use a newer evalh"),
        (["-DCOUNT=0"], "offers no plugins"), (["-DCOUNT=3"], "twice"), (["-DCOUNT=4"], "twice"),
        (["-DCOUNT=100000"], "broken"),
        ([#"-DKIND="evalh.conductor/1""#], "kinds that this evalh does not know: \"evalh.conductor/1\""),
    ])
    func `a broken table is refused with the reason`(flags: [String], text: String) throws {
        let error = try #require(throws: PluginLoadError.self) { try open(flags) }
        #expect(error.message.contains(text), "\(error)")
        #expect(error.file == folder.path("libplugin.so"))
    }

    @Test func `plugins of kinds of later hosts are left out, the others serve`() throws {
        let library = try open(["-DCOUNT=2"])
        #expect(library.plugins.map(\.id) == ["org.example.idle"])
        #expect(library.unknownKinds == ["evalh.conductor/1"])
    }

    @Test func `files that are no plugins are told apart without running them`() throws {
        func reason(_ file: String) -> PluginLoadError? {
            do { _ = try PluginLibrary(opening: file) } catch { return error }
            return nil
        }
        #expect(reason(folder.path("missing.so"))?.reason == .unreadable)
        #expect(reason(folder.url.path)?.reason == .unreadable)
        try Data("not a library".utf8).write(to: folder.url.appendingPathComponent("text.so"))
        #expect(reason(folder.path("text.so"))?.reason == .notALibrary)
        try Data().write(to: folder.url.appendingPathComponent("empty.so"))
        #expect(reason(folder.path("empty.so"))?.reason == .notALibrary)
        let plain = try CCompiler.library(
            "#include <stdlib.h>\n__attribute__((constructor)) static void boom(void) { abort(); }", name: "plain.so",
            in: folder.url)
        let error = try #require(reason(plain))
        #expect(error.reason == .noEntry)
        #expect(error.message.contains("does not export evalh_plugin_v1"))
    }

    @Test func `a library for another machine is named as such`() throws {
        let file = try CCompiler.library(librarySource, in: folder.url)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        bytes[18] = 20  // PowerPC
        bytes[19] = 0
        try bytes.write(to: folder.url.appendingPathComponent("foreign.so"))
        let error = try #require(throws: PluginLoadError.self) { try PluginLibrary(opening: folder.path("foreign.so")) }
        #expect(error.reason == .wrongArchitecture)
        #expect(error.message.contains("rebuild it here"))
    }

    @Test func `a library with a missing dependency carries the linker's words`() throws {
        let source =
            librarySource
            + "\nextern int evalh_test_missing_symbol(void);\nEVALH_EXPORT int use(void);\n"
            + "int use(void) { return evalh_test_missing_symbol(); }\n"
        let file = try CCompiler.library(source, in: folder.url)
        let error = try #require(throws: PluginLoadError.self) { try PluginLibrary(opening: file) }
        #expect(error.reason == .linker)
        #expect(error.message.contains("evalh_test_missing_symbol"))
    }

    @Test func `cut and damaged files are examined without harm`() throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: CCompiler.library(librarySource, in: folder.url)))
        let file = folder.path("damaged.so")
        var state: UInt64 = 42
        for round in 0..<400 {
            var damaged = bytes
            if round % 2 == 0 {
                damaged = bytes.prefix(round * bytes.count / 400)
            } else {
                for _ in 0..<8 {
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    // Damage the header and the section table, which hold the offsets.
                    let place = Int(state >> 33) % 64
                    damaged[round % 4 == 1 ? place : bytes.count - 1 - Int(state >> 33) % 1900] = UInt8(
                        truncatingIfNeeded: state >> 24)
                }
            }
            try damaged.write(to: URL(fileURLWithPath: file))
            // Only that it returns: what it says of a damaged file is of no interest.
            _ = try? PluginLibrary.examine(file)
        }
        #expect(throws: Never.self) { try PluginLibrary.examine(folder.path("libplugin.so")) }
    }
}
