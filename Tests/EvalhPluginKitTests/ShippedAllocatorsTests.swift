import EvalhPluginKit
import EvalhPluginTesting
import Foundation
import Testing

struct ShippedAllocatorsTests {
    private static let two = [
        Allocation.Row(arm: "a"), Allocation.Row(arm: "b", level: "{\"samples\":4}", levelIndex: 0),
    ]

    private func allocator(
        _ id: String, _ parameters: String = "{}", items: Int = 4, rows: [Allocation.Row] = two, repeats: Int = 1,
        seed: UInt64 = 1,
        fields: @escaping @Sendable (Int) -> String = { _ in "{}" }
    ) throws -> ScriptedAllocator {
        try ScriptedAllocator(
            ShippedPlugins.plugin(id), parameters: parameters,
            allocation: Allocation(itemCount: items, rows: rows, repeats: repeats, itemFields: fields), seed: seed)
    }

    private func session(_ item: Int, _ row: Allocation.Row, _ repeatIndex: Int, _ score: Double?, tokens: Int = 100)
        -> SessionRow
    {
        SessionRow(
            item: item, arm: row.arm, level: row.level, levelIndex: row.levelIndex, repeatIndex: repeatIndex,
            score: score,
            usage: Usage(completionTokens: tokens))
    }

    /// How many repeats a single cell gets whose sessions give these scores and tokens, the last one again and again.
    private func repeats(_ scores: [Double?], _ tokens: [Int], _ parameters: String = "{}") throws -> Int {
        let allocator = try allocator("arise-sampling", parameters, items: 1, rows: [.init(arm: "a")])
        return try allocator.run { item, row, index in
            session(
                item, row, index, scores[min(index, scores.count - 1)], tokens: tokens[min(index, tokens.count - 1)])
        }.sessions.count
    }

    // MARK: fixed

