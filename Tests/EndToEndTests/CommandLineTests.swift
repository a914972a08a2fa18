import Foundation
import Testing

/// The built binary against a mock model server over real sockets.
@Suite(.serialized) struct CommandLineTests {
    @Test func `a run ends with its reports and exit code 0`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(40)
        try place.writeSuite(
            server,
            arms: """

                  - greedy
                  - {id: sc, strategy: self-consistency, with: {samples: 5}}
                  - {id: ac, strategy: adaptive-consistency, with: {max_samples: 10}}
                """,
            extra: "gates: [\"errors(greedy) == 0\", \"accuracy(sc) >= 0.2\"]\nseed: 9007199254740993")
        let result = try place.evalh("run", "suite.yaml", "--json")
        #expect(result.status == 0, "\(result.errors)")
        let summary = try place.json("reports/suite/latest/summary.json")
        #expect(summary["status"] as? String == "complete")
        let arms = try #require(summary["arms"] as? [[String: Any]])
        #expect(arms.count == 3)
        // Recount from samples.jsonl.
        var right: [String: Double] = [:]
        for line in try place.text("reports/suite/latest/samples.jsonl").split(separator: "\n") {
            let row = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            right[try #require(row["arm"] as? String), default: 0] += try #require(row["score"] as? Double)
        }
        for arm in arms {
            let metrics = try #require(arm["metrics"] as? [String: [String: Any]])
            let accuracy = try #require(metrics["accuracy"]?["value"] as? Double)
            #expect(accuracy == right[try #require(arm["id"] as? String)].map { $0 / 40 })
        }
        let printed = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(printed["run_id"] as? String == summary["run_id"] as? String)
        for file in ["summary.md", "junit.xml", "report.html", "suite.lock.json", "journal.sqlite"] {
            #expect(
                FileManager.default.fileExists(
                    atPath: place.url.appendingPathComponent("reports/suite/latest/\(file)").path))
        }
        let lock = try place.text("reports/suite/latest/suite.lock.json")
        #expect(lock.contains("\"seed\" : 9007199254740993\n"), "no digit of the seed is lost")
        // Samples were shared: sc drew five, ac at most ten of the same row, greedy one of its own.
        #expect(try server.count("completions_paid") <= 40 * 11)
        #expect(try server.count("duplicates") == 0)
    }

    @Test func `a suite with eight mistakes gets eight located errors, exit 2 and sends no request`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(3)
        try place.write(
            """
            evalh: 1
            name: bad
            dataset: {path: items.jsonl, feilds: {input: question, target: answer}, limit: many}
            prompt: {user: "{{ input }}", sistem: "x"}
            models: {main: {provider: openia, base_url: "\(server.url)/v1", model: mock}}
            sampling: {temperature: -1, max_tokens: 0}
            arms: [gredy, {id: sc, strategy: self-consistency, with: {sampels: 5}}]
            grader: {use: numerik}

            """, to: "suite.yaml")
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 2)
        let located = result.errors.split(separator: "\n").filter {
            $0.contains("suite.yaml:") && $0.contains(": error:")
        }
        #expect(located.count >= 8, "\(result.errors)")
        for hint in ["fields", "system", "openai", "greedy", "samples", "numeric"] {
            #expect(result.errors.contains(hint))
        }
        #expect(try server.count("requests") == 0)
        #expect(!FileManager.default.fileExists(atPath: place.url.appendingPathComponent("reports").path))
    }

    @Test func `exit codes tell why a run ended`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(20)
        try place.writeSuite(server, arms: "[greedy]", extra: "gates: [\"accuracy(greedy) >= 0.999\"]")
        #expect(try place.evalh("run", "suite.yaml").status == 1)
        try place.writeSuite(server, arms: "[greedy]", extra: "budget: {tokens: 700}")
        #expect(try place.evalh("run", "suite.yaml").status == 5)
        #expect(try place.evalh("resume", "reports/suite/latest", "--set", "budget.tokens=1_000_000").status == 0)
        #expect(try place.evalh("run", "nosuch.yaml").status == 2)
        #expect(try place.evalh("run", "--nonsense").status == 2)
        #expect(try place.evalh("--help").status == 0)
        server.stop()
        #expect(
            try place.evalh("run", "suite.yaml", "--set", "models.main.base_url=\"http://127.0.0.1:9/v1\"").status == 6)
    }

    @Test func `a run that is graded anew is that grader's from then on`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(12)
        try place.writeSuite(server, arms: "[greedy]")
        #expect(try place.evalh("run", "suite.yaml", "--set", "budget.tokens=400").status == 5)
        let asked = try server.count("completions_paid")
        func grader() throws -> String? {
            (try place.json("reports/suite/latest/summary.json")["provenance"] as? [String: String])?["grader"]
        }
        #expect(try grader() == "numeric")
        let scored = try place.evalh("score", "reports/suite/latest", "--grader", "exact")
        #expect(scored.errors.contains("sessions graded again by exact"), "\(scored.errors)")
        #expect(try grader() == "exact")
        #expect(try server.count("completions_paid") == asked, "no model is asked")
        // Who goes on with it goes on with the new grader: no target is what the mock server writes around its number.
        let resumed = try place.evalh("resume", "reports/suite/latest", "--set", "budget.tokens=1_000_000")
        #expect(resumed.status == 0, "\(resumed.errors)")
        var scores: Set<Double> = []
        for line in try place.text("reports/suite/latest/samples.jsonl").split(separator: "\n") {
            let row = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            scores.insert(try #require(row["score"] as? Double))
        }
        #expect(scores == [0])
        #expect(try grader() == "exact")
        // Back again.
        #expect(try place.evalh("score", "reports/suite/latest", "--set", "grader={use: numeric}").status == 0)
        #expect(try grader() == "numeric")
        let refused = try place.evalh("score", "reports/suite/latest", "--set", "sampling.temperature=0")
        #expect(refused.status == 2 && refused.errors.contains("score changes the grader alone"), "\(refused.errors)")
    }

    @Test func `a run told twice at once to end still ends cleanly and can be resumed`() throws {
        let server = try MockServer("--latency", "20")
        let place = try Workplace()
        defer { place.remove() }
        // Enough that the run is under way for seconds after the first twenty, however busy this machine is.
        try place.writeItems(1500)
        try place.writeSuite(server, arms: "[greedy]")
        let tool = try place.start(["run", "suite.yaml"])
        while tool.process.isRunning, try server.count("completions_paid") < 20 {}
        for _ in 0..<2 { kill(tool.process.processIdentifier, SIGTERM) }
        let result = try tool.result()
        #expect(result.status == 130)
        #expect(result.errors.contains("evalh resume"))
        #expect(try place.json("reports/suite/latest/summary.json")["status"] as? String == "incomplete")
        #expect(try place.evalh("resume", "reports/suite/latest").status == 0)
        #expect(try place.json("reports/suite/latest/summary.json")["status"] as? String == "complete")
    }

    @Test func `retries get through rate limits and broken connections`() throws {
        let server = try MockServer(
            "--fault", "429:0.2:1", "--fault", "close:0.1:1", "--fault", "500:0.1:1", "--retry-after", "0",
            "--fault-seed", "3")
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(60)
        try place.writeSuite(
            server, arms: "[{id: sc, strategy: self-consistency, with: {samples: 3}}]",
            extra: "gates: [\"errors(sc) == 0\"]")
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 0, "\(result.errors)")
        #expect(try server.count("completions_paid") == 180)
    }

    @Test func `a key never reaches a file or the terminal`() throws {
        let server = try MockServer("--api-key", "sk-very-secret-0123456789")
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(4)
        try place.writeSuite(server, arms: "[greedy]")
        let suite = try place.text("suite.yaml").replacingOccurrences(
            of: "model: mock", with: "model: mock, api_key_env: TEST_KEY")
        try place.write(suite, to: "suite.yaml")
        let good = try place.evalh("run", "suite.yaml", environment: ["TEST_KEY": "sk-very-secret-0123456789"])
        #expect(good.status == 0, "\(good.errors)")
        let bad = try place.evalh("run", "suite.yaml", environment: ["TEST_KEY": "sk-wrong-9876543210"])
        #expect(bad.status == 6)
        let files = try #require(FileManager.default.enumerator(at: place.url, includingPropertiesForKeys: nil))
        for case let file as URL in files {
            guard let data = try? Data(contentsOf: file) else { continue }
            #expect(data.range(of: Data("very-secret".utf8)) == nil, "\(file.path)")
            #expect(data.range(of: Data("wrong-987".utf8)) == nil, "\(file.path)")
        }
    }

    @Test func `hostile output costs one error and stays text`() throws {
        let server = try MockServer("--fault", "hugeline:0.5:99", "--fault", "badjson:0.3:99", "--fault-seed", "1")
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(6)
        try place.writeSuite(server, arms: "[deer]")
        let deadlines = "models.main.deadlines={connect: 2s, first_byte: 5s, idle: 3s, total: 20s}"
        let result = try place.evalh("run", "suite.yaml", "--set", deadlines)
        #expect([0, 6].contains(result.status), "\(result.status) \(result.errors)")
        let summary = try place.json("reports/suite/latest/summary.json")
        let arm = try #require((summary["arms"] as? [[String: Any]])?.first)
        #expect((arm["sessions"] as? Int) == 6)
    }

    @Test func `a strategy in C, built outside the package against the header alone, loads and runs`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        let headers = "Sources/CEvalhPlugin/include/evalh_plugin"
        for file in [headers + ".h", headers, "examples/plugins/c/first-vote.c"] {
            let source = BuiltBinary.root.appendingPathComponent(file)
            try FileManager.default.copyItem(at: source, to: place.url.appendingPathComponent(source.lastPathComponent))
        }
        let compiler = try RunningTool(
            URL(fileURLWithPath: "/usr/bin/env"),
            [
                "cc", "-std=c11", "-shared", "-fPIC", "-fvisibility=hidden", "-I.", "-o", "libfirst-vote.so",
                "first-vote.c",
            ],
            folder: place.url)
        #expect(try compiler.result().status == 0)
        try place.writeItems(10)
        try place.writeSuite(server, arms: "[org.example.first-vote]", extra: "plugins: [libfirst-vote.so]")
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func `validate, plan, schema and plugin info work without a network`() throws {
        let place = try Workplace()
        defer { place.remove() }
        let server = try MockServer()
        try place.writeItems(10)
        try place.writeSuite(server, arms: "[greedy, {id: sc, strategy: self-consistency, levels: {samples: [1, 2]}}]")
        server.stop()
        #expect(try place.evalh("validate", "suite.yaml").status == 0)
        let plan = try place.evalh("plan", "suite.yaml", "--json")
        #expect(plan.status == 0, "\(plan.errors)")
        #expect(plan.output.contains("\"sessions\" : 30"))
        #expect(try place.evalh("schema", "suite").output.contains("$schema"))
        #expect(try place.evalh("doctor").output.contains("evalh-reference-server (provider: reference)\n"))
        let list = try place.evalh("plugin", "list", "--json")
        let plugins = try #require(JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]])
        func ids(_ kind: String) -> [String] {
            plugins.filter { $0["kind"] as? String == kind }.compactMap { $0["id"] as? String }.sorted()
        }
        let shipped = [
            "a2fm-router", "adaptive-consistency", "adaptive-inference-compute", "adaptive-temperature", "atts",
            "bandit", "best-of-n",
            "budget-forcing", "cascade", "ce-collm", "compute-optimal", "compute-optimal-oracle", "confidence-vote",
            "deepconf", "deer",
            "dsc",
            "dynasor", "entropy-adaptive", "esc", "given", "greedy", "min-p-sweep", "oracle", "q-exit", "router",
            "runaway-guard",
            "self-consistency", "services-tour",
            "speculative", "sprt", "subject", "weighted-best-of-n", "zip-rc",
        ]
        #expect(ids("strategy") == shipped)
        #expect(ids("allocator") == ["active-items", "arise-sampling", "decided", "fixed"])
        #expect(
            ids("metric") == [
                "accuracy-per-kilotoken", "arise", "calibration", "cost-of-pass", "eflops", "g-pass-at-k", "maj-at-k",
                "model-work",
                "parscale", "pass-at-k", "rag-allocation", "regret", "s1-scaling", "saturation", "selective-accuracy",
                "sigmoid",
                "work-spread",
            ])
        for plugin in plugins {
            let id = try #require(plugin["id"] as? String)
            #expect((plugin["version"] as? String)?.split(separator: ".").count == 3, "\(id)")
            #expect((plugin["source"] as? String)?.isEmpty == false, "\(id)")
            #expect(plugin["needs"] is [String], "\(id)")
            #expect(
                ["greedy", "eflops", "model-work", "work-spread"].contains(id) || plugin["parameters"] is [String: Any],
                "\(id)")
        }
        #expect(try place.evalh("plugin", "info", "deer").output.contains("2504.15895"))
        #expect(try place.evalh("plugin", "info", "arise").output.contains("values      arise, slope, slope_pairs\n"))
        #expect(try place.evalh("plugin", "info", "numeric").output.contains("tolerance"))
    }
}
