import Foundation
import Testing

/// Runs with plugins in processes of their own, as people start them.
@Suite(.enabled(if: StrategyInC.compiler != nil, "no C compiler"))
struct IsolationTests {
    private let arms = """

          - {id: good, strategy: self-consistency, with: {samples: 3}}
          - {id: theirs, strategy: org.example.theirs}
        """

    /// Numbers of an arm that depend on no clock.
    private func arm(_ id: String, _ place: Workplace, _ path: String) throws -> String {
        let arms = try #require(try place.json(path)["arms"] as? [[String: Any]])
        var arm = try #require(arms.first { $0["id"] as? String == id })
        arm["latency"] = nil
        let data = try JSONSerialization.data(withJSONObject: arm, options: [.sortedKeys, .prettyPrinted])
        return String(decoding: data, as: UTF8.self)
    }

    @Test func `a strategy that crashes costs its own sessions and nothing else, and resume tries again`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(12)
        try StrategyInC.build(breaks: true, in: place)
        let plugins = "plugins: [libtheirs.so]"
        try place.writeSuite(server, arms: "[{id: good, strategy: self-consistency, with: {samples: 3}}]")
        #expect(try place.evalh("run", "suite.yaml", "--out", "alone").status == 0)

        try place.writeSuite(server, arms: arms, extra: plugins + "\nisolation: process")
        let result = try place.evalh("run", "suite.yaml", environment: ["CI": ""])
        #expect(result.status == 7, "\(result.errors)")
        let told = result.errors + result.output
        #expect(told.contains("the strategy org.example.theirs broke down 3 times"), "\(told)")
        #expect(told.contains("SIGSEGV (no such memory) in read_nothing (libtheirs.so), in step at DONE"), "\(told)")
        let folder = "reports/suite/latest/"
        for report in ["summary.json", "report.html", "junit.xml", "samples.jsonl"] {
            #expect(FileManager.default.fileExists(atPath: place.url.appendingPathComponent(folder + report).path))
        }
        #expect(
            try arm("good", place, folder + "summary.json") == arm("good", place, "alone/suite/latest/summary.json"))
        let theirs = try arm("theirs", place, folder + "summary.json")
        #expect(theirs.contains("\"plugin\" : 12"), "\(theirs)")
        let lock = try place.json(folder + "suite.lock.json")
        let isolated = ["arm good", "arm theirs", "grader"]
        #expect((lock["isolation"] as? [String: String])?.keys.sorted() == isolated)

        try StrategyInC.build(breaks: false, in: place)
        let resumed = try place.evalh("resume", "reports/suite/latest", environment: ["CI": ""])
        #expect(resumed.status == 0, "\(resumed.errors)")
    }

    @Test(arguments: [
        ("grader: {use: org.example.grade}", "SIGSEGV"), ("metrics: [org.example.measure]", "SIGSEGV"),
        ("allocator: org.example.allocate", "ended its process with exit code 0"),
    ])
    func `a grader, a metric or an allocator that breaks down ends in exit code 7, with reports`(
        use: String, told: String
    ) throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(5)
        try StrategyInC.build(breaks: true, in: place)
        try place.writeSuite(server, arms: "[greedy]", extra: "plugins: [libtheirs.so]\nisolation: process\n\(use)")
        if use.hasPrefix("grader") {
            let suite = try place.text("suite.yaml").replacingOccurrences(of: "grader: {use: numeric}\n", with: "")
            try place.write(suite, to: "suite.yaml")
        }
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 7, "\(result.output + result.errors)")
        #expect((result.output + result.errors).contains(told), "\(result.output + result.errors)")
        let summary = try place.json("reports/suite/latest/summary.json")
        #expect(summary["arms"] != nil)
    }

    @Test func `results are the same with every isolation`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(8)
        try StrategyInC.build(breaks: false, in: place)
        try place.writeSuite(
            server, arms: arms, extra: "plugins: [libtheirs.so]\nmetrics: [accuracy, accuracy-per-kilotoken]")
        var results: [String] = []
        for isolation in ["none", "process", "sandbox"] {
            let result = try place.evalh("run", "suite.yaml", "--isolation", isolation, "--out", isolation)
            #expect(result.status == 0, "\(result.errors)")
            let summary = "\(isolation)/suite/latest/summary.json"
            results.append(try arm("good", place, summary) + arm("theirs", place, summary))
        }
        #expect(Set(results).count == 1)
    }

    @Test func `others' plugins have a process of their own in CI, ours do not`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(2)
        try StrategyInC.build(breaks: false, in: place)
        try place.writeSuite(server, arms: arms, extra: "plugins: [libtheirs.so]")
        #expect(try place.evalh("run", "suite.yaml", environment: ["CI": "true"]).status == 0)
        let lock = try place.json("reports/suite/latest/suite.lock.json")
        #expect(lock["isolation"] as? [String: String] == ["arm theirs": "process"])
        #expect(try place.evalh("run", "suite.yaml", "--out", "here", environment: ["CI": ""]).status == 0)
        #expect(try place.json("here/suite/latest/suite.lock.json")["isolation"] == nil)
    }

    @Test func `workers end when evalh is killed`() throws {
        let server = try MockServer("--latency", "600000")
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(2)
        try StrategyInC.build(breaks: false, in: place)
        try place.writeSuite(
            server, arms: "[org.example.theirs]", extra: "plugins: [libtheirs.so]\nisolation: process")
        let tool = try place.start(["run", "suite.yaml"])
        while workers(of: place).isEmpty { try #require(tool.process.isRunning) }
        kill(tool.process.processIdentifier, SIGKILL)
        _ = try tool.result()
        let deadline = ContinuousClock.now + .seconds(60)
        while !workers(of: place).isEmpty, ContinuousClock.now < deadline {}
        #expect(workers(of: place).isEmpty)
    }

    /// Processes that hold the plugins of a place.
    private func workers(of place: Workplace) -> [String] {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.filter { process in
            guard Int(process) != nil else { return false }
            let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
            let text = String(decoding: line, as: UTF8.self)
            return text.contains("plugin-worker") && text.contains(place.url.lastPathComponent)
        }
    }

    @Test func `a wrong word is told with its place`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(2)
        try place.writeSuite(server, arms: "[{strategy: greedy, isolation: jail}]")
        let result = try place.evalh("validate", "suite.yaml")
        #expect(result.status == 2)
        #expect((result.errors + result.output).contains("suite.yaml:7:"), "\(result.errors)")
        try place.writeSuite(server, arms: "[greedy]")
        #expect(try place.evalh("run", "suite.yaml", "--isolation", "jail").status == 2)
    }
}

