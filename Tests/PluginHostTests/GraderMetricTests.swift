import Completions
import PluginHost
import Testing

@Suite(.enabled(if: CCompiler.isAvailable, "no C compiler"))
struct GraderMetricTests {
    private static let built = Result {
        let folder = try TemporaryFolder()
        let file = try CCompiler.library(graderMetricSource, name: "libgm.so", in: folder.url)
        let catalog = PluginCatalog(locations: [PluginLocation(path: file, origin: .environment)])
        // Keeps the library open after its file is gone.
        _ = try catalog.grader("org.example.same", parametersJSON: "{}")
        return catalog
    }

    private func grader(_ id: String = "org.example.same") throws -> PluginGrader {
        try Self.built.get().grader(id, parametersJSON: "{}")
    }

    private func metric() throws -> PluginMetric {
        try Self.built.get().metric("org.example.same", parametersJSON: "{}", seed: 5)
    }

    @Test func `a grader gets answer, target, fields and finish, and its texts are repaired`() throws {
        let grader = try grader()
        #expect(
            try grader.grade(answer: "42", target: "42", fieldsJSON: "{}", finish: .stop)
                == Grade(score: 1, strictScore: 1, extracted: "42", stage: "whole", explanation: "ok\u{FFFD}"))
        #expect(try grader.grade(answer: "42", target: "42", fieldsJSON: "{}", finish: .length).score == 0)
        let wrong = try grader.grade(answer: "~42", target: "42", fieldsJSON: #"{"a":"é"}"#, finish: .stop)
        #expect(
            wrong
                == Grade(score: 0, strictScore: 0.5, extracted: "~42", stage: "whole", explanation: #"{"a":"é"}"#)
        )
    }

    @Test func `a grader that fails or leaves the range is a fault`() throws {
        let grader = try grader()
        let failed = #expect(throws: PluginFault.self) {
            try grader.grade(answer: "", target: "1", fieldsJSON: "{}", finish: .stop)
        }
        #expect(failed?.message == "grade failed: nothing to grade")
        let range = #expect(throws: PluginFault.self) {
            try grader.grade(answer: "!", target: "1", fieldsJSON: "{}", finish: .stop)
        }
        #expect(range?.message.contains("score 7.0") == true)
        let refused = #expect(throws: PluginFault.self) {
            try Self.built.get().grader("org.example.same", parametersJSON: #"{"a":1}"#)
        }
        #expect(refused?.message == "create failed: no parameters, please")
    }

    @Test func `extract gives the canonical answer, where a grader has it`() throws {
        let grader = try grader()
        #expect(grader.canExtract)
        let found = try #require(try grader.extract("xyz"))
        #expect(found == ("x", "first"))
        #expect(try grader.extract("") == nil)
        let old = try self.grader("org.example.old")
        #expect(!old.canExtract)
        #expect(try old.extract("xyz") == nil)
    }

    @Test func `a grader says which answers of different bytes mean the same, where it can`() throws {
        let grader = try grader()
        #expect(grader.areSame("x", "X"))
        #expect(!grader.areSame("x", "y"))
        for id in ["org.example.old", "org.example.bytes"] {
            let bytes = try self.grader(id)
            #expect(bytes.areSame("x", "x"))
            #expect(!bytes.areSame("x", "X"))
        }
        #expect(try self.grader("org.example.bytes").extract("xyz")?.answer == "x")
    }

    @Test func `a grader may be used by many threads at once`() async throws {
        let grader = try grader()
        let right = try await withThrowingTaskGroup(of: Bool.self) { group in
            for n in 0..<200 {
                group.addTask {
                    try grader.grade(answer: "\(n)", target: "\(n)", fieldsJSON: "{}", finish: .stop).extracted
                        == "\(n)"
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(right == 200)
    }

    private func row(_ item: Int, _ score: Double?) -> MetricRow {
        MetricRow(
            item: item, arm: "sc", levelJSON: "{\"n\":2}", levelIndex: 1, repeatIndex: 3, score: score,
            measure: SessionMeasure(usage: TokenUsage(completionTokens: 8)))
    }

    @Test func `a metric sees every row and gives its numbers`() throws {
        let metric = try metric()
        try metric.add(row(0, 1))
        try metric.add(row(1, 0))
        try metric.add(row(2, nil))
        let values = try metric.result()
        let value = try #require(values.first)
        #expect(
            value.name == "mean" && value.arm == "sc/{\"n\":2}/1/3/8" && value.levelIndex == 2 && value.value == 0.5)
        #expect(value.ciLow == 0.1 && value.ciHigh == 0.9 && value.standardError == 0.2 && value.n == 2)
        #expect(value.method == "wald" && value.detailJSON == "{}")
        let old = try #require(values.last)
        #expect(old.value == 5 && old.levelIndex == nil && old.ciLow == nil && old.n == nil && old.method.isEmpty)
    }

    @Test func `a metric that fails is a fault`() throws {
        let metric = try metric()
        let refused = #expect(throws: PluginFault.self) { try metric.add(row(99, 1)) }
        #expect(refused?.message.contains("item 99 is odd") == true)
        for item in 0..<3 { try metric.add(row(item, 1)) }
        let fault = #expect(throws: PluginFault.self) { try metric.result() }
        #expect(fault?.message.contains("struct_size 8") == true)
        #expect(throws: PluginFault.self) {
            try Self.built.get().metric("org.example.same", parametersJSON: "", seed: 0)
        }
    }

    private func allocator(_ id: String = "org.example.same", _ parameters: String = "{}") throws -> PluginAllocator {
        try Self.built.get().allocator(
            id, parametersJSON: parameters,
            setup: AllocationSetup(
                itemCount: 4, rows: [.init(arm: "a"), .init(arm: "b", levelJSON: "{\"n\":1}", levelIndex: 2)],
                repeats: 3,
                itemFields: { "{\"item\":\($0)}" }), seed: 1)
    }

    @Test func `an allocator learns what there is, wants sessions, and ends`() throws {
        let allocator = try self.allocator()
        let round = try allocator.next()
        #expect(round.wishes == [.init(item: 3, row: 0, more: 3), .init(item: 3, row: 1, more: 3)])
        #expect(round.reason == "{\"item\":3} b@2")
        try allocator.add(row(3, 1))
        #expect(try allocator.next().wishes.isEmpty)
        #expect(try allocator.weights() == [3: 1.5])
        #expect(try allocator.result().map(\.value) == [1])
        #expect(
            try Self.built.get().vocabulary.entry(.allocator, "org.example.same")?.outputs == ["added", "left_over"])
    }

    @Test func `an allocator that fails or wants what there is not is a fault with its words`() throws {
        let refused = #expect(throws: PluginFault.self) { try self.allocator("org.example.same", "") }
        #expect(refused?.message.contains("no parameters, please") == true)
        let allocator = try self.allocator()
        let failed = #expect(throws: PluginFault.self) { try allocator.add(row(0, nil)) }
        #expect(failed?.message.contains("no errors, please") == true)
        for item in 0..<3 { try allocator.add(row(item, 1)) }
        let strayed = #expect(throws: PluginFault.self) { try allocator.next() }
        #expect(strayed?.message.contains("item 4 of 2 rows and 4 items") == true)
        #expect(throws: PluginFault.self) { try allocator.weights() }
    }

    @Test func `an allocator may do without weights and numbers`() throws {
        let allocator = try self.allocator("org.example.bare")
        #expect(try allocator.next().wishes.count == 2)
        #expect(try allocator.weights().isEmpty)
        #expect(try allocator.result().isEmpty)
    }
}
