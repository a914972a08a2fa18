import EvalhStatistics
import Testing

/// What leaving layers out saves, against the formula worked out by hand.
struct KineticsToldTests {
    /// W = 2 layers · 4 elements: 8, of two query heads 16.
    private static let shape = ModelShape(
        parameters: 100, layers: 2, heads: 2, kvHeads: 1, headSize: 4, bytes: 1, intensity: 3)

    @Test func `an early exit costs what its layers and its work come to`() {
        // L = 10 tokens after K = 7, each from half of the layers, with 6 tokens' work in all.
        let cost = KineticsCost.told(
            Self.shape, prompt: 7, completions: [ToldCompletion(tokens: 10, depth: 5, compute: 6)])
        let read: Double = 2 * 7 * 5 + 10 * 5
        #expect(cost.linear == 1200)
        #expect(cost.attention == read * 32)
        #expect(cost.memory == 24 * read)
    }

    @Test func `completions share the reading of their prompt, as often as the deepest needs it`() {
        let cost = KineticsCost.told(
            Self.shape, prompt: 7,
            completions: [
                ToldCompletion(tokens: 10, depth: 5, compute: 6), ToldCompletion(tokens: 4, depth: 4, compute: 4),
            ])
        let read: Double = 2 * 7 * 5 + 10 * 5 + 4 * 4
        #expect(cost.linear == 2000)
        #expect(cost.memory == 24 * read)
    }

    @Test(arguments: [[], [0], [1], [500], [3, 900, 41]])
    func `at full depth it is dense attention`(completions: [Int]) {
        let told = KineticsCost.told(
            Self.shape, prompt: 200, completions: completions.map { ToldCompletion(tokens: $0) })
        #expect(told == KineticsCost.dense(Self.shape, prompt: 200, completions: completions))
    }

    @Test func `every layer left out is cheaper`() {
        let costs = (1...8).map { layer in
            let share = 80 * Double(layer) / 8
            return KineticsCost.told(
                Self.shape, prompt: 40, completions: [ToldCompletion(tokens: 80, depth: share, compute: share)]
            ).total
        }
        #expect(zip(costs, costs.dropFirst()).allSatisfy { $0 < $1 })
    }
}
