import Foundation
import PluginHost
import Testing

/// Host and plugin of different minors, both ways: the kept source of `Tests/ABI/1.0` is built against headers of a
/// minor that is to come and of one that never was, which differ from the release by what may differ.
@Suite(.enabled(if: CCompiler.isAvailable, "no C compiler"))
struct MinorVersionTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A copy of a header in which `change` was done to all parts.
    private func headers(_ name: String, of original: String, _ change: (String) -> String) throws -> String {
        let copy = folder.url.appendingPathComponent(name)
        try FileManager.default.copyItem(atPath: original, toPath: copy.path)
        for part in try FileManager.default.subpathsOfDirectory(atPath: copy.path) where part.hasSuffix(".h") {
            let file = copy.appendingPathComponent(part)
            try change(String(contentsOf: file, encoding: .utf8)).write(to: file, atomically: true, encoding: .utf8)
        }
        return copy.path
    }

    /// What a later minor may do: append members to every struct that says its size.
    private func grown(_ text: String) -> String {
        text.replacing("#define EVALH_ABI_MINOR 0", with: "#define EVALH_ABI_MINOR 1")
            .replacing(#/\n\} evalh_(?!(?:str|usage|logprob|named_number|event|action);)\w+;/#) { end in
                "\n    evalh_str of_1_1;\n    double also_of_1_1;" + end.output
            }
    }

    private func released() throws -> String {
        try ReleasedPlugin.built(headers: ReleasedPlugin.headers, in: folder.url)
    }

    @Test func `a plugin built for a newer minor that requires no more than ours does the same`() throws {
        let newer = try headers("grown", of: ReleasedPlugin.headers, grown)
        let plugin = try ReleasedPlugin.built(headers: newer, in: folder.url)
        #expect(try PluginLibrary(opening: plugin).plugins.first?.abi == PluginABIVersion(major: 1, minor: 1))
        let actions = try ReleasedPlugin.session(of: plugin)
        #expect("\(actions)" == "\(try ReleasedPlugin.session(of: released()))")
        #expect(actions.count == 7)
        #expect(try ReleasedPlugin.gradeAndMetric(of: plugin) == ReleasedPlugin.gradeAndMetric(of: released()))
    }

    @Test func `one that requires a newer minor is refused with both versions and what to do`() throws {
        let newer = try headers("grown", of: ReleasedPlugin.headers, grown)
        let plugin = try ReleasedPlugin.built(["-DREQUIRED=1"], headers: newer, in: folder.url)
        let error = #expect(throws: PluginLoadError.self) { try PluginLibrary(opening: plugin) }
        #expect(
            error?.description
                == "\(plugin): is built for plugin ABI 1.1 and requires 1.1 or newer, this evalh serves 1.0; "
                + "use a newer evalh, or rebuild it against evalh_plugin.h 1.0")
    }

    @Test func `structs that end before members that came later are read as far as they go`() throws {
        // As if `outputs`, `validate` and the grader's last functions had come with a later minor than the plugin's.
        let older = try headers("shrunk", of: ReleasedPlugin.headers) { text in
            text.replacing(#/    evalh_str outputs;[\s\S]*?\*/\n/#, with: "")
                .replacing(#/    int32_t \(\*(?:validate|same|expected|extract_item)\)[^;]*;\n/#, with: "")
        }
        let source = try String(contentsOf: ReleasedPlugin.source, encoding: .utf8)
        let shorter = source.replacing(", .outputs = TEXT(\"tokens\")", with: "")
        #expect(shorter != source)
        let file = folder.url.appendingPathComponent("older.c")
        try shorter.write(to: file, atomically: true, encoding: .utf8)
        let plugin = folder.path("libolder.so")
        let (status, output) = try CCompiler.run(
            try #require(CCompiler.path),
            ["-std=c11", "-Wall", "-Werror", "-shared", "-fPIC", "-fvisibility=hidden", "-I", older, "-o", plugin]
                + [file.path])
        try #require(status == 0, "\(output)")

        let library = try PluginLibrary(opening: plugin)
        // Without `outputs` a metric gives a value by its own id.
        #expect(library.plugins.last?.outputs == ["released.metric"])
        #expect("\(try ReleasedPlugin.session(of: plugin))" == "\(try ReleasedPlugin.session(of: released()))")
        #expect(try ReleasedPlugin.gradeAndMetric(of: plugin).0.score == 1)
    }

    @Test func `a plugin of 1 point 0 bears the longer structs of a host that is newer`() throws {
        // The scripted host of `evalh plugin new`, built against a later minor, plays to a plugin built against 1.0.
        let templates = CCompiler.root.appendingPathComponent("authors/templates")
        let newer = try headers("grown", of: CCompiler.headers, grown)
        let plugin = folder.path("libvote.so")
        let test = folder.path("vote-test")
        let compiler = try #require(CCompiler.path)
        for arguments in [
            ["-shared", "-fPIC", "-fvisibility=hidden", "-I", ReleasedPlugin.headers, "-o", plugin]
                + [templates.appendingPathComponent("c/strategy/my-plugin.c").path],
            ["-I", newer, "-I", templates.appendingPathComponent("native").path, "-o", test]
                + [templates.appendingPathComponent("c/strategy/my-plugin-test.c").path, "-ldl"],
        ] {
            let (status, output) = try CCompiler.run(compiler, ["-std=c11", "-Wall", "-Werror"] + arguments)
            try #require(status == 0, "\(output)")
        }
        let (status, output) = try CCompiler.run(test, [plugin])
        #expect(status == 0 && output.contains("5 tests passed"), "\(output)")
    }
}
