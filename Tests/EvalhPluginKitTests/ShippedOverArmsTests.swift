import EvalhPluginKit
import EvalhPluginTesting
import Testing

@Suite struct ShippedOverArmsTests {
    private typealias Row = (item: Int, arm: String, score: Double?, confidence: Double?, tokens: Int)

    private func run(_ id: String, _ parameters: String, _ rows: [Row], item: Int, repeatIndex: Int = 0) throws -> (
        outcome: ScriptedSession.Outcome, session: ScriptedSession
    ) {
        var host = ShippedPlugins.host
        host.peers = rows.enumerated().map { index, row in
            ShippedPlugins.peer(
                index, row.item, row.arm, row.score, row.confidence, row.tokens,
                isError: row.score == nil && row.confidence == nil)
        }
        host.itemNumber = item
        host.itemCount = (rows.map(\.item).max() ?? 0) + 1
        host.repeatIndex = repeatIndex
        let session = try ShippedPlugins.session(id, parameters, host: host)
        return (session.run { _, _ in .silence }, session)
    }

    private func adopted(_ session: ScriptedSession) -> [Int] {
        session.actions.compactMap { if case .adopt(let peer) = $0.body { peer } else { nil } }
    }

    @Test(arguments: [
        ([1.0, 0.0], [50, 10], 0), ([0.0, 1.0], [10, 50], 1), ([1.0, 1.0], [50, 10], 1), ([1.0, 1.0], [10, 10], 0),
        ([0.0, 0.0], [50, 10], 1),
    ])
    func `oracle takes the right arm, of equal ones the cheapest, then the first`(
        _ scores: [Double], _ tokens: [Int], _ expected: Int
    )
        throws
    {
        let (outcome, session) = try run(
            "oracle", "{}", [(0, "a", scores[0], nil, tokens[0]), (0, "b", scores[1], nil, tokens[1])], item: 0)
        #expect(adopted(session) == [expected])
        #expect(outcome == .finished(Answer("\(["a", "b"][expected]) says = 0", reason: "oracle")))
    }

    @Test func `oracle leaves out what failed, charges all on demand, and knows only the run's arms`() throws {
        let rows: [Row] = [(0, "a", nil, nil, 5), (0, "b", 0, nil, 10), (0, "c", 1, nil, 20)]
        #expect(adopted(try run("oracle", "{}", rows, item: 0).session) == [2])
        #expect(adopted(try run("oracle", #"{"charge_all":true}"#, rows, item: 0).session) == [1, 2])
        #expect(adopted(try run("oracle", #"{"arms":["b"]}"#, rows, item: 0).session) == [1])
        guard case .error(let text) = try run("oracle", #"{"arms":["d"]}"#, rows, item: 0).outcome else {
            Issue.record("a name that is no arm went through")
            return
        }
        #expect(text.contains("no arm is called 'd'; the run has: a, b, c"))
        guard case .error = try run("oracle", "{}", [(0, "a", nil, nil, 5)], item: 0).outcome else {
            Issue.record("a result was made of failures")
            return
        }
    }

    /// Items where only one of two arms is ever right.
    private func history(_ count: Int, right: String) -> [Row] {
        (0..<count).flatMap { item -> [Row] in
            ["a", "b"].map { (item, $0, item == count - 1 ? nil : ($0 == right ? 1 : 0), 0.5, 10) }
        }
    }

