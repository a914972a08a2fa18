import Foundation
import Testing

/// What `evalh plugin new` makes: folders that build, pass their own tests and do the same in every language. Swift's
/// is built by `scripts/check-authors`, which takes longer.
@Suite struct PluginNewTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    private static func has(_ tool: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)")
        }
    }

    /// Makes a plugin, builds it and runs its own test.
    private func make(_ name: String, _ language: String, kind: String = "strategy") throws {
        let made = try place.evalh("plugin", "new", name, "--language", language, "--kind", kind)
        try #require(made.status == 0, "\(made.errors)")
        let folder = place.url.appendingPathComponent(name)
        let header = BuiltBinary.root.appendingPathComponent("Sources/CEvalhPlugin/include").path
        let commands =
            language == "rust"
            ? [
                ["cargo", "build", "--release", "--offline"],
                ["cargo", "test", "--offline"] + (kind == "strategy" ? ["--workspace"] : []),
            ]
            : [["make", "test", "CFLAGS=\(Self.strict)", "CXXFLAGS=\(Self.strict)"]]
        for command in commands {
            let tool = try RunningTool(
                URL(fileURLWithPath: "/usr/bin/env"), command, folder: folder, environment: ["HEADER": "-I\(header)"])
            let result = try tool.result()
            try #require(result.status == 0, "\(command): \(result.output)\(result.errors)")
        }
    }

    private static let strict = "-O2 -Wall -Wextra -Wpedantic -Werror"

    @Test(
        .enabled(if: has("cc") && has("c++"), "no C and C++ compilers"),
        arguments: ["strategy", "grader", "metric", "allocator", "service"])
    func `C and C++ build without a warning and pass their tests`(kind: String) throws {
        defer { place.remove() }
        try make("in-c", "c", kind: kind)
        try make("in-cpp", "cpp", kind: kind)
    }

    @Test(
        .enabled(if: has("cargo"), "no cargo: the Rust templates are not built here"),
        arguments: ["grader", "metric", "allocator", "service"])
    func `Rust builds and passes its tests`(kind: String) throws {
        defer { place.remove() }
        try make("in-rust", "rust", kind: kind)
    }

    @Test(.enabled(if: has("cc") && has("c++"), "no C and C++ compilers"))
    func `the same strategy in each language asks the same and answers the same`() throws {
        defer { place.remove() }
        let server = try MockServer()
        var languages = [("in-c", "c", "in-c/libin-c.so"), ("in-cpp", "cpp", "in-cpp/libin-cpp.so")]
        if Self.has("cargo") { languages.append(("in-rust", "rust", "in-rust/target/release/libin_rust.so")) }
        for (name, language, _) in languages { try make(name, language) }
        try place.writeItems(30)
        let arms = languages.map { "{id: \($0.0), strategy: org.example.\($0.0), with: {samples: 7}}" }
        try place.writeSuite(
            server, arms: "[\(arms.joined(separator: ", "))]",
            extra: "plugins: [\(languages.map(\.2).joined(separator: ", "))]")
        let run = try place.evalh("run", "suite.yaml")
        try #require(run.status == 0, "\(run.errors)")

        // Who is asked of what, with how many samples, and the answer with its reason: alike but for the arm's name.
        var byArm: [String: [String]] = [:]
        for line in try place.text("reports/suite/latest/samples.jsonl").split(separator: "\n") {
            let row = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let usage = try #require(row["usage"] as? [String: Any])
            let words = ["item", "answer", "stop_reason", "confidence", "samples"].map { "\($0)=\(row[$0] ?? "")" }
            byArm[try #require(row["arm"] as? String), default: []].append(
                (words + ["\(usage["requests"] ?? "") \(usage["completion_tokens"] ?? "")"]).joined(separator: " "))
        }
        #expect(byArm.count == languages.count)
        let first = try #require(byArm["in-c"])
        #expect(first.count == 30)
        for (arm, rows) in byArm { #expect(rows == first, "\(arm)") }
        // Early stops and whole votes are both among them, or the comparison says little.
        #expect(first.contains { $0.contains("samples=4") } && first.contains { !$0.contains("samples=4") })
    }

    @Test func `names and ids are checked, and what is there stays as it is`() throws {
        defer { place.remove() }
        for name in ["My-vote", "my_vote", "-vote", "vote-", "a--b", "../vote", "9vote", "vöte", ""] {
            let refused = try place.evalh("plugin", "new", "--language", "c", "--", name)
            #expect(refused.status == 2 && refused.errors.contains("is no name for a plugin"), "\(name)")
        }
        for id in ["vote", "org..vote", "Org.vote", "org.vote/x"] {
            let refused = try place.evalh("plugin", "new", "vote", "--language", "c", "--id", id)
            #expect(refused.status == 2 && refused.errors.contains("is no id for a plugin of yours"), "\(id)")
        }
        let keyword = try place.evalh("plugin", "new", "match", "--language", "rust")
        #expect(keyword.status == 2 && keyword.errors.contains("a Rust crate cannot be called match"))
        let kind = try place.evalh("plugin", "new", "vote", "--language", "c", "--kind", "oracle")
        #expect(kind.status == 2 && kind.errors.contains("there is no kind \"oracle\" of plugins; there are: strategy"))

        try FileManager.default.createDirectory(
            at: place.url.appendingPathComponent("vote"), withIntermediateDirectories: true)
        try place.write("mine", to: "vote/README.md")
        let refused = try place.evalh("plugin", "new", "vote", "--language", "c")
        #expect(refused.status == 2 && refused.errors.contains("is there already; nothing was written"))
        #expect(try place.text("vote/README.md") == "mine")
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.url.path).filter { $0.hasPrefix(".") } == [])
    }

    @Test func `the new folder bears its own names only, whatever the id`() throws {
        defer { place.remove() }
        let made = try place.evalh(
            "plugin", "new", "vote", "--language", "swift", "--id", "org.my-plugin.x", "--output", "here/there")
        #expect(made.status == 0, "\(made.errors)")
        let told = "made here/there: a strategy in Swift, org.my-plugin.x\nnext:\n  cd here/there\n  swift build\n"
        #expect(made.output.hasPrefix(told))
        let manifest = try place.text("here/there/Package.swift")
        #expect(manifest.contains("name: \"vote\"") && manifest.contains("\"VotePlugin\""))
        let source = try place.text("here/there/Sources/VotePlugin/MajorityVote.swift")
        #expect(source.contains("id: \"org.my-plugin.x\""))
        #expect(try place.text("here/there/.gitignore").contains(".build/"))
        let suite = try place.text("here/there/suite.yaml")
        #expect(suite.contains("strategy: org.my-plugin.x") && suite.contains("plugins: [.build/debug/libvote.so]"))
        #expect(suite.contains("{{ input }}"))
    }

    @Test func `where there are no templates it says where it looked`() throws {
        defer { place.remove() }
        let refused = try place.evalh(
            "plugin", "new", "vote", "--language", "c", environment: ["EVALH_TEMPLATES": "/nonexistent"])
        #expect(refused.status == 2)
        #expect(refused.errors.contains("this evalh has no templates; looked in /nonexistent"))
    }
}
