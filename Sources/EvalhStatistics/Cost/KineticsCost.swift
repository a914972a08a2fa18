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
        told(shape, prompt: prompt, completions: completions.map { ToldCompletion(tokens: $0) })
    }

    /// Dense attention of a model that leaves layers out, by what it told of its work. A token whose prediction was
    /// made from a share d of the layers attends, and reads the cache, in these layers only; its work with the
    /// parameters is what the model says it was, c as a share of a token's at full depth: the layers used, the keys
    /// and values of those left out, the heads that were looked at. So in `dense`, with W for the paper's D, the L of
    /// the first term becomes C = Σc, and in each other term one factor L, the tokens that attend and read, becomes D
    /// = Σd:
    ///
    ///     2NPC + 2rNKWD + rNWLD + I·(2KWD + NWLD)
    ///
    /// which is `dense` at C = D = L. That the FLOPs of depth-adaptive decoding are counted layer by layer is from
    /// Elbayad et al. 2020, Depth-Adaptive Transformer, arXiv:1910.10073; that cached reads are, is ours.
    /// - Parameters:
    ///   - prompt: K, tokens; at least 0.
    ///   - completions: the completions that share the prompt.
    public static func told(_ shape: ModelShape, prompt: Int, completions: [ToldCompletion]) -> KineticsCost {
        let width = Double(shape.layers * shape.headSize)
        let (queries, keys) = (Double(shape.heads) * width, Double(shape.kvHeads) * width)
        let before = Double(max(0, prompt))
        var cost = KineticsCost.zero
        for completion in completions where completion.tokens > 0 {
            let (length, depth) = (Double(completion.tokens), completion.depth)
            cost.linear += 2 * shape.parameters * completion.compute
            cost.attention += 2 * (2 * before + length) * depth * queries
            cost.memory += shape.intensity * shape.bytes * length * depth * keys
        }
        let longest = max(0, completions.map(\.depth).max() ?? 0)
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

/// A completion's tokens, and how many at full depth they come to.
public struct ToldCompletion: Hashable, Sendable {
    /// Generated tokens, at least 0.
    public var tokens: Int
    /// Σ over the tokens of the share of layers used, at least 0; `tokens` at full depth.
    public var depth: Double
    /// Σ over the tokens of their work with the parameters as a share of that at full depth, at least 0.
    public var compute: Double

    /// At full depth.
    public init(tokens: Int) {
        self.init(tokens: tokens, depth: Double(tokens), compute: Double(tokens))
    }

    /// As a model told.
    public init(tokens: Int, depth: Double, compute: Double) {
        self.tokens = tokens
        self.depth = depth
        self.compute = compute
    }
}