    @Test(arguments: ["epsilon_greedy", "softmax", "ucb1", "thompson"])
    func `a bandit finds the arm that pays and does not see its own item`(_ policy: String) throws {
        for right in ["a", "b"] {
            var hits = 0
            for count in 150..<170 {
                let (outcome, session) = try run(
                    "bandit", #"{"policy":"\#(policy)"}"#, history(count, right: right), item: count - 1)
                guard case .finished(let answer) = outcome else {
                    Issue.record("\(outcome)")
                    continue
                }
                if answer.text.hasPrefix(right) { hits += 1 }
                #expect(session.notes.contains { $0.hasPrefix("pulls: ") })
            }
            #expect(hits >= 15, "\(policy) chose \(right) in \(hits) of 20")
        }
    }

    @Test func `ucb1 goes through the arms once and then by mean and bonus`() throws {
        // After one pull each with rewards 1 and 0, t = 2: 1 + √(2 ln 2) against √(2 ln 2).
        let rows: [Row] = [
            (0, "a", 1, nil, 1), (0, "b", 1, nil, 1), (1, "a", 0, nil, 1), (1, "b", 0, nil, 1), (2, "a", nil, 0.5, 1),
            (2, "b", nil, 0.5, 1),
        ]
        let (_, session) = try run("bandit", "{}", rows, item: 2)
        #expect(session.notes == ["arm: a", "pulls: a: 1, b: 1"])
    }

    @Test func `what tokens cost changes which arm pays`() throws {
        let rows: [Row] = (0..<40).flatMap { item -> [Row] in
            [(item, "cheap", item == 39 ? nil : 0.5, 0.5, 100), (item, "dear", item == 39 ? nil : 0.6, 0.5, 1000)]
        }
        let greedy = #"{"policy":"epsilon_greedy","epsilon":0,"cost_weight":\#(0)}"#
        #expect(try run("bandit", greedy, rows, item: 39).session.notes.first == "arm: dear")
        #expect(
            try run("bandit", #"{"policy":"epsilon_greedy","epsilon":0,"cost_weight":1}"#, rows, item: 39).session.notes
                .first
                == "arm: cheap")
    }

    /// Arm "quick" is right on easy items, "slow" on hard ones; difficulty 1 − confidence of quick.
    private func graded(_ count: Int) -> [Row] {
        (0..<count).flatMap { item -> [Row] in
            let difficulty = Double(item) / Double(count)
            return [
                (item, "quick", difficulty < 0.5 ? 1 : 0, 1 - difficulty, 10),
                (item, "slow", difficulty < 0.5 ? 0 : 1, 0.5, 100),
            ]
        }
    }

    @Test(arguments: [(3, "quick"), (16, "slow")])
    func `compute-optimal takes the arm that is best at the item's difficulty`(
        _ item: Int, _ arm: String
    ) throws {
        for id in ["compute-optimal", "compute-optimal-oracle"] {
            let (outcome, session) = try run(id, #"{"bins":2}"#, graded(20), item: item)
            guard case .finished(let answer) = outcome else {
                Issue.record("\(id): \(outcome)")
                continue
            }
            #expect(answer.text == "\(arm) says = \(item)", "\(id)")
            #expect(session.notes.contains("policy: quick, slow"), "\(id) \(session.notes)")
            // The probe is charged too, unless it is the arm itself.
            #expect(adopted(session).count == (arm == "quick" ? 1 : 2))
        }
    }

    @Test func `compute-optimal learns nothing from its own part of the items`() throws {
        // Even items say slow is always right, odd ones quick: item 0 must go by the odd ones.
        let rows: [Row] = (0..<10).flatMap { item -> [Row] in
            [(item, "quick", item % 2 == 1 ? 1 : 0, 0.5, 10), (item, "slow", item % 2 == 0 ? 1 : 0, 0.5, 100)]
        }
        #expect(try run("compute-optimal", #"{"bins":1}"#, rows, item: 0).session.notes.contains("arm: quick"))
        #expect(try run("compute-optimal", #"{"bins":1}"#, rows, item: 1).session.notes.contains("arm: slow"))
    }

    @Test
    func `a probe that claims nothing says that the item is hard, and one that never claims anything is an error`()
        throws
    {
        // Quick claims no confidence on hard items only.
        let unsure = graded(20).map { row -> Row in
            (row.item, row.arm, row.score, row.arm == "quick" && row.item >= 10 ? nil : row.confidence, row.tokens)
        }
        #expect(try run("compute-optimal", #"{"bins":2}"#, unsure, item: 16).session.notes.contains("arm: slow"))

        let rows: [Row] = (0..<4).flatMap { item -> [Row] in [(item, "a", 1, nil, 10), (item, "b", 1, nil, 10)] }
        guard case .error(let text) = try run("compute-optimal", "{}", rows, item: 0).outcome else {
            Issue.record("it went through")
            return
        }
        #expect(text.contains("never says how sure it is"))
    }
}
