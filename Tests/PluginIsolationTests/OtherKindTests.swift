import Completions
import PluginHost
import PluginIsolation
import Testing

/// Graders, metrics and allocators in processes of their own.
@Suite(.enabled(if: Hostile.isAvailable, "no C compiler, or evalh is not built"))
struct OtherKindTests {
    private func grader(_ id: String, seconds: Double = 30) throws -> IsolatedGrader {
        try Workplace(seconds: seconds).plugins.grader(
            try Hostile.info(.grader, id), parametersJSON: "{}", .process)
    }

    private func metric(_ id: String, seconds: Double = 30) throws -> IsolatedMetric {
        try Workplace(seconds: seconds).plugins.metric(
            try Hostile.info(.metric, id), parametersJSON: "{}", seed: 1, .process)
    }

    private func allocator(_ id: String, seconds: Double = 30) throws -> IsolatedAllocator {
        let setup = AllocationSetup(itemCount: 3, rows: [.init(arm: "a")], repeats: 1) { "{\"i\":\($0)}" }
        return try Workplace(seconds: seconds).plugins.allocator(
            try Hostile.info(.allocator, id), parametersJSON: "{}", setup: setup, seed: 1, .process)
    }

    private func row(_ item: Int) -> MetricRow { MetricRow(item: item, arm: "a", score: 1) }

    private func message(_ body: () throws -> Void) throws -> String {
        let fault = try #require(throws: PluginFault.self, performing: body)
        #expect(fault.isBreakdown)
        return fault.message
    }

    @Test func `a grader grades, finds and compares`() throws {
        let grader = try grader("never.fine")
        #expect(grader.canExtract)
        #expect(
            try grader.grade(answer: "ab", target: "xy", fieldsJSON: "{}", finish: .stop)
                == Grade(score: 1, strictScore: 1, stage: "length"))
        let found = try grader.extract("ab", fieldsJSON: "{}")
        #expect(found?.answer == "ab" && found?.stage == "all")
        #expect(try grader.areSame("ab", "cd") && !grader.areSame("ab", "c"))
        #expect(grader.expected(target: "t", fieldsJSON: "{}") == "t")
    }

    @Test func `a grader's crash, hang and end are told`() throws {
        #expect(try message { _ = try grader("create.segv") }.contains("in create"))
        let grade = { (id: String, seconds: Double) in
            _ = try grader(id, seconds: seconds).grade(answer: "", target: "", fieldsJSON: "{}", finish: .stop)
        }
        #expect(try message { try grade("grade.segv", 30) }.contains("SIGSEGV"))
        #expect(try message { try grade("grade.hangs", 1) }.contains("did not return within 1 s, in grade"))
        #expect(try message { _ = try grader("extract.segv").extract("a", fieldsJSON: "{}") }.contains("in extract"))
        #expect(try message { _ = try grader("same.exits").areSame("a", "b") }.contains("exit code 0"))
    }

    @Test func `a metric takes many rows`() throws {
        let metric = try metric("never.fine")
        for item in 0..<1000 { try metric.add(row(item)) }
        let values = try metric.result()
        #expect(values.map(\.name) == ["rows"])
        #expect(values.first?.value == 499_500)
        #expect(values.first?.levelIndex == nil)
    }

    @Test func `a metric's crash, hang and end are told`() throws {
        let measure = { (id: String, seconds: Double) in
            let metric = try metric(id, seconds: seconds)
            try metric.add(row(4))
            _ = try metric.result()
        }
        #expect(try message { try measure("create.segv", 30) }.contains("in create"))
        #expect(try message { try measure("add.segv", 30) }.contains("in add at rows of items 4 to 4"))
        #expect(try message { try measure("add.exits", 30) }.contains("exit code 0"))
        #expect(try message { try measure("result.segv", 30) }.contains("in result"))
        #expect(try message { try measure("result.hangs", 1) }.contains("did not return"))
    }

    @Test func `an allocator plans rounds`() throws {
        let allocator = try allocator("never.fine")
        #expect(try allocator.next() == AllocationRound(wishes: [.init(item: 0, row: 0, more: 2)], reason: "because"))
        try allocator.add(row(2))
        #expect(try allocator.next().wishes == [.init(item: 2, row: 0, more: 2)])
        #expect(try allocator.weights() == [1: 0.5])
        #expect(try allocator.result().first?.value == 2)
    }

    @Test func `an allocator's crash, hang and end are told`() throws {
        #expect(try message { _ = try allocator("create.segv") }.contains("in create"))
        #expect(try message { _ = try allocator("next.segv").next() }.contains("in next"))
        #expect(try message { _ = try allocator("next.hangs", seconds: 1).next() }.contains("did not return"))
        #expect(try message { _ = try allocator("weights.exits").weights() }.contains("exit code 0"))
        let adding = try allocator("add.segv")
        try adding.add(row(1))
        #expect(try message { _ = try adding.next() }.contains("in add"))
    }
}
