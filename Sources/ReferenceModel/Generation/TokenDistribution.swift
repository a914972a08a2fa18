internal import CReferenceKernels
internal import EvalhStatistics
internal import Foundation

/// From logits to the distribution that tokens are drawn from.
struct TokenDistribution {
    private let vocabulary: Vocabulary
    private let count: Int
    private let scratch: FloatBuffer

    init(_ vocabulary: Vocabulary, count: Int) {
        self.vocabulary = vocabulary
        self.count = count
        scratch = FloatBuffer(count)
    }

    /// Rules out the tokens that are never sampled: those without text, the reserved ones, and the marks of a
    /// conversation but its end.
    func mask(_ logits: UnsafeMutablePointer<Float>) {
        for token in 0..<5 where token != Vocabulary.end { logits[token] = -1e30 }
        for token in vocabulary.count..<count { logits[token] = -1e30 }
    }

    static func argmax(_ values: UnsafePointer<Float>, _ count: Int) -> Int {
        var best = 0
        for index in 1..<count where values[index] > values[best] { best = index }
        return best
    }

    /// log Σ exp of masked logits: a token's raw log-probability is its logit less this.
    func logSum(_ logits: UnsafePointer<Float>) -> Float {
        scratch.pointer.update(from: logits, count: count)
        return evalh_softmax(scratch.pointer, count, 1)
    }

    /// Replaces masked logits by the probabilities a rule draws from.
    func apply(_ rule: SamplingRule, to logits: UnsafeMutablePointer<Float>) {
        guard rule.temperature > 0 else {
            let best = Self.argmax(logits, count)
            logits.update(repeating: 0, count: count)
            logits[best] = 1
            return
        }
        _ = evalh_softmax(logits, count, Float(rule.temperature))
        let cutsNucleus = rule.topP < 1
        guard rule.topK > 0 || cutsNucleus || rule.minP > 0 else { return }
        var limit: Float = 0
        if rule.topK > 0 || cutsNucleus {
            let sorted = UnsafeBufferPointer(start: logits, count: count).sorted(by: >)
            if rule.topK > 0, rule.topK < count { limit = sorted[rule.topK - 1] }
            if cutsNucleus {
                // The smallest set of likeliest tokens with at least this mass of what top-k has left.
                let left = sorted.prefix { $0 >= limit && $0 > 0 }
                let mass = left.reduce(0) { $0 + Double($1) } * rule.topP
                var sum = 0.0
                for probability in left {
                    sum += Double(probability)
                    if sum >= mass {
                        limit = max(limit, probability)
                        break
                    }
                }
            }
        }
        if rule.minP > 0 { limit = max(limit, Float(rule.minP) * logits[Self.argmax(logits, count)]) }
        var sum: Float = 0
        for token in 0..<count {
            if logits[token] < limit { logits[token] = 0 }
            sum += logits[token]
        }
        for token in 0..<count { logits[token] /= sum }
    }

    /// - Parameter unit: uniform in [0, 1).
    func draw(_ probabilities: UnsafePointer<Float>, unit: Double) -> Int {
        Self.draw(probabilities, count, unit)
    }

    /// The token in whose part of [0, total) the drawn point lies.
    static func draw(_ weights: UnsafePointer<Float>, _ count: Int, _ unit: Double) -> Int {
        var total = 0.0
        for token in 0..<count { total += Double(weights[token]) }
        var rest = unit * total
        var last = 0
        for token in 0..<count where weights[token] > 0 {
            last = token
            rest -= Double(weights[token])
            if rest < 0 { return token }
        }
        return last
    }

    /// The likeliest tokens, likeliest first.
    func best(_ number: Int, of logits: UnsafePointer<Float>) -> [Int] {
        var left: [Int] = []
        for token in 0..<count where logits[token] > -1e29 {
            if left.count < number {
                left.append(token)
            } else if let last = left.last, logits[token] > logits[last] {
                left[left.count - 1] = token
            } else {
                continue
            }
            var place = left.count - 1
            while place > 0, logits[left[place]] > logits[left[place - 1]] {
                left.swapAt(place, place - 1)
                place -= 1
            }
        }
        return left
    }
}
