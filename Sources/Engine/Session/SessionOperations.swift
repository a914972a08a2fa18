internal import Completions
internal import EvalhStatistics

/// A session's equivalent floating-point operations, request by request: choices of one request share their prompt.
/// Once at full depth, once by what the model told of its work.
struct SessionOperations {
    private var requests: [UInt64: (shape: ModelShape, prompt: Int, completions: [ToldCompletion])] = [:]
    private var adopted = 0.0
    private var adoptedAsTold = 0.0
    private var isTold = false
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
        entry.completions.append(told(charged))
        requests[request] = entry
    }

    /// What the model did not tell of was at full depth. A draft's work stands for its reading too, see `KineticsCost`.
    private mutating func told(_ charged: TokenUsage) -> ToldCompletion {
        guard let work = charged.work, work.tokens > 0, charged.completionTokens > 0 else {
            return ToldCompletion(tokens: charged.completionTokens)
        }
        isTold = true
        // Of a completion that was cancelled midway the model may have told more than is charged.
        let counted = min(work.tokens, charged.completionTokens)
        let share = Double(counted) / Double(work.tokens)
        let untold = Double(charged.completionTokens - counted)
        let depth = work.drafted > 0 ? work.compute : work.depth
        return ToldCompletion(
            tokens: charged.completionTokens, depth: max(0, depth) * share + untold,
            compute: max(0, work.compute) * share + untold)
    }

    /// What a peer spent.
    mutating func adopt(_ peer: SessionMeasure) {
        guard let operations = peer.eflops else {
            isKnown = false
            return
        }
        adopted += operations
        adoptedAsTold += peer.toldEflops ?? operations
        if peer.toldEflops != nil { isTold = true }
    }

    func book(in measure: inout SessionMeasure) {
        // A model's shape is unknown, or there was nothing to count.
        guard isKnown, adopted > 0 || !requests.isEmpty else { return }
        let inOrder = requests.sorted { $0.key < $1.key }.map(\.value)
        measure.eflops = inOrder.reduce(adopted) {
            $0 + KineticsCost.dense($1.shape, prompt: $1.prompt, completions: $1.completions.map(\.tokens)).total
        }
        guard isTold else { return }
        measure.toldEflops = inOrder.reduce(adoptedAsTold) {
            $0 + KineticsCost.told($1.shape, prompt: $1.prompt, completions: $1.completions).total
        }
    }
}
