import Foundation
import Testing

/// Metrics and graders of others, as suites use them.
@Suite(.enabled(if: BuiltPlugin.isPossible, "no C compiler"))
struct MetricPluginTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        try place.write((0..<20).map { "{\"input\":\"\($0)\",\"target\":\"42\"}\n" }.joined(), to: "items.jsonl")
        try BuiltPlugin.library(
            BuiltPlugin.strategy("org.example.word"), at: place.url.appendingPathComponent("plugins/word.so"))
    }

    private func suite(_ rest: String) throws {
        try place.write(
            """
            evalh: 1
            name: others
            plugins: [plugins]
            dataset: {path: items.jsonl}
            models: {main: {provider: command, command: ["true"]}}
            arms: [{id: word, strategy: org.example.word}]
            \(rest)

            """, to: "suite.yaml")
    }

    /// A metric that gives what its parameters name, with the value 0.5.
    private func buildMetric() throws {
        try BuiltPlugin.library(
            """
            #include <math.h>
            #include <stdlib.h>
            #include <string.h>
            #define TEXT(s) {s, sizeof s - 1}
            struct metric { char name[64]; };
            static void *create(evalh_str parameters, uint64_t seed, const evalh_text_sink *error) {
                (void)seed, (void)error;
                struct metric *self = calloc(1, sizeof *self);
                char text[256] = {0};
                memcpy(text, parameters.ptr, parameters.len < 255 ? parameters.len : 255);
                char *value = strstr(text, "\\"gives\\":\\"");
                if (value) sscanf(value + 9, "%63[^\\"]", self->name);
                return self;
            }
            static int32_t add(void *m, const evalh_session_row *row, const evalh_text_sink *error) {
                (void)m, (void)row, (void)error;
                return EVALH_OK;
            }
            static int32_t result(void *m, const evalh_metric_sink *out, const evalh_text_sink *error) {
                struct metric *self = m;
                (void)error;
                evalh_metric_value value = {.struct_size = sizeof value, .name = {self->name, strlen(self->name)},
                    .arm = TEXT("word"), .level_index = -1, .value = strstr(self->name, "two") ? 0.75 : 0.5,
                    .ci_low = NAN, .ci_high = NAN, .stderr_ = NAN, .n = 20};
                out->push(out, &value);
                return EVALH_OK;
            }
            static const evalh_metric table = {sizeof table, 0, create, free, add, result};
            static const evalh_descriptor descriptor = {sizeof descriptor, 0, 0, 0, TEXT(EVALH_KIND_METRIC),
                TEXT("org.example.gives"), TEXT("1.0.0"), TEXT(""), TEXT(""), TEXT(""),
                TEXT("{\\"type\\":\\"object\\",\\"properties\\":{\\"gives\\":{\\"type\\":\\"string\\"}}}"),
                &table, TEXT("part_*")};
            static const evalh_descriptor *const all[] = {&descriptor};
            static const evalh_library library = {sizeof library, 1, 0, 0, TEXT("m"), TEXT("0"), NULL, 0, all, 1,
                {NULL, 0}};
            EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host);
            EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *h) { (void)h; return &library; }
            """.replacing("#include <math.h>", with: "#include <math.h>\n#include <stdio.h>"),
            at: place.url.appendingPathComponent("plugins/metric.so"))
    }

    @Test func `a metric's numbers stand under the suite's names, and gates judge the one that they name`() throws {
        defer { place.remove() }
        try buildMetric()
        try suite(
            """
            grader: exact
            metrics:
              - {use: org.example.gives, name: first, with: {gives: part_one}}
              - {use: org.example.gives, name: second, with: {gives: part_two}}
            gates: ["first.part_one(word) == 0.5", "second.part_two(word) == 0.75"]
            """)
        let run = try place.evalh("run", "suite.yaml")
        #expect(run.status == 0, "\(run.errors)")
        let summary = try place.json("reports/others/latest/summary.json")
        let arm = try #require((summary["arms"] as? [[String: Any]])?.first)
        let metrics = try #require(arm["metrics"] as? [String: [String: Any]])
        #expect(metrics["first.part_one"]?["value"] as? Double == 0.5)
        #expect(metrics["second.part_two"]?["value"] as? Double == 0.75)
        for report in ["summary.md", "report.html"] {
            let text = try place.text("reports/others/latest/\(report)")
            #expect(text.contains("second.part") && text.contains("0.75"))
        }
    }

    @Test(arguments: [
        ("accuracy", "", "gave `accuracy`, which is not among the outputs"),
        ("stray", "", "gave `stray`, which is not among the outputs"),
    ])
    func `a number that a metric did not declare is its fault, and stands nowhere`(
        gives: String, name: String, told: String
    ) throws {
        defer { place.remove() }
        try buildMetric()
        try suite(
            """
            grader: exact
            metrics: [{use: org.example.gives, with: {gives: \(gives)}}]
            gates: ["accuracy(word) == 1"]
            """)
        let run = try place.evalh("run", "suite.yaml")
        #expect(run.status == 7 && run.errors.contains("metric org.example.gives: ") && run.errors.contains(told))
        let summary = try place.json("reports/others/latest/summary.json")
        let arm = try #require((summary["arms"] as? [[String: Any]])?.first)
        let metrics = try #require(arm["metrics"] as? [String: [String: Any]])
        #expect(metrics["accuracy"]?["value"] as? Double == 1 && metrics["stray"] == nil)
    }

    @Test(.enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1))
    func `a grader that takes time works beside the engine, on several answers at once`() throws {
        defer { place.remove() }
        // Each grade waits until another one is under way, at most 400 ms: the first waits in vain.
        try BuiltPlugin.library(
            """
            #include <stdatomic.h>
            #include <stdlib.h>
            #include <unistd.h>
            #define TEXT(s) {s, sizeof s - 1}
            static atomic_int inside, met;
            static void *create(evalh_str parameters, const evalh_text_sink *error) {
                (void)parameters, (void)error;
                return malloc(1);
            }
            static int32_t grade(void *g, const evalh_grade_input *input, evalh_grade_output *out) {
                (void)g, (void)input;
                if (atomic_fetch_add(&inside, 1) > 0) met = 1;
                for (int i = 0; i < 400 && inside < 2 && !met; i++) usleep(1000);
                atomic_fetch_sub(&inside, 1);
                out->score = met;
                return EVALH_OK;
            }
            static const evalh_grader table = {sizeof table, 0, create, free, grade, NULL};
            static const evalh_descriptor descriptor = {sizeof descriptor, 0, 0, 0, TEXT(EVALH_KIND_GRADER),
                TEXT("org.example.meet"), TEXT("1.0.0"), TEXT(""), TEXT(""), TEXT(""), {NULL, 0}, &table};
            static const evalh_descriptor *const all[] = {&descriptor};
            static const evalh_library library = {sizeof library, 1, 0, 0, TEXT("g"), TEXT("0"), NULL, 0, all, 1,
                {NULL, 0}};
            EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host);
            EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *h) { (void)h; return &library; }
            """, at: place.url.appendingPathComponent("plugins/meet.so"))
        try suite("grader: org.example.meet\ngates: [\"accuracy(word) >= 0.5\"]")
        let run = try place.evalh("run", "suite.yaml")
        #expect(run.status != 7 && run.status != 6, "\(run.errors)")
        let lines = try place.text("reports/others/latest/samples.jsonl").split(separator: "\n")
        let scores = try lines.map { line in
            let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return try #require(row?["score"] as? Double)
        }
        // One at a time none would have met another.
        #expect(scores.count == 20 && scores.contains(1), "\(scores)")
    }
}