/// A strategy of somebody else: it asks once and answers with what came, or breaks.
private enum StrategyInC {
    static let compiler = ["/usr/bin/cc", "/usr/bin/clang", "/usr/local/bin/cc"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    static func build(breaks: Bool, in place: Workplace) throws {
        try place.write(source, to: "theirs.c")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(compiler))
        process.currentDirectoryURL = place.url
        let headers = BuiltBinary.root.appendingPathComponent("Sources/CEvalhPlugin/include").path
        process.arguments = [
            "-std=c11", "-shared", "-fPIC", "-I", headers, breaks ? "-DBREAKS=1" : "-DBREAKS=0", "-o",
            "new.so", "theirs.c",
        ]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let library = place.url.appendingPathComponent("libtheirs.so")
        try? FileManager.default.removeItem(at: library)
        try FileManager.default.moveItem(at: place.url.appendingPathComponent("new.so"), to: library)
    }

    private static let source = #"""
        #include <evalh_plugin.h>
        #include <math.h>
        #include <stdlib.h>

        #define TEXT(s) {s, sizeof s - 1}

        void read_nothing(void) { *(volatile int *)0 = 1; }

        static void *create(const evalh_host *host, void *session) { (void)host; (void)session; return calloc(1, 8); }
        static void destroy(void *instance) { free(instance); }

