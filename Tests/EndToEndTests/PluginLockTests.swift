import Foundation
import Testing

/// `evalh.lock`: the plugins of a suite are held to their versions and contents.
@Suite(.enabled(if: BuiltPlugin.isPossible, "no C compiler"))
struct PluginLockTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        try place.write("{\"input\":\"a\",\"target\":\"42\"}\n", to: "items.jsonl")
        try suite(arms: "[org.example.word, greedy]")
        try build()
    }

    private func suite(arms: String, name: String = "suite.yaml") throws {
        try place.write(
            """
            evalh: 1
            name: locked
            plugins: [plugins]
            dataset: {path: items.jsonl}
            models: {main: {provider: command, command: ["true"]}}
            arms: \(arms)
            grader: exact

            """, to: name)
    }

    private func build(_ version: String = "1.0.0", answer: String = "42") throws {
        try BuiltPlugin.library(
            BuiltPlugin.strategy("org.example.word", version: version, answer: answer),
            at: place.url.appendingPathComponent("plugins/word.so"))
    }

    private func entries() throws -> [[String: String]] {
        try #require(place.json("evalh.lock")["plugins"] as? [[String: String]])
    }

    private func sha256() throws -> String {
        let tool = try RunningTool(
            URL(fileURLWithPath: "/usr/bin/sha256sum"), ["plugins/word.so"], folder: place.url)
        return String(try tool.result().output.prefix(64))
    }

    @Test func `a lock names what a suite uses, and is the same text each time`() throws {
        defer { place.remove() }
        let made = try place.evalh("lock", "suite.yaml")
        #expect(made.status == 0 && made.errors.contains("3 plugins, 3 new, 0 accepted"), "\(made.errors)")
        #expect(try entries().map { $0["use"] } == ["greedy", "org.example.word", "exact"])
        let word = try entries()[1]
        #expect(word["kind"] == "strategy" && word["version"] == "1.0.0" && word["abi"] == "1.0")
        #expect(try word["file"] == "word.so" && word["sha256"] == sha256())
        let text = try place.text("evalh.lock")
        #expect(try place.evalh("lock", "suite.yaml").status == 0)
        #expect(try place.text("evalh.lock") == text)
        try suite(arms: "[org.example.word]")
        for command in ["validate", "plan", "run"] {
            let result = try place.evalh(command, "suite.yaml")
            #expect(result.status == 0, "\(result.errors)")
        }
    }

    @Test func `a plugin that is another one is an error with both hashes and the command that accepts it`() throws {
        defer { place.remove() }
        #expect(try place.evalh("lock", "suite.yaml").status == 0)
        let before = try sha256()
        try build(answer: "43")
        for command in ["validate", "plan", "run"] {
            let result = try place.evalh(command, "suite.yaml")
            #expect(result.status == 2)
            #expect(
                result.errors.contains("suite.yaml:6:8: error: the strategy `org.example.word` 1.0.0 has its version"),
                "\(result.errors)")
            #expect(try result.errors.contains(before) && result.errors.contains(sha256()))
            #expect(result.errors.contains("evalh lock suite.yaml --accept org.example.word"))
        }
        let refused = try place.evalh("lock", "suite.yaml")
        #expect(refused.status == 2 && refused.errors.contains("evalh.lock was left as it is"))
        #expect(try place.evalh("lock", "suite.yaml", "--accept", "nothing").status == 2)
        #expect(try entries()[1]["sha256"] == before)
        #expect(try place.evalh("lock", "suite.yaml", "--accept", "org.example.word").status == 0)
        #expect(try entries()[1]["sha256"] == sha256())
        #expect(try place.evalh("validate", "suite.yaml").status == 0)

        try build("1.1.0")
        let other = try place.evalh("validate", "suite.yaml")
        #expect(
            other.status == 2
                && other.errors.contains("the strategy `org.example.word` is 1.1.0, and evalh.lock has 1.0.0"))
    }

    @Test func `a plugin that the lock does not have is an error; locks of a folder's suites add up`() throws {
        defer { place.remove() }
        #expect(try place.evalh("lock", "suite.yaml").status == 0)
        try suite(arms: "[given]", name: "other.yaml")
        let lacking = try place.evalh("validate", "other.yaml")
        #expect(lacking.status == 2)
        #expect(lacking.errors.contains("other.yaml:6:8: error: the strategy `given` is not in "))
        #expect(lacking.errors.contains("add it: evalh lock other.yaml"))
        #expect(try place.evalh("lock", "other.yaml").status == 0)
        #expect(try entries().map { $0["use"] } == ["given", "greedy", "org.example.word", "exact"])
        #expect(try place.evalh("lock", "suite.yaml", "--prune").status == 0)
        #expect(try entries().map { $0["use"] } == ["greedy", "org.example.word", "exact"])
        try place.write("{\"schema\": \"evalh.plugins/9\"}", to: "evalh.lock")
        let newer = try place.evalh("validate", "suite.yaml")
        #expect(newer.status == 2 && newer.errors.contains("evalh.lock: has the schema evalh.plugins/9"))
    }

    @Test func `a run that is resumed with another file of the same version says so`() throws {
        defer { place.remove() }
        try suite(arms: "[org.example.word]")
        #expect(try place.evalh("run", "suite.yaml").status == 0)
        try build(answer: "43")
        let resumed = try place.evalh("resume", "reports/locked/latest")
        #expect(resumed.status == 0)
        #expect(resumed.errors.contains("plugin org.example.word 1.0.0 has its version and is another file: sha256 "))
    }
}
