/// Which keys a generated token attends to.
public enum AttentionPattern: Hashable, Sendable {
    /// All of them.
    case dense
    /// The `budget` best, found at no cost.
    case topK(budget: Int)
    /// The last `local` keys and the `blocks` best blocks of `blockSize` keys, found by one vector a block.
    case blockTopK(local: Int, blocks: Int, blockSize: Int)
}

/// What decoding costs, in floating-point operations and in those that memory traffic keeps the machine from doing.
public struct EquivalentFlops: Hashable, Sendable {
    /// Multiplying by the parameters.
    public var linear: Double
    /// Attention's own operations.
    public var attention: Double
    /// Reading the key-value cache, in operations the machine could have done meanwhile.
    public var memory: Double

    /// eFLOPs: computation and memory are added, neither hides the other.
    public var total: Double { linear + attention + memory }

    public static let zero = EquivalentFlops(linear: 0, attention: 0, memory: 0)

    public static func += (sum: inout EquivalentFlops, more: EquivalentFlops) {
        sum.linear += more.linear
        sum.attention += more.attention
        sum.memory += more.memory
    }
}

/// The cost model of Sadhukhan et al. 2025, "Kinetics: Rethinking Test-Time Scaling Laws" (arXiv:2506.05333): eFLOPs = C_comp + I·C_mem
/// with I the arithmetic intensity. Of decoding only: the prompt's own computation is not counted, nor is reading the weights, which a
/// large batch shares.
///
/// For N completions of L_out tokens on a prompt of L_in, with dense attention, 16-bit numbers, D = 2·n_kv·head_dim·layers and r = n_h/n_kv:
/// C = 2NPL_out + 2rN·L_in·D·L_out + rN·D·L_out² + 2I·L_in·D·L_out + I·N·D·L_out². The completions of a request decode side by side and read
/// the prompt's keys and values together, once a step, for as many steps as the longest has tokens.
public struct KineticsCost: Hashable, Sendable {
    public let shape: ModelShape
    public let attention: AttentionPattern

    public init(shape: ModelShape, attention: AttentionPattern = .dense) {
        self.shape = shape
        self.attention = attention
    }

    /// One request's completions, which share its prompt.
    /// - Parameters:
    ///   - promptTokens: L_in; below 0 counts as 0.
    ///   - completionTokens: L_out of each completion; below 0 counts as 0.
    public func eflops(promptTokens: Int, completionTokens: [Int]) -> EquivalentFlops {
        let prompt = Double(max(0, promptTokens))
        let lengths = completionTokens.map { Double(max(0, $0)) }
        let linear = 2 * shape.parameters * lengths.reduce(0, +)
        let (operations, bytes) =
            switch attention {
            case .dense: dense(prompt, lengths)
            case .topK(let budget): sparse(prompt, lengths, budget: Double(max(0, budget)))
            case .blockTopK(let local, let blocks, let size):
                blockSparse(prompt, lengths, local: Double(max(0, local)), blocks: Double(max(0, blocks)), size: Double(max(1, size)))
            }
        return EquivalentFlops(linear: linear, attention: operations, memory: shape.arithmeticIntensity * bytes)
    }

    /// n_h·d: query elements of a token over all layers.
    private var queryElements: Double { Double(shape.heads) * Double(shape.headDimension) * Double(shape.layers) }
    /// n_kv·d: key elements of a token over all layers; as many value elements.
    private var keyElements: Double { Double(shape.keyValueHeads) * Double(shape.headDimension) * Double(shape.layers) }

    private func dense(_ prompt: Double, _ lengths: [Double]) -> (operations: Double, bytes: Double) {
        let keysRead = lengths.reduce(0) { $0 + (2 * prompt + $1) * $1 }
        let own = lengths.reduce(0) { $0 + $1 * $1 }
        let shared = 2 * prompt * (lengths.max() ?? 0)
        return (2 * keysRead * queryElements, shape.bytesPerElement * (shared + own) * keyElements)
    }

    /// Each completion chooses its own keys, so none are read together.
    private func sparse(_ prompt: Double, _ lengths: [Double], budget: Double) -> (operations: Double, bytes: Double) {
        let keysRead = lengths.reduce(0) { $0 + Self.keysRead(prompt: prompt, length: $1, budget: budget) }
        return (4 * keysRead * queryElements, 2 * shape.bytesPerElement * keysRead * keyElements)
    }

    /// Beside what is read, each step compares its query with one vector of every block; those of the prompt are read together.
    private func blockSparse(
        _ prompt: Double, _ lengths: [Double], local: Double, blocks: Double, size: Double
    ) -> (operations: Double, bytes: Double) {
        var (operations, bytes) = sparse(prompt, lengths, budget: local + blocks * size)
        operations += queryElements * lengths.reduce(0) { $0 + ((2 * prompt + $1) / size).rounded(.down) * $1 }
        let steps = lengths.max() ?? 0
        guard steps > 0 else { return (operations, bytes) }
        let own = lengths.reduce(0) { $0 + $1 * $1 } / steps
        bytes += shape.bytesPerElement / 2 * ((2 * prompt + own) / size).rounded(.down) * steps * keyElements
        return (operations, bytes)
    }

    /// Keys read over a completion, min(budget, prompt + t) at its t-th token: budget·length − ½·(budget − prompt)² where the context grows
    /// beyond the budget.
    static func keysRead(prompt: Double, length: Double, budget: Double) -> Double {
        if prompt + length <= budget { return prompt * length + length * length / 2 }
        let missing = max(0, budget - prompt)
        return budget * length - missing * missing / 2
    }
}
