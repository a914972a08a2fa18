internal import Completions
internal import EvalhStatistics

/// A session's equivalent floating-point operations, request by request: choices of one request share their prompt.
struct SessionOperations {
    private var requests: [UInt64: (shape: ModelShape, prompt: Int, completions: [Int])] = [:]
    private var adopted = 0.0
    private var isKnown = true

    /// - Parameters:
    ///   - prompt: tokens of the request's prompt, whoever paid them.
    ///   - charged: what the session is charged for one of its choices.
    mutating func add(request: UInt64, shape: ModelShape?, prompt: Int, charged: TokenUsage) {
        guard let shape else {
            isKnown = false
            return
        }
        var entry = requests[request] ?? (shape, 0, [])
        entry.prompt = max(entry.prompt, prompt)
        entry.completions.append(charged.completionTokens)
        requests[request] = entry
    }

    /// What a peer spent.
    mutating func adopt(_ peer: SessionMeasure) {
        guard let operations = peer.eflops else {
            isKnown = false
            return
        }
        adopted += operations
    }

    func book(in measure: inout SessionMeasure) {
        measure.eflops = total
    }

    /// `nil`: a model's shape is unknown.
    private var total: Double? {
        guard isKnown, adopted > 0 || !requests.isEmpty else { return nil }
        return requests.sorted { $0.key < $1.key }.reduce(adopted) {
            $0 + KineticsCost.dense($1.value.shape, prompt: $1.value.prompt, completions: $1.value.completions).total
        }
    }
}
