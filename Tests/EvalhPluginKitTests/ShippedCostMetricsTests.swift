import EvalhPluginKit
import Foundation
import Testing

struct ShippedCostMetricsTests {
    private func row(
        _ item: Int, arm: String = "a", _ score: Double?, tokens: Int = 0, prompt: Int = 0, usd: Double? = nil,
        seconds: Double = 0,
        eflops: Double? = nil, repeatIndex: Int = 0
    ) -> SessionRow {
        SessionRow(
            item: item, arm: arm, repeatIndex: repeatIndex, score: score,
            usage: Usage(promptTokens: prompt, completionTokens: tokens), usd: usd, criticalPathSeconds: seconds,
            eflops: eflops)
    }

    private func run(_ id: String, _ parameters: String, _ rows: [SessionRow]) throws -> MetricRun {
        try MetricRun(id, parameters, rows)
    }

    private func run(_ id: String, _ rows: [SessionRow]) throws -> MetricRun { try run(id, "{}", rows) }

    @Test func `the cost of pass is the card's`() throws {
        let run = try run("cost-of-pass", #"{"cost": "usd"}"#, (0..<50).map { row($0, $0 % 5 < 2 ? 1 : 0, usd: 0.02) })
        let value = try run.value("cost_of_pass")
        #expect(near(value.value, 0.05) && value.n == 50)
        #expect((value.low ?? 1) < 0.05 && (value.high ?? 0) > 0.05)
        let detail = try value.detail
        #expect(near(detail["mean_cost"] as? Double, 0.02) && near(detail["success"] as? Double, 0.4))
        #expect(detail["items_never_passed"] as? Int == 30 && near(detail["mean_over_passed_items"] as? Double, 0.02))
    }

    @Test func `every kind of cost is counted by its name`() throws {
        let rows = [row(0, 1, tokens: 10, prompt: 5, usd: 3, seconds: 7, eflops: 1e12)]
        for (cost, value) in [("tokens", 10.0), ("total_tokens", 15), ("usd", 3), ("seconds", 7), ("eflops", 1e12)] {
            #expect(near(try run("cost-of-pass", "{\"cost\": \"\(cost)\"}", rows).number("cost_of_pass"), value, 1e-3))
        }
    }

    @Test func `where nothing passes the cost is infinite and not a number`() throws {
        let run = try run("cost-of-pass", [row(0, 0, tokens: 10), row(1, 0.9, tokens: 10), row(2, nil)])
        #expect(try run.refusal("cost_of_pass") == "nothing passes: a right answer costs infinitely much")
        #expect(try run.detail("cost_of_pass")["infinite"] as? Bool == true)
        #expect(try run.detail("cost_of_pass")["errors"] as? Int == 1)
        #expect(try run.refusal("cost_of_pass_frontier", arm: "")?.hasPrefix("no arm gets 2 of 2 items right") == true)
        let failed = try self.run("cost-of-pass", [row(0, nil)])
        #expect(try failed.refusal("cost_of_pass") == "no session was graded")
    }

    @Test func `where resamples may have nothing that passes the interval is open upwards`() throws {
        let value = try run("cost-of-pass", (0..<10).map { row($0, $0 == 0 ? 1 : 0, tokens: 10) }).value("cost_of_pass")
        #expect(near(value.value, 100) && value.low != nil && value.high == nil)
    }

    @Test func `the frontier takes the cheapest way to each item`() throws {
        var rows: [SessionRow] = []
        for repeatIndex in 0..<2 { rows.append(row(0, repeatIndex == 0 ? 1 : 0, tokens: 10, repeatIndex: repeatIndex)) }
        rows += [row(0, arm: "b", 1, tokens: 30), row(1, 0, tokens: 10), row(1, arm: "b", 1, tokens: 50)]
        let run = try run("cost-of-pass", rows)
        #expect(near(try run.number("cost_of_pass_frontier", arm: ""), (20.0 + 50) / 2))
        #expect(near(try run.number("cost_of_pass"), 30))
        #expect(near(try run.number("cost_of_pass", arm: "b"), 40))
        let human = try self.run("cost-of-pass", #"{"human_cost": 25}"#, rows + [row(2, 0, tokens: 1)])
        #expect(near(try human.number("cost_of_pass_frontier", arm: ""), (20.0 + 25 + 25) / 3))
    }

    @Test func `an unknown cost names the arm and what to add`() throws {
        let usd = message { _ = try run("cost-of-pass", #"{"cost": "usd"}"#, [row(0, arm: "sc8", 1)]) }
        #expect(
            usd
                == "the arm sc8 has a session of unknown cost in US dollars; add a `price` to its model in the suite, "
                + "or count another cost"
        )
        let eflops =
            "the arm sc8 has a session of unknown equivalent FLOPs; add the model's `shape` in the suite, "
            + "or count another cost"
        #expect(message { _ = try run("eflops", [row(0, arm: "sc8", 1)]) } == eflops)
        #expect(message { _ = try run("work-spread", #"{"cost": "eflops"}"#, [row(0, arm: "sc8", 1)]) } == eflops)
        #expect(
            message { _ = try run("eflops", [row(0, nil)]) } == "no error",
            "a failed session costs nothing that is known")
    }

    @Test func `accuracy per kilotoken is a ratio of sums`() throws {
        let rows = [
            row(0, 1, tokens: 100, prompt: 900), row(1, 1, tokens: 2000), row(2, 0, tokens: 1900),
            row(3, nil, tokens: 9999),
        ]
        let run = try run("accuracy-per-kilotoken", rows)
        #expect(near(try run.number("accuracy_per_kilotoken"), 0.5))
        #expect(try run.detail("accuracy_per_kilotoken")["errors"] as? Int == 1)
        let value = try run.value("accuracy_per_kilotoken")
        #expect((value.low ?? 1) < 0.5 && (value.high ?? 0) > 0.5 && value.method == "bootstrap over items")
        #expect(
            near(
                try self.run("accuracy-per-kilotoken", #"{"cost": "total"}"#, rows).number("accuracy_per_kilotoken"),
                1 / 2.45))
        let nothing = try self.run("accuracy-per-kilotoken", [row(0, 1)])
        #expect(try nothing.refusal("accuracy_per_kilotoken") == "no graded session used any tokens")
    }

    /// Leader election on a ring: a node stops at the radius at which it sees a larger ID, or the whole ring. Over all
    /// orders of IDs an ordinary node waits Σ 1/(2r+1) over r below n/2, the slowest n/2.
    @Test func `all orders of IDs on a ring have the ordinary and the slowest node of the theory`() throws {
        let n = 6
        func orders(_ ids: [Int]) -> [[Int]] {
            ids.isEmpty ? [[]] : ids.flatMap { id in orders(ids.filter { $0 != id }).map { [id] + $0 } }
        }
        let rings = orders(Array(0..<n))
        func wait(_ ids: [Int], _ node: Int) -> Int {
            (1...n / 2).first { radius in
                ids[(node + radius) % n] > ids[node] || ids[(node - radius + n) % n] > ids[node]
            } ?? n / 2
        }
        let rows = (0..<n).flatMap { node in
            rings.enumerated().map { index, ids in row(node, 1, tokens: wait(ids, node), repeatIndex: index) }
        }
        let run = try run("work-spread", rows)
        #expect(near(try run.number("work_mean"), 1 + 1.0 / 3 + 1.0 / 5))
        #expect(near(try run.number("work_max"), 3))
        #expect(near(try run.number("work_ratio"), (1 + 1.0 / 3 + 1.0 / 5) / 3))
        #expect(try run.detail("work_ratio")["worst"] as? Double == 3)
        #expect(try run.detail("work_ratio")["repeats"] as? Int == 720)
    }

    @Test func `the slowest item of each repeat is averaged, the worst of all stands beside it`() throws {
        let run = try run(
            "work-spread", #"{"cost": "seconds"}"#,
            [
                row(0, 1, seconds: 2, repeatIndex: 0), row(0, 1, seconds: 3, repeatIndex: 1),
                row(1, 0, seconds: 4, repeatIndex: 0),
                row(1, 0, seconds: 11, repeatIndex: 1), row(2, nil, seconds: 99),
            ])
        #expect(near(try run.number("work_mean"), 5))
        #expect(near(try run.number("work_max"), 7.5))
        #expect(near(try run.number("work_ratio"), 5 / 7.5))
        #expect(
            try run.detail("work_max")["worst"] as? Double == 11
                && run.detail("work_max")["worst_repeat_mean"] as? Double == 7)
        let idle = try self.run("work-spread", [row(0, 1), row(1, 1)])
        #expect(try idle.refusal("work_ratio") == "no session did any work" && idle.number("work_mean") == 0)
    }

    @Test func `equivalent operations are averaged over sessions, clustered by item`() throws {
        let run = try run(
            "eflops", [row(0, 1, eflops: 1e12), row(0, 1, eflops: 3e12, repeatIndex: 1), row(1, 0, eflops: 5e12)])
        #expect(near(try run.number("mean_eflops"), 3e12, 1))
        #expect(try run.value("mean_eflops").n == 2 && run.value("mean_eflops").method == "t, clustered by item")
    }

    @Test(arguments: [
        (
            "cost-of-pass", #"{"cost": "words"}"#,
            "the parameter cost must be one of tokens, total_tokens, usd, seconds, eflops, not \"words\""
        ),
        ("cost-of-pass", #"{"human_cost": -1}"#, "the parameter human_cost must be at least 0, not -1"),
        ("eflops", #"{"cost": "usd"}"#, "unknown parameter cost; there are none"),
    ]) func `parameters that mean nothing are refused with their name`(
        _ id: String, _ parameters: String, _ text: String
    ) {
        #expect(message { _ = try run(id, parameters, []) } == text)
    }
}