    @Test func `fixed runs every cell as often as it is told, in one round`() throws {
        let run = try allocator("fixed", #"{"repeats": 3}"#).run { session($0, $1, $2, 1) }
        #expect(run.sessions.count == 4 * 2 * 3)
        #expect(try allocator("fixed", repeats: 5).run { session($0, $1, $2, nil) }.sessions.count == 4 * 2 * 5)
        #expect(try allocator("fixed", items: 0).run { session($0, $1, $2, 1) }.sessions.isEmpty)
    }

    // MARK: arise-sampling

    /// Worked by hand: CV(score) + CV(tokens) of the first three repeats against 0.5.
    @Test(
        arguments: [
            ([1, 1, 1], [1000, 1100, 900], true),  // 0 + 0.0816
            ([1, 0, 1], [1000, 1100, 900], false),  // 0.7071 + 0.0816
            ([0, 0, 0], [500, 1500, 4000], false),  // 0 + 0.7360
            ([1, 0, 0], [1000, 1000, 1000], false),  // 1.4142
            ([0, 0, 0], [1000, 1000, 1000], true),  // 0
        ] as [([Double], [Int], Bool)])
    func `three repeats are enough where they vary little`(_ scores: [Double], _ tokens: [Int], _ isEnough: Bool) throws
    {
        #expect(try (repeats(scores, tokens) == 3) == isEnough)
    }

    @Test func `the spread is the published one to the fourth place`() throws {
        for (scores, tokens, spread) in [
            ([1.0, 1, 1], [1000, 1100, 900], 0.0816), ([1, 0, 1], [1000, 1100, 900], 0.7888),
            ([0, 0, 0], [500, 1500, 4000], 0.7360),
            ([1, 0, 0], [1000], 1.4142),
        ] {
            #expect(try repeats(scores, tokens, #"{"maximum": 4, "threshold": \#(spread + 0.0001)}"#) == 3)
            #expect(try repeats(scores, tokens, #"{"maximum": 4, "threshold": \#(spread - 0.0001)}"#) == 4)
        }
    }

    @Test func `a cell that goes on varying gets its maximum, one that settles stops on the way`() throws {
        #expect(try repeats([1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0], [100]) == 10)
        // √(1/n)-like: right in all but the first of n, CV = 1/√(n−1), which is 0.5 at n = 5.
        #expect(try repeats([0, 1, 1, 1, 1, 1, 1, 1, 1, 1], [100]) == 5)
        #expect(try repeats([0, 1, 1], [100], #"{"spread": "deviation"}"#) == 3)
        #expect(try repeats([nil], [100]) == 3)
        #expect(try repeats([1, nil, nil, 0], [100], #"{"maximum": 5}"#) == 3)
        #expect(try repeats([1, nil, 0, nil, 1, 0], [100], #"{"maximum": 5}"#) == 5)
    }

    @Test func `a budget is divided by spread and never exceeded`() throws {
        // Two cells vary by the same, one does not; 9 of 14 sessions are the minimum, so each may have ⌊5/2⌋ more.
        let allocator = try allocator(
            "arise-sampling", #"{"budget": 14}"#, items: 1, rows: [.init(arm: "a"), .init(arm: "b"), .init(arm: "c")])
        let run = try allocator.run { item, row, index in
            session(item, row, index, row.arm == "c" ? 1 : Double(index % 2))
        }
        let counts = Dictionary(grouping: run.sessions, by: \.arm).mapValues(\.count)
        #expect(counts == ["a": 5, "b": 5, "c": 3])
        #expect(try repeats([1, 0, 1, 0], [100], #"{"budget": 2}"#) == 3)
    }

    @Test func `it says how many cells settled and how many repeats they took`() throws {
        let allocator = try allocator("arise-sampling", items: 2, rows: Self.two)
        _ = try allocator.run { item, row, index in session(item, row, index, row.arm == "a" ? 1 : Double(index % 2)) }
        let values = try allocator.result()
        func value(_ name: String, _ arm: String) -> Double? {
            values.first { $0.name == name && $0.arm == arm }?.value
        }
        #expect(value("arise_sampling_converged", "a") == 1 && value("arise_sampling_converged", "b") == 0)
        #expect(value("arise_sampling_repeats", "a") == 3 && value("arise_sampling_repeats", "b") == 10)
        #expect(value("arise_sampling_repeats", "") == 6.5)
        #expect(
            values.first { $0.name == "arise_sampling_repeats" && $0.arm.isEmpty }?.detailJSON
                == #"{"cells_by_repeats":{"3":2,"10":2}}"#)
        #expect(throws: ScriptedError.self) { try self.allocator("arise-sampling", #"{"minimum": 5, "maximum": 4}"#) }
    }

    // MARK: decided

    private static let ab = #"{"a": "a", "b": "b", "batch": 10}"#

    @Test func `a clear difference is decided early, either way`() throws {
        let better = try allocator("decided", Self.ab, items: 500).run { session($0, $1, $2, $1.arm == "a" ? 1 : 0) }
        #expect(better.sessions.count < 2 * 100 && better.reason.contains("a ≥ b is decided"))
        let worse = try allocator("decided", Self.ab, items: 500).run { session($0, $1, $2, $1.arm == "b" ? 1 : 0) }
        #expect(worse.sessions.count < 2 * 100 && worse.reason.contains("a < b is decided"))
        let margin = try allocator("decided", #"{"a": "a", "b": "b@4", "margin": 0.2}"#, items: 500).run {
            session($0, $1, $2, 1)
        }
        #expect(margin.sessions.count < 2 * 300 && margin.reason.contains("a ≥ b@4 − 0.2 is decided"))
    }

    @Test func `what cannot be decided uses all items and says so, or stops when the interval is narrow`() throws {
        let even = try allocator("decided", Self.ab, items: 60).run { item, row, index in
            session(item, row, index, (item % 2 == 0) == (row.arm == "a") ? 1 : 0)
        }
        #expect(even.sessions.count == 120 && even.reason.contains("undecided after all 60 items"))
        let narrow = try allocator("decided", #"{"a": "a", "b": "b", "width": 0.5, "batch": 5}"#, items: 2000).run {
            item, row, index in
            session(item, row, index, (item % 2 == 0) == (row.arm == "a") ? 1 : 0)
        }
        #expect(narrow.sessions.count < 4000 && narrow.reason.contains("narrow enough"))
    }

    @Test func `failed sessions say nothing, repeats are averaged, and the interval is given`() throws {
        let allocator = try allocator("decided", Self.ab, items: 40, repeats: 2)
        let run = try allocator.run { item, row, index in
            session(item, row, index, item % 4 == 0 ? nil : row.arm == "a" ? Double(index) : 0.5)
        }
        #expect(run.sessions.count == 40 * 2 * 2)
        let value = try #require(try allocator.result().first)
        #expect(value.name == "decided_difference" && value.value == 0 && value.n == 30)
        #expect(try #require(value.low) < 0 && #require(value.high) > 0)
        #expect(value.detailJSON.contains("\"items_used\":40"))
    }

    @Test func `rows that are not there, or not one, are refused by name`() throws {
        for (parameters, text) in [
            (#"{"a": "nobody", "b": "b"}"#, "`nobody` names no row; there are a, b@4"),
            (#"{"a": "a", "b": "a"}"#, "the same row"),
            (#"{"b": "b"}"#, "a"),
        ] {
            let error = #expect(throws: ScriptedError.self) { try self.allocator("decided", parameters) }
            #expect("\(String(describing: error))".contains(text))
        }
        let rows = [
            Allocation.Row(arm: "s", level: "{\"n\":1}", levelIndex: 0),
            .init(arm: "s", level: "{\"n\":2}", levelIndex: 1),
        ]
        let error = #expect(throws: ScriptedError.self) {
            try self.allocator("decided", #"{"a": "s", "b": "s@2"}"#, rows: rows)
        }
        #expect("\(String(describing: error))".contains("2 rows: say which level"))
        _ = try self.allocator("decided", #"{"a": "s@1", "b": "s@{\"n\":2}"}"#, rows: rows)
    }

    // MARK: active-items

    /// Items 0..<80 are easy, 80..<100 hard: right half the time, fixed by the item's number.
    private static func isRight(_ item: Int) -> Bool { item < 80 || item % 2 == 0 }
    private static let fields: @Sendable (Int) -> String = { "{\"level\":\"\($0 < 80 ? "easy" : "hard")\"}" }

    private func weightedMean(_ seed: UInt64, _ parameters: String) throws -> (mean: Double, hard: Int) {
        let allocator = try allocator(
            "active-items", parameters, items: 100, rows: [.init(arm: "a")], seed: seed, fields: Self.fields)
        let run = try allocator.run { session($0, $1, $2, Self.isRight($0) ? 1 : 0) }
        let weights = try #require(try allocator.weights())
        #expect(weights.count == run.sessions.count)
        let mean = weights.reduce(0) { $0 + $1.weight * (Self.isRight($1.item) ? 1 : 0) } / Double(weights.count)
        let value = try #require(try allocator.result().first)
        #expect(abs((value.value ?? 9) - mean) < 1e-12 && value.n == weights.count)
        return (mean, weights.count { $0.item >= 80 })
    }

    @Test func `weighted means are unbiased, and vary less than those of as many items drawn alike`() throws {
        let runs = 200
        let results = try (0..<runs).map { try weightedMean(UInt64($0), #"{"items": 30, "difficulty": "level"}"#) }
        let mean = results.reduce(0) { $0 + $1.mean } / Double(runs)
        let variance = results.reduce(0) { $0 + ($1.mean - mean) * ($1.mean - mean) } / Double(runs - 1)
        #expect(abs(mean - 0.9) < 4 * (variance / Double(runs)).squareRoot())
        // Thirty of a hundred items drawn alike: 0.9 · 0.1 / 30 · 70/99.
        #expect(variance < 0.6 * 0.9 * 0.1 / 30 * 70 / 99)
        #expect(results.reduce(0) { $0 + $1.hard } / runs > 30 / 5)
    }

    @Test func `the stratified interval holds the truth about as often as it says`() throws {
        let runs = 150
        let held = try (0..<runs).count { seed in
            let allocator = try allocator(
                "active-items", #"{"items": 40, "difficulty": "level"}"#, items: 100, rows: [.init(arm: "a")],
                seed: UInt64(seed),
                fields: Self.fields)
            _ = try allocator.run { session($0, $1, $2, $0 % 3 == 0 || Self.isRight($0) && $0 > 10 ? 1 : 0) }
            let truth = Double((0..<100).count { $0 % 3 == 0 || Self.isRight($0) && $0 > 10 }) / 100
            let value = try #require(try allocator.result().first)
            guard let low = value.low, let high = value.high else { return false }
            return low <= truth && truth <= high
        }
        #expect(Double(held) / Double(runs) > 0.87)
    }

    @Test func `a pilot answers everything first and tells what is hard`() throws {
        let rows = [Allocation.Row(arm: "cheap"), .init(arm: "dear")]
        let allocator = try allocator("active-items", #"{"items": 20, "pilot": "cheap"}"#, items: 100, rows: rows)
        let first = try allocator.next()
        #expect(first.wishes.count == 100 && first.wishes.allSatisfy { $0.row == 0 })
        for wish in first.wishes { try allocator.add(session(wish.item, rows[0], 0, Self.isRight(wish.item) ? 1 : 0)) }
        let run = try allocator.run { session($0, $1, $2, 1) }
        #expect(run.sessions.count == 20 && run.sessions.allSatisfy { $0.arm == "dear" })
        #expect(Set(run.sessions.map(\.item)).count == 20)
        #expect(run.reason == "20 of 100 items are answered")
    }

    @Test func `all items weigh alike when all are taken; what is missing is refused by name`() throws {
        let all = try allocator("active-items", #"{"items": 9, "difficulty": "n", "strata": 2}"#, items: 4) {
            "{\"n\":\($0)}"
        }
        _ = try all.run { session($0, $1, $2, 1) }
        for weight in try #require(try all.weights()) { #expect(abs(weight.weight - 1) < 1e-12) }
        for (parameters, text) in [
            (#"{"items": 2}"#, "either difficulty or pilot"),
            (#"{"items": 2, "difficulty": "nope"}"#, "no field `nope`"),
            (#"{"difficulty": "n"}"#, "items"), (#"{"items": 2, "pilot": "x"}"#, "names no row"),
        ] {
            let error = #expect(throws: ScriptedError.self) { try self.allocator("active-items", parameters) }
            #expect("\(String(describing: error))".contains(text))
        }
    }

    // MARK: all

    @Test(arguments: [
        ("fixed", "{}"), ("arise-sampling", "{}"), ("decided", ab),
        ("active-items", #"{"items": 10, "difficulty": "level"}"#),
    ])
    func `the same results give the same decisions, and all failures come to an end too`(
        _ id: String, _ parameters: String
    ) throws {
        func run(_ score: @escaping (Int) -> Double?) throws -> [SessionRow] {
            try allocator(id, parameters, items: 30, fields: Self.fields).run {
                session($0, $1, $2, score($0 &* 7 &+ $2))
            }.sessions
        }
        #expect(try run { Double($0 % 2) } == run { Double($0 % 2) })
        #expect(try !run { _ in nil }.isEmpty)
        #expect(try allocator(id, parameters, items: 0).run { session($0, $1, $2, 1) }.sessions.isEmpty)
    }
}
