import Foundation
import Testing

/// Libraries that nothing is known of are looked into by a process of their own.
@Suite(.enabled(if: BuiltPlugin.isPossible, "no C compiler"))
struct LookingTests {
    private let place: Workplace

    init() throws { place = try Workplace() }

    private func build(_ name: String, before: String = "") throws {
        try BuiltPlugin.library(
            BuiltPlugin.strategy("org.example.\(name)", before: before),
            at: place.url.appendingPathComponent("plugins/\(name).so"))
    }

    private func list(_ more: String...) throws -> Workplace.Result {
        let tool = try place.start(["plugin", "list", "--plugins", "plugins", "--json"] + more)
        return try tool.result()
    }

    private func ids(_ result: Workplace.Result) throws -> [String] {
        let list = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]]
        return try #require(list).compactMap { $0["id"] as? String }.filter { $0.hasPrefix("org.example.") }
    }

    private static let hostile: [(name: String, before: String, told: String)] = [
        ("crash", "raise(SIGSEGV);", "crash.so: crashed while it was asked what it offers (signal 11"),
        ("abort", "fputs(\"no licence\\n\", stderr); abort();", "(signal 6, Aborted); it wrote: no licence"),
        ("leave", "_exit(0);", "leave.so: ended the process (exit status 0) when it was asked"),
        ("loop", "for (volatile int i = 0;; i++);", "loop.so: was ended (signal 9)"),
        ("sleep", "for (;;) pause();", "sleep.so: did not say what it offers within 5 s"),
        (
            "forge", "for (int i = 3; i < 200; i++) if (write(i, \"{}\", 2) == 2) _exit(0);",
            "forge.so: gave no sense when it was asked what it offers"
        ),
        (
            "memory", "for (;;) { char *p = malloc(1 << 20); if (p == NULL) abort(); memset(p, 1, 1 << 20); }",
            "memory.so: "
        ),
    ]

    @Test func `whatever a library does when it is loaded, the others are listed and it is told what it did`() throws {
        defer { place.remove() }
        try build("good")
        try build("chatty", before: "puts(\"{}\"); fflush(stdout);")
        for (name, before, _) in Self.hostile { try build(name, before: before) }
        let first = try list()
        #expect(first.status == 0, "\(first.errors)")
        #expect(try ids(first) == ["org.example.chatty", "org.example.good"])
        for (_, _, told) in Self.hostile { #expect(first.errors.contains(told), "\(told) is not in \(first.errors)") }
        #expect(first.errors.contains("evalh plugin list --again"))
        // What is known runs no code: a marker would be there.
        try build("good", before: "fclose(fopen(\"marker\", \"w\"));")
        let second = try list()
        #expect(try ids(second) == ["org.example.chatty", "org.example.good"] && second.errors == first.errors)
        try FileManager.default.removeItem(at: place.url.appendingPathComponent("marker"))
        #expect(try list().errors == first.errors)
        #expect(!FileManager.default.fileExists(atPath: place.url.appendingPathComponent("marker").path))
    }

    @Test func `secrets of the environment do not reach a library that is looked into`() throws {
        defer { place.remove() }
        try build("thief", before: "if (getenv(\"OPENAI_API_KEY\")) abort();")
        let tool = try place.start(
            ["plugin", "list", "--plugins", "plugins", "--json"], ["OPENAI_API_KEY": "sk-secret"])
        #expect(try ids(try tool.result()) == ["org.example.thief"])
    }

    @Test func `a bad file beside it disturbs no run, and a suite that needs it is told why at the place`() throws {
        defer { place.remove() }
        try build("good")
        try build("bad", before: "raise(SIGSEGV);")
        try BuiltPlugin.library(
            BuiltPlugin.strategy("org.example.lost")
                + "\nextern int nowhere(void); EVALH_EXPORT int use(void); int use(void) { return nowhere(); }",
            at: place.url.appendingPathComponent("plugins/lost.so"))
        try place.write("{\"input\":\"a\",\"target\":\"42\"}\n", to: "items.jsonl")
        func suite(_ arm: String) throws {
            try place.write(
                """
                evalh: 1
                name: looking
                plugins: [plugins]
                dataset: {path: items.jsonl}
                models: {main: {provider: command, command: ["true"]}}
                arms:
                  - \(arm)
                grader: exact

                """, to: "suite.yaml")
        }
        try suite("org.example.good")
        let run = try place.evalh("run", "suite.yaml")
        #expect(run.status == 0, "\(run.errors)")
        #expect(try place.evalh("doctor").status == 0)
        #expect(try place.evalh("report", "reports/looking/latest").status == 0)
        for (name, words) in [("lost", "undefined symbol: nowhere"), ("bad", "(signal 11")] {
            try suite("org.example.\(name)")
            for command in ["validate", "run", "plan"] {
                let result = try place.evalh(command, "suite.yaml")
                #expect(result.status == 2)
                #expect(
                    result.errors.contains("suite.yaml:7:5: error: the strategy `org.example.\(name)` cannot be used"),
                    "\(result.errors)")
                #expect(result.errors.contains("plugins/\(name).so: ") && result.errors.contains(words))
            }
        }
        // Nothing tells where it may be: all files that could not be used are told.
        try suite("org.example.unheard")
        let unknown = try place.evalh("validate", "suite.yaml")
        #expect(unknown.errors.contains("7:5: error: unknown strategy `org.example.unheard`"))
        #expect(unknown.errors.contains("these files could not be used:"))
        #expect(unknown.errors.contains("plugins/bad.so: "))
        let info = try place.evalh("plugin", "info", "org.example.lost", "--plugins", "plugins")
        #expect(info.status == 2 && info.errors.contains("undefined symbol: nowhere"))
    }

    @Test func `helper libraries are passed over, and versions stand side by side`() throws {
        defer { place.remove() }
        try BuiltPlugin.library("int helper;", at: place.url.appendingPathComponent("plugins/helper.so"))
        for version in ["1.4.0", "2.0.0"] {
            try BuiltPlugin.library(
                BuiltPlugin.strategy("org.example.word", version: version, answer: version),
                at: place.url.appendingPathComponent("plugins/word-\(version).so"))
        }
        let listed = try place.evalh("plugin", "list", "--plugins", "plugins")
        #expect(listed.status == 0 && listed.errors.isEmpty)
        #expect(listed.output.contains("1.4.0  A word  (in suites: org.example.word@1.4.0)"))
        #expect(listed.output.contains("2.0.0  A word  (in suites: org.example.word)"))
        let verbose = try place.evalh("plugin", "list", "--plugins", "plugins", "--verbose")
        #expect(verbose.output.contains("helper.so: is no evalh plugin") && verbose.output.contains("word-1.4.0.so"))
        try place.write("{\"input\":\"a\",\"target\":\"1.4.0\"}\n", to: "items.jsonl")
        try place.write(
            """
            evalh: 1
            name: versions
            plugins: [plugins]
            dataset: {path: items.jsonl}
            models: {main: {provider: command, command: ["true"]}}
            arms: [{id: newest, strategy: org.example.word}, "org.example.word@1"]
            grader: exact
            gates: ["accuracy(newest) == 0", "accuracy(org.example.word) == 1"]

            """, to: "suite.yaml")
        let run = try place.evalh("run", "suite.yaml")
        #expect(run.status == 0, "\(run.errors)")
        let summary = try place.json("reports/versions/latest/summary.json")
        let provenance = try #require(summary["provenance"] as? [String: Any])
        #expect(provenance["plugin.org.example.word@1"] as? String == "1.4.0")
        #expect(provenance["plugin.org.example.word"] as? String == "2.0.0")
    }
}
