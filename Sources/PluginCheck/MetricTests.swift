internal import Completions
internal import EvalhStatistics
internal import JSON
internal import PluginHost

/// Tests of metrics: numbers from finished sessions.
enum MetricTests {
    static let all = [
        CheckTest("metric.runs", .metric, "sessions it cannot count, values under names it did not declare", run: runs),
        CheckTest(
            "metric.pure", .metric, "another number for the same sessions, at another time or place", isRepeated: true,
            run: pure),
        CheckTest("metric.few", .metric, "no session, or one", run: few),
        CheckTest("metric.absent", .metric, "sessions without score, price, confidence, answer", run: absent),
        CheckTest("metric.many", .metric, "100,000 sessions", patience: 4, run: many),
        CheckTest("metric.order", .metric, "numbers that depend on the order of items", run: order),
        CheckTest(
            "metric.parameters", .metric, "parameters, legal or not, that it crashes or hangs at", patience: 2,
            run: parameters),
        CheckTest("metric.leaks", .metric, "memory that it leaves behind", patience: 10, run: leaks),
    ]

    /// Sessions of two arms with levels, item by item.
    static func rows(items: Int, seed: UInt64, levels: Int = 3, repeats: Int = 2) -> [MetricRow] {
        var random = SplitMix64(seed: seed)
        var rows: [MetricRow] = []
        for item in 0..<items {
            for arm in ["plain", "vote"] {
                for level in 0..<levels {
                    for repeatIndex in 0..<repeats {
                        let samples = 1 << (2 * level)
                        let isRight = random.unit() < 0.4 + 0.1 * Double(level)
                        rows.append(
                            MetricRow(
                                item: item, arm: arm, levelJSON: "{\"samples\":\(samples)}", levelIndex: level,
                                repeatIndex: repeatIndex, score: isRight ? 1 : 0, confidence: random.unit(),
                                measure: SessionMeasure(
                                    usage: TokenUsage(
                                        requests: samples, promptTokens: 20 * samples,
                                        completionTokens: samples * (40 + random.index(below: 40)),
                                        work: ModelWork(tokens: 50, depth: 0.8, compute: 0.7)),
                                    usd: 0.001 * Double(samples), eflops: 1e-9 * Double(samples),
                                    criticalPathSeconds: 1 + random.unit(), samples: samples),
                                answer: isRight ? "42" : "\(random.index(below: 5))"))
                    }
                }
            }
        }
        return rows
    }

    private static func opened(_ context: CheckContext) throws -> PluginMetric? {
        context.at("create")
        do { return try context.metric() } catch let fault as PluginFault {
            context.skip("it refuses these parameters: \(fault.message)")
            return nil
        }
    }

    /// The values of some sessions, or why there are none.
    private static func values(_ rows: [MetricRow], _ context: CheckContext, _ what: String) throws
        -> Result<[MetricValue], PluginFault>
    {
        let metric = try context.metric()
        do throws(PluginFault) {
            context.at("add, \(what)")
            for row in rows { try metric.add(row) }
            context.at("result, \(what)")
            let values = try metric.result()
            judge(values, context, what)
            return .success(values)
        } catch {
            return .failure(error)
        }
    }

    private static func judge(_ values: [MetricValue], _ context: CheckContext, _ what: String) {
        let declared = context.info?.outputs ?? []
        for value in values {
            // A name that ends in `*` stands for all that begin so.
            let isDeclared = declared.contains {
                $0 == value.name || $0.hasSuffix("*") && value.name.hasPrefix($0.dropLast())
            }
            if !isDeclared {
                context.fail(
                    "gives a value under the name \"\(value.name)\", which its outputs do not name (\(what))",
                    "put all names into evalh_descriptor.outputs: gates and reports go by them")
            }
            if !value.detailJSON.isEmpty, (try? JSONValue(parsing: value.detailJSON))?.members == nil {
                context.fail("the detail of \"\(value.name)\" is no JSON object (\(what))")
            }
            if let low = value.ciLow, let high = value.ciHigh, low > high {
                context.fail("the interval of \"\(value.name)\" ends before it begins: [\(low), \(high)] (\(what))")
            }
            if let low = value.ciLow, let high = value.ciHigh, value.value < low - 1e-9 || value.value > high + 1e-9 {
                context.warn("\"\(value.name)\" is \(value.value), outside of its interval [\(low), \(high)] (\(what))")
            }
        }
        let keys = values.map { "\($0.name)\u{1F}\($0.arm)\u{1F}\($0.levelIndex ?? -1)" }
        if Set(keys).count != keys.count {
            context.fail(
                "gives two values of the same name, arm and level (\(what))", "one of them would overwrite the other")
        }
    }

    private static func texts(_ values: [MetricValue]) -> [String] {
        values.map { value in
            "\(value.name) \(value.arm) \(value.levelIndex ?? -1) \(value.value) \(value.ciLow ?? .nan) "
                + "\(value.ciHigh ?? .nan) \(value.standardError ?? .nan) \(value.n ?? -1)"
        }
    }

    private static func runs(_ context: CheckContext) throws {
        context.at("create")
        do { _ = try context.metric() } catch let fault as PluginFault {
            context.refused(fault.message)
            return
        }
        switch try values(rows(items: 40, seed: context.seed), context, "40 items, two arms, three levels") {
        case .success(let values):
            if values.isEmpty { context.warn("gives no value for 40 items", "what gates name must be given") }
            context.measure("values", "\(values.count)")
        case .failure(let fault): context.fail(fault.message)
        }
    }

