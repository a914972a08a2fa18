import EvalhStatistics
import Foundation
import Testing

@testable import ReferenceModel

@Suite struct SamplingTests {
    static let vocabulary = Vocabulary(words: [])
    /// Probabilities of the byte tokens 5..., in order; all else is impossible.
    static func distribution(_ rule: SamplingRule, _ probabilities: [Float]) -> [Float] {
        let logits = FloatBuffer(320)
        return logits.use { logits in
            for index in 0..<320 { logits[index] = -1e30 }
            for (index, probability) in probabilities.enumerated() { logits[5 + index] = log(probability) }
            TokenDistribution(vocabulary, count: 320).apply(rule, to: logits)
            return (0..<probabilities.count).map { logits[5 + $0] }
        }
    }

    static func near(_ a: [Float], _ b: [Float]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 } }

    @Test func cutsKeepWhatTheyShould() {
        let p: [Float] = [0.5, 0.3, 0.15, 0.05]
        #expect(Self.near(Self.distribution(SamplingRule(), p), p))
        #expect(Self.near(Self.distribution(SamplingRule(topK: 2), p), [0.625, 0.375, 0, 0]))
        #expect(Self.near(Self.distribution(SamplingRule(topP: 0.7), p), [0.625, 0.375, 0, 0]))
        #expect(Self.near(Self.distribution(SamplingRule(minP: 0.25), p), [0.5 / 0.95, 0.3 / 0.95, 0.15 / 0.95, 0]))
        #expect(Self.near(Self.distribution(SamplingRule(temperature: 0), p), [1, 0, 0, 0]))
        // p^2 normalised.
        let squares: [Float] = [0.25, 0.09, 0.0225, 0.0025].map { $0 / 0.365 }
        #expect(Self.near(Self.distribution(SamplingRule(temperature: 0.5), p), squares))
    }

    /// χ² with two degrees of freedom is above 13.8 once in a thousand.
    private static func chiSquare(_ counts: [Int], _ p: [Float]) -> Double {
        let total = Double(counts.reduce(0, +))
        return zip(counts, p).reduce(0) { $0 + pow(Double($1.0) - total * Double($1.1), 2) / (total * Double($1.1)) }
    }

    @Test func drawsFollowTheProbabilities() {
        let p: [Float] = [0.2, 0.5, 0.3]
        var random = SplitMix64(seed: 3)
        var counts = [0, 0, 0]
        for _ in 0..<20_000 { counts[TokenDistribution.draw(p, 3, random.unit())] += 1 }
        #expect(Self.chiSquare(counts, p) < 13.8)
    }

    /// Whatever the draft proposes, what is accepted or put in its place is distributed as the target's.
    @Test func speculationKeepsTheTargetsDistribution() {
        let p: [Float] = [0.6, 0.1, 0.3]
        for q in [[0.2, 0.5, 0.3], [0.98, 0.01, 0.01], [0.1, 0.8, 0.1]] as [[Float]] {
            var random = SplitMix64(seed: 11)
            var (counts, accepted) = ([0, 0, 0], 0)
            for _ in 0..<20_000 {
                let proposal = TokenDistribution.draw(q, 3, random.unit())
                var target = p
                let token = Speculation.verify(proposal, p: &target, q: q, count: 3, &random)
                counts[token] += 1
                accepted += token == proposal ? 1 : 0
            }
            #expect(Self.chiSquare(counts, p) < 13.8)
            // The share of accepted ones is Σ min(p, q).
            let expected = zip(p, q).reduce(0) { $0 + Double(min($1.0, $1.1)) }
            #expect(abs(Double(accepted) / 20_000 - expected) < 0.015)
        }
    }

    @Test func stopTextsAreFoundAcrossPieces() {
        let stop = [Array("STOP".utf8)]
        #expect(StopText.first(of: stop, in: Array("abSTOP".utf8)) == 2)
        #expect(StopText.certain(Array("abST".utf8), stop) == 2)
        #expect(StopText.certain(Array("abSTx".utf8), stop) == 5)
        // Half of é waits for the other half.
        #expect(StopText.certain([0x61, 0xC3], []) == 1)
        #expect(StopText.certain([0x61, 0xC3, 0xA9], []) == 3)
    }

    @Test func kernelsOfAllInstructionSetsAgree() {
        // The plain loop is the yardstick.
        let (rows, k, n) = (5, 96, 128)
        var random = SplitMix64(seed: 1)
        let x = FloatBuffer((0..<rows * k).map { _ in Float(random.unit() - 0.5) })
        let matrix = (0..<k * n).map { _ in Float(random.unit() - 0.5) }
        let expected = (0..<rows * n).map { index in
            (0..<k).reduce(0.0) { $0 + Double(x.pointer[index / n * k + $1]) * Double(matrix[$1 * n + index % n]) }
        }
        for name in Kernels.names {
            guard let result = Kernels.multiply(name, x, matrix, rows: rows, k: k, n: n) else { continue }
            #expect(zip(result, expected).allSatisfy { abs(Double($0) - $1) < 1e-4 }, "\(name)")
            // A row alone gives the same bits.
            let alone = Kernels.multiply(name, x, matrix, rows: 1, k: k, n: n)
            #expect(Array(result.prefix(n)) == alone, "\(name)")
        }
    }
}
