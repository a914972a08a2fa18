import EvalhPluginKit
import Foundation
import Testing

struct ShippedRegretTests {
    /// One item's sessions at each level: tokens, and how many of how many repeats are right.
    private func item(_ item: Int, arm: String = "a", _ levels: [(tokens: Int, right: Int, of: Int)]) -> [SessionRow] {
        levels.enumerated().flatMap { index, level in
            (0..<level.of).map { number in
                SessionRow(
                    item: item, arm: arm, level: "{\"n\":\(index)}", levelIndex: index, repeatIndex: number,
                    score: number < level.right ? 1 : 0, usage: Usage(promptTokens: 100, completionTokens: level.tokens)
                )
            }
        }
    }

    private func run(_ id: String, _ parameters: String, _ rows: [SessionRow]) throws -> MetricRun {
        try MetricRun(id, parameters, rows)
    }

    private func run(_ id: String, _ rows: [SessionRow]) throws -> MetricRun { try run(id, "{}", rows) }

    private var card: [SessionRow] { item(0, [(1000, 1, 4), (2000, 2, 4), (4000, 3, 4)]) }

    @Test func `regret is the card's at each budget`() throws {
        let run = try run("regret", #"{"budgets": [8000, 2000, 3000, 4000]}"#, card)
        let detail = try run.detail("regret")
        #expect(detail["budgets"] as? [Double] == [2000, 3000, 4000, 8000])
        let regret = try #require(detail["regret"] as? [Double])
        for (value, expected) in zip(regret, [0.75, 0.645833, 0.5625, 0.40625]) { #expect(near(value, expected, 1e-6)) }
        #expect(near(try run.number("regret"), 0.40625), "the value is that of the largest budget")
        #expect(detail["points"] as? [[Double]] == [[1000, 0.25], [2000, 0.5], [4000, 0.75]])
        #expect(detail["progress"] as? [Double] == [0.25, 0.25])
    }

    @Test func `regret is the mean over items, with the levels' mean tokens as budgets`() throws {
        let run = try run("regret", item(0, [(100, 1, 1), (300, 1, 1)]) + item(1, [(300, 0, 1), (500, 0, 1)]))
        let detail = try run.detail("regret")
        #expect(detail["budgets"] as? [Double] == [200, 400])
        // The first item: up to 100 a triangle, then right; the second is never right.
        let regret = try #require(detail["regret"] as? [Double])
        #expect(near(regret[0], (0.25 + 1) / 2) && near(regret[1], (0.125 + 1) / 2))
        let value = try run.value("regret")
        #expect(value.n == 2 && value.levelIndex == nil && value.method == "BCa bootstrap over items")
        #expect((value.low ?? 2) <= (value.value ?? 0) && (value.high ?? -1) >= (value.value ?? 1))
        #expect((detail["ci_low"] as? [Double])?.count == 2)
    }

    @Test func `total tokens count the prompt`() throws {
        let run = try run("regret", #"{"cost": "total"}"#, card)
        #expect(try run.detail("regret")["budgets"] as? [Double] == [1100, 2100, 4100])
    }

    @Test func `an arm without levels is one point, on a line from the origin`() throws {
        let rows = (0..<4).map {
            SessionRow(item: $0, arm: "a", score: $0 == 0 ? 0 : 1, usage: Usage(completionTokens: 50))
        }
        let run = try run("regret", rows)
        #expect(run.values.map(\.name) == ["regret"])
        #expect(near(try run.number("regret"), 1 - 0.75 / 2))
    }

    @Test func `items that miss a level and failed sessions are left out and counted`() throws {
        let failed = SessionRow(item: 2, arm: "a", levelIndex: 2, score: nil)
        let run = try run("regret", card + item(1, [(1, 1, 1)]) + item(2, [(5, 1, 1), (6, 1, 1)]) + [failed])
        #expect(try run.value("regret").n == 1)
        #expect(try run.detail("regret")["items_left_out"] as? Int == 2)
        #expect(try run.detail("regret")["errors"] as? Int == 1)
        let none = try self.run(
            "regret", item(0, [(1, 1, 1)]) + [SessionRow(item: 0, arm: "a", levelIndex: 1, score: nil)])
        #expect(try none.refusal("regret") == "no item has a graded session at every level")
        #expect(try none.refusal("progress", level: 1) == "no item has a graded session at every level")
    }

    @Test func `sessions that use nothing have no budget to regret`() throws {
        let rows = item(0, [(0, 1, 1), (0, 1, 1)])
        #expect(try run("regret", rows).refusal("regret")?.hasPrefix("its sessions used no tokens") == true)
        #expect(near(try run("regret", #"{"budgets": [10]}"#, rows).number("regret"), 0))
    }

    @Test func `progress is what each level adds to the one before, item by item`() throws {
        let rows =
            item(0, [(1, 0, 1), (2, 1, 1), (3, 1, 1)]) + item(1, [(1, 0, 1), (2, 1, 1), (3, 0, 1)])
            + item(2, [(1, 1, 1), (2, 1, 1), (3, 1, 1)])
        let run = try run("regret", rows)
        #expect(near(try run.number("progress", level: 1), 2.0 / 3))
        #expect(near(try run.number("progress", level: 2), -1.0 / 3))
        // Student's t on 1, 1, 0: 4.3027 · √(1/3 / 3).
        #expect(near(try run.value("progress", level: 1).high, 2.0 / 3 + 4.302653 / 3, 1e-5))
        #expect(run.values.count { $0.name == "progress" } == 2)
    }

    @Test func `s1's scaling is the card's, its performance the best level`() throws {
        let rows = (0..<10).flatMap { number in
            item(
                number,
                [(500, 2), (1000, 3), (2000, 4), (4000, 5)].map { (tokens: $0.0, right: number < $0.1 ? 1 : 0, of: 1) })
        }
        let run = try run("s1-scaling", #"{"a_min": 1000, "a_max": 2000}"#, rows)
        #expect(near(try run.number("s1_scaling"), 1.0595238e-4, 1e-11))
        #expect(near(try run.number("s1_performance"), 0.5))
        #expect(near(try run.number("s1_control"), 0.5))
        for value in run.values {
            #expect((value.low ?? 2) < (value.value ?? 0) && (value.high ?? -1) > (value.value ?? 1) && value.n == 10)
        }
    }

    @Test func `control counts every session within the bounds, at either end too`() throws {
        let rows =
            card + [SessionRow(item: 1, arm: "a", levelIndex: 0, score: nil, usage: Usage(completionTokens: 1500))]
        #expect(near(try run("s1-scaling", #"{"a_min": 2000}"#, rows).number("s1_control"), 2.0 / 3))
        #expect(near(try run("s1-scaling", #"{"a_max": 1999}"#, rows).number("s1_control"), 1.0 / 3))
        #expect(
            try run("s1-scaling", rows).refusal("s1_control")
                == "the suite gives neither a_min nor a_max; give one under `with`")
    }

    @Test func `levels that cost the same have a performance and no scaling`() throws {
        let run = try run("s1-scaling", item(0, [(10, 1, 2), (10, 1, 1)]) + item(1, [(10, 0, 1), (10, 1, 1)]))
        #expect(try run.refusal("s1_scaling") == "it needs two levels that differ in mean tokens")
        #expect(near(try run.number("s1_performance"), 1))
        let performance = try run.value("s1_performance")
        #expect((performance.low ?? 1) < 0.5 && performance.high == 1, "two items are no certainty")
    }

    @Test(arguments: [
        ("regret", #"{"budgets": [0]}"#, "the parameter budgets has 0.0; each must be above 0 and at most 1e12 tokens"),
        (
            "regret", #"{"cost": "words"}"#,
            "the parameter cost must be one of completion, total, reasoning, not \"words\""
        ),
        ("s1-scaling", #"{"a_min": 5, "a_max": 4}"#, "the parameter a_min (5.0) is above a_max (4.0)"),
        ("s1-scaling", #"{"a_min": -1}"#, "the parameter a_min must be at least 0, not -1"),
    ]) func `parameters that mean nothing are refused with their name`(
        _ id: String, _ parameters: String, _ text: String
    ) {
        #expect(message { _ = try run(id, parameters, []) } == text)
    }
}
