internal import EvalhStatistics

/// A session's equivalent floating-point operations, request by request: choices of one request share their prompt.
struct SessionOperations {
    private var requests: [UInt64: (shape: ModelShape, prompt: Int, completions: [Int])] = [:]
    private var adopted = 0.0
    private var isKnown = true

    mutating func add(request: UInt64, shape: ModelShape?, prompt: Int, tokens: Int) {
        guard let shape else {
            isKnown = false
            return
        }
        var entry = requests[request] ?? (shape, 0, [])
        entry.prompt = max(entry.prompt, prompt)
        entry.completions.append(tokens)
        requests[request] = entry
    }

    /// What a peer spent.
    mutating func adopt(_ operations: Double?) {
        guard let operations else {
            isKnown = false
            return
        }
        adopted += operations
    }

    /// `nil`: a model's shape is unknown.
    var total: Double? {
        guard isKnown, adopted > 0 || !requests.isEmpty else { return nil }
        return requests.sorted { $0.key < $1.key }.reduce(adopted) {
            $0 + KineticsCost.dense($1.value.shape, prompt: $1.value.prompt, completions: $1.value.completions).total
        }
    }
}
