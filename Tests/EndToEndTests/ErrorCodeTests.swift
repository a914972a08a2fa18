import Foundation
import Testing

/// Which exit code sessions' errors lead to, and what is said of them.
@Suite(.serialized) struct ErrorCodeTests {
    private func errors(_ place: Workplace, _ folder: String) throws -> [(kind: String, message: String)] {
        try place.text("\(folder)/samples.jsonl").split(separator: "\n").compactMap { line in
            let row = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            guard let error = row["error"] as? [String: String] else { return nil }
            return (try #require(error["kind"]), try #require(error["message"]))
        }
    }

    @Test func `a replay whose sessions all miss in the pool is incomplete, not the provider's failure`() throws {
        let place = try Workplace()
        defer { place.remove() }
        try place.write(
            "{\"question\":\"a\",\"target\":\"1\",\"samples\":[\"#### 1\"]}\n", to: "samples.jsonl")
        #expect(try place.evalh("pool", "import", "samples.jsonl", "--out", "x.pool").status == 0)
        try place.write(
            """
            evalh: 1
            name: misses
            arms: [{id: sc, strategy: self-consistency, with: {samples: 3}}]
            grader: {use: numeric}

            """, to: "suite.yaml")
        let result = try place.evalh("replay", "x.pool", "suite.yaml")
        #expect(result.status == 4, "\(result.errors)")
        #expect(result.errors.contains("1 sessions asked for what the pool lacks"))
        #expect(result.errors.contains("--fill"))
        #expect(try errors(place, "reports/misses/latest").map(\.kind) == ["pool_miss"])
        let gate = try place.evalh("gate", "reports/misses/latest", "--write-baseline", "b.json")
        #expect(gate.status == 4, "\(gate.errors)")
    }

    @Test func `an answer without a recorded score is the pool's lack, too`() throws {
        let place = try Workplace()
        defer { place.remove() }
        try place.write(
            "{\"question\":\"a\",\"target\":\"1\",\"samples\":[\"#### 1\"]}\n", to: "samples.jsonl")
        #expect(try place.evalh("pool", "import", "samples.jsonl", "--out", "x.pool").status == 0)
        try place.write("evalh: 1\nname: scores\narms: [greedy]\ngrader: {use: numeric}\n", to: "suite.yaml")
        let result = try place.evalh("replay", "x.pool", "suite.yaml", "--recorded-scores")
        #expect(result.status == 4, "\(result.errors)")
        let errors = try errors(place, "reports/scores/latest")
        #expect(errors.map(\.kind) == ["pool_miss"])
        #expect(errors.first?.message.hasPrefix("the recording has no score for this answer") == true)
    }

    @Test func `a grader plugin that fails is a plugin's fault`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.write(Self.failingGrader, to: "grader.c")
        let header = BuiltBinary.root.appendingPathComponent("Sources/CEvalhPlugin/include").path
        let compiler = try RunningTool(
            URL(fileURLWithPath: "/usr/bin/env"),
            ["cc", "-std=c11", "-shared", "-fPIC", "-I", header, "-o", "libgrader.so", "grader.c"], folder: place.url)
        #expect(try compiler.result().status == 0)
        try place.writeItems(3)
        try place.writeSuite(server, arms: "[greedy]", extra: "plugins: [libgrader.so]")
        let suite = try place.text("suite.yaml").replacing("{use: numeric}", with: "org.example.failing")
        try place.write(suite, to: "suite.yaml")
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 7, "\(result.errors)")
        #expect(result.errors.contains("3 sessions failed by a plugin or strategy"))
        let errors = try errors(place, "reports/suite/latest")
        #expect(errors.map(\.kind) == ["grader", "grader", "grader"])
        #expect(errors.allSatisfy { $0.message.contains("nothing pleases me") })
    }

    @Test func `a prompt that an item cannot fill is the suite's mistake`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.write(
            """
            {"question":"What is 1 + 1?","answer":"2","hint":"count"}
            {"question":"What is 2 + 2?","answer":"4"}

            """, to: "items.jsonl")
        try place.writeSuite(server, arms: "[greedy]")
        let suite = try place.text("suite.yaml").replacing("{{ input }}", with: "{{ hint }}: {{ input }}")
        try place.write(suite, to: "suite.yaml")
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 2, "\(result.errors)")
        #expect(result.errors.contains("1 session failed by the suite"))
        let errors = try errors(place, "reports/suite/latest")
        #expect(errors.map(\.kind) == ["prompt"])
        #expect(errors.first?.message.contains("suite.yaml:4:") == true, "\(errors)")
        #expect(errors.first?.message.contains("hint") == true)
    }

    @Test func `a request that the model refuses is not retried by a nightly job`() throws {
        let server = try MockServer("--fault", "400:1:99")
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(2)
        try place.writeSuite(server, arms: "[greedy]")
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 2, "\(result.errors)")
        #expect(result.errors.contains("requests that the model refuses"))
        #expect(try errors(place, "reports/suite/latest").map(\.kind) == ["bad_request", "bad_request"])
    }

    @Test(arguments: [
        "best-of-n, with: {by: verifier, grader_role: judge}", "router, with: {strong: judge}",
        "cascade, with: {strong: judge}", "atts, with: {target: judge}", "speculative, with: {target: judge}",
    ])
    func `a role that a strategy needs and the suite lacks is told by validate, and before a run asks anything`(
        _ strategy: String
    ) throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(3)
        try place.writeSuite(server, arms: "[greedy, {id: two, strategy: \(strategy)}]")
        for command in ["validate", "run"] {
            let result = try place.evalh(command, "suite.yaml")
            #expect(result.status == 2, "\(command): \(result.errors)")
            #expect(
                result.errors.contains(
                    "arm two: its strategy refuses to begin: the suite has no model with the role judge"),
                "\(command): \(result.errors)")
        }
        #expect(try server.count("completions_paid") == 0)
    }

    private static let failingGrader = #"""
        #include <evalh_plugin.h>
        #include <stdlib.h>
        #include <string.h>

        #define TEXT(s) {s, sizeof s - 1}
        static evalh_str lit(const char *s) { return (evalh_str){s, strlen(s)}; }

        static void *create(evalh_str parameters, const evalh_text_sink *error) {
            (void)parameters;
            (void)error;
            return malloc(1);
        }
        static int32_t grade(void *grader, const evalh_grade_input *input, evalh_grade_output *out) {
            (void)grader;
            (void)input;
            out->explanation->set(out->explanation, lit("nothing pleases me"));
            return EVALH_FAILED;
        }
        static int32_t extract(void *grader, evalh_str text, const evalh_text_sink *answer, const evalh_text_sink *stage) {
            (void)grader;
            (void)text;
            (void)answer;
            (void)stage;
            return EVALH_FAILED;
        }
        static const evalh_grader table = {sizeof table, 0, create, free, grade, extract};
        static const evalh_descriptor grader = {sizeof grader, 0, 0, 0, TEXT(EVALH_KIND_GRADER), TEXT("org.example.failing"),
                                                TEXT("1.0.0"), TEXT(""), TEXT(""), TEXT(""), {NULL, 0}, &table};
        static const evalh_descriptor *const descriptors[] = {&grader};
        static const evalh_library library = {sizeof library, 1, 0, 0, TEXT("failing"), TEXT("0.1.0"), NULL, 0, descriptors, 1, {NULL, 0}};

        EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host);
        EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host) { (void)host; return &library; }
        """#
}
