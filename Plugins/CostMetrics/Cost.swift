import EvalhPluginKit
import EvalhStatistics

/// What a session uses.
enum Cost: String, CaseIterable, ParameterValue {
    /// Generated tokens.
    case tokens
    /// Prompt and generated tokens.
    case totalTokens = "total_tokens"
    case usd
    /// Of its critical path.
    case seconds
    case eflops

    /// - Throws: `UnknownCost` where the host does not know it.
    func of(_ row: SessionRow) throws(UnknownCost) -> Double {
        switch self {
        case .tokens: return Double(row.usage.completionTokens)
        case .totalTokens: return Double(row.usage.totalTokens)
        case .seconds: return row.criticalPathSeconds
        case .usd:
            guard let usd = row.usd else { throw UnknownCost(arm: row.arm, cost: self) }
            return usd
        case .eflops:
            guard let eflops = row.eflops else { throw UnknownCost(arm: row.arm, cost: self) }
            return eflops
        }
    }
}

/// An arm's cost cannot be told.
struct UnknownCost: Error, CustomStringConvertible {
    var arm: String
    var cost: Cost

    var description: String {
        let (unknown, remedy) =
            cost == .usd
            ? ("cost in US dollars", "add a `price` to its model in the suite")
            : ("equivalent FLOPs", "add the model's `shape` in the suite")
        return "the arm \(arm) has a session of unknown \(unknown); \(remedy), or count another cost"
    }
}

extension MetricValue {
    init(_ name: String, of key: ArmLevel, _ estimate: EvalhStatistics.Estimate, detail: [JSONValue.Member]) {
        self.init(
            name, arm: key.arm, levelIndex: key.levelIndex, value: estimate.value, low: estimate.ciLow,
            high: estimate.ciHigh,
            standardError: estimate.stderr, n: estimate.n, method: estimate.method,
            detailJSON: JSONValue.object(detail).description)
    }
}
