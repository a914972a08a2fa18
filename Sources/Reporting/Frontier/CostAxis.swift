/// What accuracy is weighed against, for one session.
package enum CostAxis: String, CaseIterable, Sendable {
    case tokens
    case totalTokens = "total_tokens"
    case usd = "usd_per_session"
    case seconds = "critical_path_p50_s"
    /// Compute and memory traffic, see `KineticsCost`.
    case eflops

    /// A row's cost, with its interval where it has one.
    struct Cost {
        var value: Double
        var low: Double?
        var high: Double?
    }

    /// For a choice of axes.
    var word: String {
        switch self {
        case .tokens: "completion tokens"
        case .totalTokens: "total tokens"
        case .usd: "money"
        case .seconds: "latency"
        case .eflops: "eFLOPs"
        }
    }

    var title: String {
        switch self {
        case .tokens: "completion tokens per session"
        case .totalTokens: "total tokens (prompt and completion) per session"
        case .usd: "US dollars per session"
        case .seconds: "seconds of a session's critical path, median"
        case .eflops: "equivalent floating-point operations per session"
        }
    }

    /// `nil`: nothing was graded, or a model has no price.
    func cost(of arm: RunSummary.Arm) -> Cost? {
        switch self {
        case .tokens, .totalTokens, .usd, .eflops:
            guard let metric = arm.metrics[rawValue], metric.value.isFinite else { return nil }
            return Cost(value: metric.value, low: metric.ciLow, high: metric.ciHigh)
        case .seconds:
            return arm.latency.criticalPath.map { Cost(value: $0.p50, low: nil, high: nil) }
        }
    }

    func format(_ value: Double?) -> String {
        switch self {
        case .tokens, .totalTokens: Numbers.tokens(value)
        case .usd: Numbers.smallUSD(value)
        case .seconds: Numbers.seconds(value)
        case .eflops: value.map { Numbers.short($0) } ?? "–"
        }
    }

    func tick(_ value: Double) -> String { self == .usd ? "$" + Numbers.short(value) : Numbers.short(value) }

    /// Places of the arms on this axis's frontier, from the cheapest. Arms without this cost or accuracy are passed
    /// over.
    func frontier(_ arms: [RunSummary.Arm]) -> [Int] {
        Frontier.indices(
            arms.map { arm in
                Frontier.Row(
                    name: arm.name, accuracy: arm.metrics["accuracy"]?.value ?? .nan,
                    cost: cost(of: arm)?.value ?? .nan,
                    isOracle: arm.oracle)
            })
    }
}
