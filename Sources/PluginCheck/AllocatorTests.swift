internal import Completions
internal import EvalhStatistics
internal import JSON
internal import PluginHost

/// Tests of allocators: which sessions run, round by round.
enum AllocatorTests {
    static let all = [
        CheckTest(
            "allocator.ends", .allocator, "rounds without end, wishes for sessions that are not there, no wish at all",
            run: ends),
        CheckTest(
            "allocator.pure", .allocator, "other decisions on the same results, at another time or place",
            isRepeated: true, run: pure),
        CheckTest(
            "allocator.results", .allocator, "sessions that all fail, all agree, or differ wildly", run: results),
        CheckTest("allocator.empty", .allocator, "a run without items, with one, with one arm", run: empty),
        CheckTest(
            "allocator.parameters", .allocator, "parameters, legal or not, that it crashes or hangs at", patience: 2,
            run: parameters),
        CheckTest("allocator.leaks", .allocator, "memory that runs leave behind", patience: 10, run: leaks),
    ]

    /// More rounds than any allocator has a use for on so few items.
    private static let maximumRounds = 5000
    private static let maximumSessions = 2_000_000

    /// How results come out.
    enum Outcomes: String, CaseIterable {
        case mixed = "mixed results"
        case right = "answers that are all right"
        case wrong = "answers that are all wrong"
        case failed = "sessions that all fail"
    }

    static func setup(items: Int, arms: [String] = ["a", "b"]) -> AllocationSetup {
        AllocationSetup(
            itemCount: items, rows: arms.map { AllocationSetup.Row(arm: $0) }, repeats: 2,
            itemFields: { "{\"input\":\"question \($0)\",\"difficulty\":\($0 % 5)}" })
    }

    /// `--with`, or something that its schema calls for: arms and items of these runs.
    private static func parameters(of context: CheckContext, items: Int) -> String {
        guard let base = try? JSONValue(parsing: context.parametersJSON) else { return context.parametersJSON }
        let changed = (base.members ?? []).map { member -> JSONValue.Member in
            // A required name is an arm's, a required number one of items.
            guard context.schema?["properties"]?[member.key]?["default"] == nil else { return member }
            switch member.value {
            case .string("main"): return .init(member.key, .string(member.key == "b" ? "b" : "a"))
            default: return member
            }
        }
        return JSONValue.object(changed).text
    }

    private struct Played {
        var decisions: [String] = []
        var sessions = 0
        var fault: String?
    }

    /// A run to its end.
    private static func play(
        _ context: CheckContext, _ setup: AllocationSetup, _ outcomes: Outcomes, parameters: String? = nil
    ) throws -> Played {
        let what = "\(setup.itemCount) items, \(setup.rows.count) arms, \(outcomes.rawValue)"
        var played = Played()
        do {
            context.at("create, \(what)")
            let allocator = try context.allocator(
                setup, parameters ?? Self.parameters(of: context, items: setup.itemCount))
            var sessions = ScriptedSessions(setup, outcomes, seed: context.seed)
            for round in 0..<maximumRounds {
                context.at("next, round \(round), \(what)")
                let next = try allocator.next()
                played.decisions.append(text(next))
                guard !next.wishes.isEmpty else {
                    try end(allocator, context, what, &played)
                    return played
                }
                guard played.sessions + next.wishes.reduce(0, { $0 + $1.more }) <= maximumSessions else {
                    context.fail(
                        "wants more than \(maximumSessions) sessions (\(what))", "bound them by a parameter")
                    return played
                }
                for row in sessions.rows(of: next) {
                    try allocator.add(row)
                    played.sessions += 1
                }
            }
            context.fail(
                "goes on after \(maximumRounds) rounds and \(played.sessions) sessions (\(what))",
                "end with an empty round once a bound is reached")
        } catch let fault as PluginFault {
            played.fault = fault.message
            if fault.message.contains("wants ") {
                context.fail(
                    "\(fault.message) (\(what))", "ask only for the items and rows that create was told of")
            }
        }
        return played
    }

    private static func text(_ round: AllocationRound) -> String {
        round.wishes.map { "\($0.item).\($0.row)x\($0.more)" }.joined(separator: " ") + " " + round.reason
    }

    private static func end(
        _ allocator: PluginAllocator, _ context: CheckContext, _ what: String, _ played: inout Played
    ) throws {
        context.at("weights and result, \(what)")
        let weights = try allocator.weights()
        played.decisions.append(weights.sorted { $0.key < $1.key }.map { "\($0) \($1)" }.joined())
        for value in try allocator.result() where context.info?.outputs.contains(value.name) != true {
            context.fail(
                "gives a value under the name \"\(value.name)\", which its outputs do not name",
                "put all names into evalh_descriptor.outputs")
        }
    }

