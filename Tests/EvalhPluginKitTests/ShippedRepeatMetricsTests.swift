import EvalhPluginKit
import Foundation
import Testing

struct ShippedRepeatMetricsTests {
    /// An item's repeats, one a letter: "1" right, "0" wrong, "e" failed; other letters are answers, "a" the right one,
    /// "-" none.
    private func rows(_ item: Int, _ repeats: String, arm: String = "a", level: Int? = nil) -> [SessionRow] {
        repeats.enumerated().map { index, letter in
            let score: Double? = letter == "e" ? nil : letter == "1" || letter == "a" ? 1 : 0
            return SessionRow(
                item: item, arm: arm, levelIndex: level, repeatIndex: index, score: score,
                answer: "-e01".contains(letter) ? "" : String(letter))
        }
    }

    private func run(_ id: String, _ parameters: String, _ rows: [SessionRow]) throws -> MetricRun {
        try MetricRun(id, parameters, rows)
    }

    private func run(_ id: String, _ rows: [SessionRow]) throws -> MetricRun { try run(id, "{}", rows) }

    @Test func `pass at k is the mean of the items' exact chances`() throws {
        let run = try run("pass-at-k", #"{"k": [1, 4]}"#, rows(0, "1110000000000000") + rows(1, "0001"))
        #expect(run.values.map(\.name) == ["pass_at_1", "pass_at_4"])
        #expect(near(try run.number("pass_at_4"), (0.607143 + 1) / 2, 1e-6))
        #expect(near(try run.number("pass_at_1"), (3.0 / 16 + 1.0 / 4) / 2))
        #expect(try run.value("pass_at_4").n == 2)
    }

    @Test func `items with too few graded repeats are left out and counted`() throws {
        let run = try run("pass-at-k", #"{"k": [2, 8]}"#, rows(0, "10000000") + rows(1, "1111") + rows(2, "1eeeeeee"))
        #expect(near(try run.number("pass_at_8"), 1))
        #expect(try run.value("pass_at_8").n == 1)
        #expect(try run.detail("pass_at_8")["items_left_out"] as? Int == 2)
        #expect(try run.detail("pass_at_2")["items_left_out"] as? Int == 1)
        #expect(try run.detail("pass_at_2")["errors"] as? Int == 7)
        #expect(near(try run.number("pass_at_2"), (0.25 + 1) / 2))
    }

    @Test func `without an item that has k repeats there is no value but a reason`() throws {
        let run = try run("pass-at-k", #"{"k": [4]}"#, rows(0, "11") + rows(1, "1e1"))
        let reason = "no item has 4 graded repeats, the most is 2; raise the suite's repeats or ask for a smaller k"
        #expect(try run.refusal("pass_at_4") == reason)
    }

    @Test func `each level of each arm has its own numbers`() throws {
        var all: [SessionRow] = []
        for item in 0..<3 {
            all += rows(item, "01", arm: "b") + rows(item, "00", level: 1) + rows(item, "11", level: 0)
        }
        let run = try run("pass-at-k", #"{"k": [1]}"#, all)
        #expect(run.values.map(\.arm) == ["b", "a", "a"] && run.values.map(\.levelIndex) == [nil, 0, 1])
        #expect(run.values.map(\.value) == [0.5, 1, 0])
    }

    @Test func `a score counts as right from where the suite says`() throws {
        let half = [0.5, 0.49].enumerated().map { SessionRow(item: 0, arm: "a", repeatIndex: $0, score: $1) }
        #expect(try run("pass-at-k", #"{"k": [1], "right_from": 0.5}"#, half).number("pass_at_1") == 0.5)
        #expect(try run("pass-at-k", #"{"k": [1]}"#, half).number("pass_at_1") == 0)
    }

    @Test func `the interval holds the value, and is not empty where all items agree`() throws {
        let run = try run("pass-at-k", #"{"k": [1, 2]}"#, (0..<20).flatMap { rows($0, $0 % 2 == 0 ? "11" : "10") })
        for name in ["pass_at_1", "pass_at_2"] {
            let value = try run.value(name)
            let (low, high) = (try #require(value.low), try #require(value.high))
            #expect(low < value.value ?? 0 && low > 0.5 && high >= value.value ?? 2 && high <= 1)
        }
        #expect(try run.number("pass_at_2") == 1)
    }

    @Test func `results may be asked for while rows still come`() throws {
        let metric = try ShippedPlugins.metric("pass-at-k", #"{"k": [2]}"#)
        let all = rows(0, "10") + rows(1, "00") + rows(2, "11")
        for row in all.prefix(3) { try metric.add(row) }
        #expect(try metric.result().first?.value == 1)
        for row in all.dropFirst(3) { try metric.add(row) }
        #expect(near(try metric.result().first?.value, 2.0 / 3))
        #expect(try metric.result() == run("pass-at-k", #"{"k": [2]}"#, all).values)
    }

    @Test(arguments: [
        ("pass-at-k", #"{"k": []}"#, "the parameter k is empty; give at least one number of samples, such as [1, 4]"),
        ("maj-at-k", #"{"k": [0]}"#, "the parameter k has 0; each must be from 1 to 1024"),
        ("pass-at-k", #"{"k": [2, 2]}"#, "the parameter k has a number twice"),
        ("g-pass-at-k", #"{"k": [1]}"#, "the parameter k has 1; each must be from 2 to 1024"),
        ("g-pass-at-k", #"{"tau": [1.5]}"#, "the parameter tau has 1.5; each must be from 0 to 1"),
        ("pass-at-k", #"{"right_from": 2}"#, "the parameter right_from must be at most 1, not 2"),
        ("maj-at-k", #"{"ks": [2]}"#, "unknown parameter ks; known are k"),
    ]) func `parameters that mean nothing are refused with their name`(
        _ id: String, _ parameters: String, _ text: String
    ) {
        #expect(message { _ = try run(id, parameters, []) } == text)
    }

    @Test func `the majority at k is exact, and sessions without an answer do not vote`() throws {
        // aab: of two samples aa wins (1/3), ab is a tie of two.
        let run = try run("maj-at-k", #"{"k": [1, 2, 3]}"#, rows(0, "aab") + rows(1, "a--"))
        #expect(near(try run.number("maj_at_1"), (2.0 / 3 + 1.0 / 3) / 2))
        #expect(near(try run.number("maj_at_2"), ((1.0 + 2 * 0.5) / 3 + 2.0 / 3) / 2))
        #expect(near(try run.number("maj_at_3"), 1))
    }

    @Test func `an answer scores the mean of its sessions`() throws {
        let judged = [1.0, 0.5, 0].enumerated().map {
            SessionRow(item: 0, arm: "a", repeatIndex: $0, score: $1, answer: $0 < 2 ? "x" : "y")
        }
        #expect(near(try run("maj-at-k", #"{"k": [3]}"#, judged).number("maj_at_3"), 0.75))
    }

    @Test func `a vote without answers is refused, and pass at k is not`() throws {
        let silent = rows(0, "11") + rows(1, "10")
        let reason = "no session has a canonical answer to vote with; use a grader that extracts answers"
        #expect(try run("maj-at-k", #"{"k": [2]}"#, silent).refusal("maj_at_2") == reason)
        #expect(try run("pass-at-k", #"{"k": [2]}"#, silent).refusal("pass_at_2") == nil)
    }

    @Test func `G-Pass asks for a share of the samples, and its mean for the upper half of shares`() throws {
        // n = 4, c = 2: of the 6 pairs 5 have a right one and 1 has two.
        let run = try run("g-pass-at-k", #"{"k": [2, 4], "tau": [0, 0.5, 1]}"#, rows(0, "1100"))
        #expect(near(try run.number("g_pass_at_2_0.0"), 5.0 / 6))
        #expect(near(try run.number("g_pass_at_2_0.5"), 5.0 / 6))
        #expect(near(try run.number("g_pass_at_2_1.0"), 1.0 / 6))
        #expect(near(try run.number("mg_pass_at_2"), 1.0 / 6))
        #expect(near(try run.number("g_pass_at_4_0.5"), 1))
        #expect(try run.number("mg_pass_at_4") == 0, "three and four of four are never right")
    }

    @Test(arguments: ["pass-at-k", "maj-at-k", "g-pass-at-k"]) func `gates can name what the defaults give`(
        _ id: String
    ) throws {
        let plugin = try ShippedPlugins.plugin(id)
        let names = Set(try run(id, "{}", rows(0, "aaaaaaaa")).values.map(\.name))
        let declared = plugin.descriptor.outputs
        #expect(
            !names.isEmpty
                && names.allSatisfy { name in
                    declared.contains { $0 == name || $0.hasSuffix("*") && name.hasPrefix($0.dropLast()) }
                })
        #expect(plugin.descriptor.outputs.joined(separator: " ").utf8.count < 4096)
    }
}
