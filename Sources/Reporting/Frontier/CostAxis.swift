internal import Completions

/// What accuracy is weighed against, for one session.
package enum CostAxis: String, CaseIterable, Sendable {
    case tokens
    case totalTokens = "total_tokens"
    case usd = "usd_per_session"
    case seconds = "critical_path_p50_s"
    /// Compute and memory traffic, see `KineticsCost`.
    case eflops
    /// The same by the work that models told of: leaving early is cheaper.
    case toldEflops = "told_eflops"

    /// A row's cost, with its interval where it has one.
    struct Cost {
        var value: Double
        var low: Double?
        var high: Double?
    }

    /// What it is of each session.
    var number: SessionNumber {
        switch self {
        case .tokens: .tokens
        case .totalTokens: .totalTokens
        case .usd: .usd
        case .seconds: .criticalPath
        case .eflops: .eflops
        case .toldEflops: .toldEflops
        }
    }

    /// A row's cost is the median over its sessions, not the mean.
    var isMedian: Bool { self == .seconds }

    /// Every model has it, so that tables show it even where no row does.
    var isCommon: Bool { self == .tokens || self == .totalTokens || self == .seconds }

    /// For a choice of axes.
    var word: String {
        switch self {
        case .tokens: "completion tokens"
        case .totalTokens: "total tokens"
        case .usd: "money"
        case .seconds: "latency"
        case .eflops: "eFLOPs"
        case .toldEflops: "eFLOPs as told"
        }
    }

    /// For the head of a column.
    var head: String {
        switch self {
        case .tokens, .totalTokens, .eflops, .toldEflops: word
        case .usd: "USD/session"
        case .seconds: "seconds p50"
        }
    }

    var title: String {
        switch self {
        case .tokens: "completion tokens per session"
        case .totalTokens: "total tokens (prompt and completion) per session"
        case .usd: "US dollars per session"
        case .seconds: "seconds of a session's critical path, median"
        case .eflops: "equivalent floating-point operations per session"
        case .toldEflops: "equivalent floating-point operations per session, as models told"
        }
    }

    /// `nil`: nothing was graded, or the number is unknown, as without a price.
    func cost(of arm: RunSummary.Arm) -> Cost? {
        if isMedian { return arm.latency.criticalPath.map { Cost(value: $0.p50, low: nil, high: nil) } }
        guard let metric = arm.metrics[rawValue], metric.value.isFinite else { return nil }
        return Cost(value: metric.value, low: metric.ciLow, high: metric.ciHigh)
    }

    func format(_ value: Double?) -> String {
        value.map { Numbers.shown($0, number) } ?? "–"
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