    /// The sessions of a run, played by a seed.
    private struct ScriptedSessions {
        private let setup: AllocationSetup
        private let outcomes: Outcomes
        private var random: SplitMix64
        private var repeats: [Int: Int] = [:]

        init(_ setup: AllocationSetup, _ outcomes: Outcomes, seed: UInt64) {
            self.setup = setup
            self.outcomes = outcomes
            random = SplitMix64(seed: seed)
        }

        /// Ordered by item, row and repeat, as hosts give them.
        mutating func rows(of round: AllocationRound) -> [MetricRow] {
            var rows: [MetricRow] = []
            for wish in round.wishes.sorted(by: { ($0.item, $0.row) < ($1.item, $1.row) }) {
                let cell = wish.item * setup.rows.count + wish.row
                for _ in 0..<wish.more {
                    let number = repeats[cell, default: 0]
                    repeats[cell] = number + 1
                    rows.append(row(wish, repeatIndex: number))
                }
            }
            return rows
        }

        private mutating func row(_ wish: AllocationRound.Wish, repeatIndex: Int) -> MetricRow {
            let score = outcomes == .right ? 1.0 : outcomes == .wrong ? 0 : random.unit() < 0.6 ? 1 : 0
            return MetricRow(
                item: wish.item, arm: setup.rows[wish.row].arm, repeatIndex: repeatIndex,
                score: outcomes == .failed ? nil : score, confidence: random.unit(),
                measure: SessionMeasure(
                    usage: TokenUsage(
                        requests: 1, promptTokens: 20, completionTokens: 20 + random.index(below: 400)),
                    criticalPathSeconds: 1, samples: 1))
        }
    }

    private static func ends(_ context: CheckContext) throws {
        let played = try play(context, setup(items: 60), .mixed)
        if let fault = played.fault {
            context.refused(fault + " (the test's arms are called a and b, and it has 60 items)")
            return
        }
        if played.sessions == 0 {
            context.fail(
                "wants no session of a run with 60 items and two arms",
                "a run on nothing passes every gate; ask for something, or fail with a reason")
        }
        context.measure("sessions", "\(played.sessions) in \(max(0, played.decisions.count - 2)) rounds")
    }

    private static func pure(_ context: CheckContext) throws {
        let first = try play(context, setup(items: 40), .mixed)
        guard first.fault == nil else {
            context.skip("it fails: \(first.fault ?? "")")
            return
        }
        let second = try play(context, setup(items: 40), .mixed)
        context.evidence(first.decisions)
        if first.decisions != second.decisions {
            let pair = zip(first.decisions, second.decisions).first { $0 != $1 }
            context.fail(
                "decides otherwise on the same results: \(StrategyTests.excerpt(pair?.0 ?? "fewer rounds")), then "
                    + StrategyTests.excerpt(pair?.1 ?? "fewer rounds"),
                "an allocator is a function of what sessions gave and of its seed: a resumed run decides again")
        }
    }

    private static func results(_ context: CheckContext) throws {
        for outcomes in Outcomes.allCases { _ = try play(context, setup(items: 20), outcomes) }
    }

    private static func empty(_ context: CheckContext) throws {
        for (items, arms) in [(0, ["a", "b"]), (1, ["a", "b"]), (1, ["a"]), (2, ["a"]), (5, ["a", "b", "c"])] {
            _ = try play(context, setup(items: items, arms: arms), .mixed)
        }
    }

    private static func parameters(_ context: CheckContext) throws {
        let schema = context.schema ?? .object([])
        var fuzz = ParameterFuzz(schema, seed: context.seed)
        let base = try JSONValue(parsing: parameters(of: context, items: 8))
        for parameters in fuzz.legal(base, mixtures: 16).map(\.text) + fuzz.illegal(base) {
            _ = try play(context, setup(items: 8), .mixed, parameters: parameters)
        }
    }

    private static func leaks(_ context: CheckContext) throws {
        let setup = setup(items: 4)
        let parameters = parameters(of: context, items: 4)
        guard (try? context.allocator(setup, parameters)) != nil else {
            context.skip("it refuses these parameters")
            return
        }
        try Leaks.measure(context, of: "run") { _ in
            let allocator = try context.allocator(setup, parameters)
            for item in 0..<4 { try? allocator.add(MetricRow(item: item, arm: "a", score: 1)) }
            _ = try? allocator.next()
        }
    }
}
