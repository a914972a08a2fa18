import EvalhPluginKit

/// How peaked a model's distributions were along a trace. High means sure.
struct TraceConfidence {
    /// C_i of each token: −(1/k) Σ_{j≤k} ln p_ij over its k likeliest alternatives.
    let tokens: [Double]
    let window: Int

    /// `nil`: a token has no alternatives, or there are none.
    init?(_ tokens: [Token], window: Int) {
        var values: [Double] = []
        values.reserveCapacity(tokens.count)
        for token in tokens {
            guard let value = Self.confidence(token) else { return nil }
            values.append(value)
        }
        guard !values.isEmpty else { return nil }
        self.tokens = values
        self.window = window
    }

    /// Over the alternatives that can come at all: one of probability 0 would make it infinite.
    static func confidence(_ token: Token) -> Double? {
        let logprobs = token.alternatives.map(\.logprob).filter { $0 != -.infinity }
        guard !logprobs.isEmpty, !logprobs.contains(where: \.isNaN) else { return nil }
        return -logprobs.reduce(0, +) / Double(logprobs.count)
    }

    /// Means over each full window; a trace shorter than one window has its overall mean alone.
    var groups: [Double] {
        guard tokens.count > window else { return [Self.mean(tokens[...])] }
        var sliding = SlidingMean(window: window)
        return tokens.compactMap { sliding.add($0) }
    }

    var lowestGroup: Double { groups.min() ?? 0 }

    func score(_ kind: TraceScore) -> Double {
        switch kind {
        case .mean: return Self.mean(tokens[...])
        case .lowestGroup: return lowestGroup
        case .tail: return Self.mean(tokens.suffix(window))
        case .bottom10:
            let sorted = groups.sorted()
            return Self.mean(sorted.prefix(max(1, sorted.count / 10)))
        }
    }

    private static func mean(_ values: ArraySlice<Double>) -> Double {
        values.reduce(0, +) / Double(max(1, values.count))
    }
}

/// The mean of the last values. Traces that are read whole and those that are streamed are averaged by it alike, so
/// that equal ones have equal means to the last bit.
struct SlidingMean {
    let window: Int
    private var values: [Double] = []
    private var sum = 0.0

    init(window: Int) {
        self.window = window
    }

    /// Takes a value; `nil`: the window is not full yet.
    mutating func add(_ value: Double) -> Double? {
        sum += values.count < window ? value : value - values[values.count - window]
        values.append(value)
        return values.count < window ? nil : sum / Double(window)
    }
}

/// What a trace is scored by.
enum TraceScore: String, CaseIterable, ParameterValue {
    case mean
    case bottom10 = "bottom_10"
    case lowestGroup = "lowest_group"
    case tail
}

/// Percentiles with linear interpolation between order statistics, as numpy's default.
enum Percentile {
    /// - Parameter percent: In [0, 100]. `values` must not be empty.
    static func value(_ percent: Double, of values: [Double]) -> Double {
        let sorted = values.sorted()
        let place = percent / 100 * Double(sorted.count - 1)
        let low = Int(place)
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
    }
}