    private static func pure(_ context: CheckContext) throws {
        guard try opened(context) != nil else { return }
        let rows = rows(items: 30, seed: context.seed)
        let first = try values(rows, context, "30 items").map(texts)
        let second = try values(rows, context, "30 items again").map(texts)
        if let a = try? first.get(), let b = try? second.get() {
            context.evidence(a)
            compare(a, b, "the same sessions, counted again", context)
        }
        // Numbers may be asked for before the last row, and again.
        let metric = try context.metric()
        do throws(PluginFault) {
            for (place, row) in rows.enumerated() {
                try metric.add(row)
                if place % 97 == 96 {
                    context.at("result after \(place + 1) sessions")
                    _ = try metric.result()
                }
            }
            context.at("result twice")
            let once = texts(try metric.result())
            compare(once, texts(try metric.result()), "result, asked twice", context)
            if let a = try? first.get() { compare(a, once, "result, asked for on the way as well", context) }
        } catch {
            context.fail("asked for numbers on the way: \(error.message)")
        }
    }

    private static func compare(_ a: [String], _ b: [String], _ what: String, _ context: CheckContext) {
        guard a != b else { return }
        let pair = zip(a, b).first { $0 != $1 } ?? ("\(a.count) values", "\(b.count) values")
        context.fail(
            "\(what): \(pair.0), then \(pair.1)",
            "a metric is a function of its sessions and its seed, and keeps no state")
    }

    private static func few(_ context: CheckContext) throws {
        guard try opened(context) != nil else { return }
        for (items, what) in [(0, "no session"), (1, "one item")] {
            _ = try values(rows(items: items, seed: context.seed), context, what)
        }
        _ = try values(Array(rows(items: 1, seed: context.seed).prefix(1)), context, "one session")
        let plain = rows(items: 3, seed: context.seed, levels: 1, repeats: 1).map { row in
            var row = row
            (row.levelJSON, row.levelIndex) = ("", nil)
            return row
        }
        _ = try values(plain, context, "arms without levels")
    }

    private static func absent(_ context: CheckContext) throws {
        guard try opened(context) != nil else { return }
        let all = rows(items: 12, seed: context.seed)
        let changes: [(String, (inout MetricRow) -> Void)] = [
            ("sessions that all failed", { $0.score = nil }),
            ("every third session failed", { if $0.item % 3 == 0 { $0.score = nil } }),
            ("no confidence", { $0.confidence = nil }),
            (
                "no prices, no operations",
                {
                    $0.measure.usd = nil
                    $0.measure.eflops = nil
                    $0.measure.usage.work = nil
                }
            ),
            ("no answers", { $0.answer = "" }), ("no tokens", { $0.measure = SessionMeasure() }),
            ("all answers right", { $0.score = 1 }), ("all answers wrong", { $0.score = 0 }),
            ("levels that are no JSON", { $0.levelJSON = "{" }), ("arms of rare names", { $0.arm = "\u{1F600} = \"" }),
            ("items of high numbers", { $0.item += 1 << 40 }), ("unfinished answers", { $0.finish = .length }),
            ("endless sessions", { $0.measure.criticalPathSeconds = .infinity }),
        ]
        for (what, change) in changes {
            let changed = all.map { row in
                var row = row
                change(&row)
                return row
            }
            _ = try values(changed, context, what)
        }
    }

    private static func many(_ context: CheckContext) throws {
        guard try opened(context) != nil else { return }
        // Two arms, one level, one repeat.
        let rows = rows(items: 50_000, seed: context.seed, levels: 1, repeats: 1)
        let start = ContinuousClock.now
        if case .failure(let fault) = try values(rows, context, "100,000 sessions") {
            context.measure("refused", fault.message)
        }
        context.measure("100,000 sessions", "\(Int((ContinuousClock.now - start) / .milliseconds(1))) ms")
    }

    private static func order(_ context: CheckContext) throws {
        guard try opened(context) != nil else { return }
        let rows = rows(items: 30, seed: context.seed)
        let byItem = Dictionary(grouping: rows, by: \.item)
        let reversed = byItem.keys.sorted(by: >).flatMap { byItem[$0] ?? [] }
        guard case .success(let first) = try values(rows, context, "30 items"),
            case .success(let second) = try values(reversed, context, "30 items, the last first")
        else { return }
        for (a, b) in zip(first, second) where a.name == b.name && a.arm == b.arm {
            guard a.value.isFinite, b.value.isFinite, abs(a.value - b.value) > 1e-9 * max(1, abs(a.value)) else {
                continue
            }
            context.warn(
                "\"\(a.name)\" is \(a.value), and \(b.value) with the items in reverse",
                "a number about a set of items should not depend on their order, unless that is what it is about")
        }
    }

    private static func parameters(_ context: CheckContext) throws {
        let schema = context.schema ?? .object([])
        var fuzz = ParameterFuzz(schema, seed: context.seed)
        let base = try JSONValue(parsing: context.parametersJSON)
        let rows = rows(items: 6, seed: context.seed)
        for parameters in fuzz.legal(base, mixtures: 24).map(\.text) + fuzz.illegal(base) {
            let name = StrategyTests.excerpt(parameters)
            context.at("create with \(name)")
            guard let metric = try? context.metric(parameters) else { continue }
            context.at("add and result with \(name)")
            for row in rows { try? metric.add(row) }
            if let values = try? metric.result() { judge(values, context, "parameters \(name)") }
        }
    }

    private static func leaks(_ context: CheckContext) throws {
        guard try opened(context) != nil else { return }
        let rows = rows(items: 3, seed: context.seed)
        try Leaks.measure(context, of: "metric") { _ in
            let metric = try context.metric()
            for row in rows { try? metric.add(row) }
            _ = try? metric.result()
        }
    }
}