        static int32_t step(void *instance, const evalh_event *const *events, uint64_t count, const evalh_out *out) {
            uint64_t *seq = instance;
            for (uint64_t k = 0; k < count; k++) {
                if (events[k]->type == EVALH_EVENT_START) {
                    evalh_action_submit ask = {{sizeof ask, EVALH_ACTION_SUBMIT, 0, ++*seq}, .request = 1, .n = 1};
                    out->push(out, &ask.header);
                } else if (events[k]->type == EVALH_EVENT_DONE) {
                    if (BREAKS) read_nothing();
                    const evalh_event_done *done = (const void *)events[k];
                    evalh_action_finish end = {{sizeof end, EVALH_ACTION_FINISH, 0, ++*seq}, done->text, NAN, TEXT("one")};
                    out->push(out, &end.header);
                } else {
                    evalh_action_finish end = {{sizeof end, EVALH_ACTION_FINISH, EVALH_ANSWER_ERROR, ++*seq}, {NULL, 0}, NAN, TEXT("failed")};
                    out->push(out, &end.header);
                }
            }
            return EVALH_OK;
        }

        static void *create_other(evalh_str p, const evalh_text_sink *e) { (void)p; (void)e; return calloc(1, 8); }
        static int32_t grade(void *grader, const evalh_grade_input *input, evalh_grade_output *out) {
            (void)grader; (void)input; (void)out;
            read_nothing();
            return EVALH_OK;
        }
        static const evalh_grader grader = {sizeof grader, 0, create_other, destroy, grade};

        static void *create_metric(evalh_str p, uint64_t s, const evalh_text_sink *e) { (void)s; return create_other(p, e); }
        static int32_t add(void *m, const evalh_session_row *r, const evalh_text_sink *e) { (void)m; (void)r; (void)e; return EVALH_OK; }
        static int32_t result(void *m, const evalh_metric_sink *out, const evalh_text_sink *e) {
            (void)m; (void)out; (void)e;
            read_nothing();
            return EVALH_OK;
        }
        static const evalh_metric metric = {sizeof metric, 0, create_metric, destroy, add, result};

        static void *create_allocator(evalh_str p, const evalh_allocation *a, uint64_t s, const evalh_text_sink *e) {
            (void)a; (void)s;
            return create_other(p, e);
        }
        static int32_t next(void *a, const evalh_allocation_sink *out, const evalh_text_sink *e) {
            (void)a; (void)e;
            out->want(out, 0, 0, 1);
            exit(0);
        }
        static const evalh_allocator allocator = {sizeof allocator, 0, create_allocator, destroy, add, next, NULL, NULL};

        static const evalh_strategy table = {sizeof table, 0, create, step, destroy, NULL};
        #define DESCRIBE(KIND, ID, TABLE) {sizeof(evalh_descriptor), 0, 0, 0, TEXT(KIND), TEXT(ID), TEXT("1.0.0"), TEXT("t"), \
                                           TEXT("d"), TEXT("s"), TEXT("{\"type\":\"object\"}"), TABLE}
        static const evalh_descriptor others[] = {
            DESCRIBE(EVALH_KIND_GRADER, "org.example.grade", &grader), DESCRIBE(EVALH_KIND_METRIC, "org.example.measure", &metric),
            DESCRIBE(EVALH_KIND_ALLOCATOR, "org.example.allocate", &allocator)};
        static const evalh_descriptor descriptor = {
            sizeof descriptor, 0, 0, 0, TEXT(EVALH_KIND_STRATEGY), TEXT("org.example.theirs"), TEXT("1.0.0"), TEXT("t"), TEXT("d"),
            TEXT("s"), TEXT("{\"type\":\"object\"}"), &table};
        static const evalh_descriptor *const descriptors[] = {&descriptor, &others[0], &others[1], &others[2]};
        static const evalh_library library = {sizeof library, EVALH_ABI_MAJOR, EVALH_ABI_MINOR, 0, TEXT("theirs"), TEXT("1.0.0"), NULL, 0,
                                              descriptors, 4, {NULL, 0}};

        EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host);
        EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host) { (void)host; return &library; }
        """#
}
