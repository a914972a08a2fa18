/// What completions cost in equivalent floating-point operations: those of the parameters, those of attention, and the
/// reading of cached keys and values, weighed by the device's arithmetic intensity (Sadhukhan et al. 2025, Kinetics,
/// arXiv:2506.05333, §3 and its code's cost model). The prompt's own pass and the reading of the weights are left out,
/// as there: large batches, shared prefixes.
public struct KineticsCost: Hashable, Sendable {
    /// 2·P for every generated token.
    public var linear: Double
    /// Attention over prompt and completion.
    public var attention: Double
    /// Bytes read, times the intensity.
    public var memory: Double

    public init(linear: Double, attention: Double, memory: Double) {
        self.linear = linear
        self.attention = attention
        self.memory = memory
    }

    public var total: Double { linear + attention + memory }

    public static let zero = KineticsCost(linear: 0, attention: 0, memory: 0)

    public static func += (sum: inout KineticsCost, more: KineticsCost) {
        sum = KineticsCost(
            linear: sum.linear + more.linear, attention: sum.attention + more.attention,
            memory: sum.memory + more.memory)
    }

    /// Dense attention. For N completions of equal length L after a prompt of length K it is the paper's 2NPL + 2rNKDL
    /// + rNDL² + I·(2KDL + NDL²) with D = 2·n_kv·d and r = n_h/n_kv: the prompt's cache is read once for all that are
    /// generated together. Of different lengths it is read as often as the longest needs it.
    /// - Parameters:
    ///   - prompt: K, tokens; at least 0.
    ///   - completions: tokens of the completions that share the prompt.
    public static func dense(_ shape: ModelShape, prompt: Int, completions: [Int]) -> KineticsCost {
        let width = Double(shape.layers * shape.headSize)
        let (queries, keys) = (Double(shape.heads) * width, Double(shape.kvHeads) * width)
        let before = Double(max(0, prompt))
        var cost = KineticsCost.zero
        for tokens in completions where tokens > 0 {
            let length = Double(tokens)
            cost.linear += 2 * shape.parameters * length
            cost.attention += 2 * (2 * before + length) * length * queries
            cost.memory += shape.intensity * shape.bytes * length * length * keys
        }
        let longest = Double(max(0, completions.max() ?? 0))
        cost.memory += shape.intensity * shape.bytes * 2 * before * longest * keys
        return cost
    }

    /// Exact top-k attention: each step reads at most `budget` cached tokens, of which trials share none.
    /// - Parameter budget: B ≥ 1; B·L − ½·max(0, B − K)² cached tokens are read over L steps, and with a context that
    ///   stays within the budget all of it, K·L + ½·L², as with dense attention.
    public static func topK(_ shape: ModelShape, prompt: Int, completions: [Int], budget: Int) -> KineticsCost {
        completions.reduce(into: .zero) { $0 += sparse(shape, prompt: prompt, tokens: $1, budget: budget, block: nil) }
    }

    /// Block top-k attention: the best `blocks` blocks of `block` tokens and `local` latest ones, found by a search
    /// over all blocks.
    public static func blockTopK(
        _ shape: ModelShape, prompt: Int, completions: [Int], local: Int, blocks: Int, block: Int
    ) -> KineticsCost {
        let width = Double(shape.layers * shape.headSize)
        let count = completions.count
        return completions.reduce(into: .zero) { cost, tokens in
            cost += sparse(shape, prompt: prompt, tokens: tokens, budget: local + block * blocks, block: block)
            let length = Double(max(0, tokens))
            // All trials' blocks are searched together, each bears its share.
            let searched = ((2 * Double(max(0, prompt)) + Double(count) * length) / Double(block)).rounded(.down)
            cost.memory += shape.intensity * searched * length * Double(shape.kvHeads) * width / Double(max(1, count))
        }
    }

    private static func sparse(_ shape: ModelShape, prompt: Int, tokens: Int, budget: Int, block: Int?) -> KineticsCost
    {
        guard tokens > 0 else { return .zero }
        let width = Double(shape.layers * shape.headSize)
        let length = Double(tokens)
        let read = keysRead(prompt: Double(max(0, prompt)), length: length, budget: Double(max(0, budget)))
        var cost = KineticsCost(
            linear: 2 * shape.parameters * length, attention: 4 * read * Double(shape.heads) * width,
            memory: shape.intensity * 2 * shape.bytes * read * Double(shape.kvHeads) * width)
        if let block {
            let searched = ((2 * Double(max(0, prompt)) + length) / Double(block)).rounded(.down)
            cost.attention += searched * length * Double(shape.heads) * width
        }
        return cost
    }

    /// Cached tokens read over a completion: the integral of min(budget, prompt + t) over its length.
    private static func keysRead(prompt: Double, length: Double, budget: Double) -> Double {
        if prompt + length <= budget { return prompt * length + 0.5 * length * length }
        let missing = max(0, budget - prompt)
        return budget * length - 0.5 * missing * missing
    }
}
