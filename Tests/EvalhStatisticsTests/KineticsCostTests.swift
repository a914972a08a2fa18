import EvalhStatistics
import Testing

struct KineticsCostTests {
    /// As Qwen3-8B and Qwen3-0.6B are built.
    private static let large = ModelShape(parameters: 8.19e9, layers: 36, heads: 32, kvHeads: 8, headSize: 128)
    private static let small = ModelShape(parameters: 0.752e9, layers: 28, heads: 16, kvHeads: 8, headSize: 128)

    private func agrees(_ cost: KineticsCost, _ linear: Double, _ attention: Double, _ memory: Double) -> Bool {
        zip([cost.linear, cost.attention, cost.memory], [linear, attention, memory]).allSatisfy {
            abs($0 / 1e12 - $1) < 0.006
        }
    }

    /// TFLOP, from the published cost model.
    @Test(arguments: [
        (1024, 1, 16.77, 0.43, 60.47), (8192, 1, 134.18, 20.76, 2919.03), (32768, 1, 536.74, 320.52, 45073.8),
        (8192, 8, 1073.48, 166.06, 22401.01),
    ])
    func `dense attention costs what the paper's model says`(
        _ tokens: Int, _ count: Int, _ linear: Double, _ attention: Double, _ memory: Double
    ) {
        let cost = KineticsCost.dense(Self.large, prompt: 200, completions: Array(repeating: tokens, count: count))
        #expect(agrees(cost, linear, attention, memory) || abs(cost.memory / 1e12 - memory) < 0.06)
        #expect(abs(cost.linear / 1e12 - linear) < 0.006 && abs(cost.attention / 1e12 - attention) < 0.006)
    }

    @Test func `a model eleven times smaller is only a third cheaper`() {
        let small = KineticsCost.dense(Self.small, prompt: 200, completions: [8192])
        let large = KineticsCost.dense(Self.large, prompt: 200, completions: [8192])
        #expect(agrees(small, 12.32, 8.07, 2270.36))
        #expect(abs(large.total / 1e12 - 3073.97) < 0.02 && abs(small.total / 1e12 - 2290.75) < 0.02)
        #expect(abs(large.total / small.total - 1.34) < 0.005)
    }

    @Test func `top-k attention reads no more than its budget`() {
        let cost = KineticsCost.topK(Self.large, prompt: 200, completions: [32768], budget: 1024)
        #expect(agrees(cost, 536.74, 19.59, 2754.98))
        let blocks = KineticsCost.blockTopK(
            Self.large, prompt: 200, completions: [32768], local: 0, blocks: 64, block: 16)
        #expect(blocks.linear == cost.linear && blocks.attention > cost.attention && blocks.memory > cost.memory)
    }

    @Test func `completions share the prompt's cache, and only that`() {
        let one = KineticsCost.dense(Self.large, prompt: 1000, completions: [500])
        let four = KineticsCost.dense(Self.large, prompt: 1000, completions: [500, 500, 500, 500])
        let alone = KineticsCost.dense(Self.large, prompt: 0, completions: [500])
        #expect(four.linear == 4 * one.linear && four.attention == 4 * one.attention)
        #expect(abs(four.memory - (one.memory + 3 * alone.memory)) < 1e-3 * four.memory / 1e6)
        #expect(KineticsCost.dense(Self.large, prompt: 100, completions: []) == .zero)
        #expect(KineticsCost.dense(Self.large, prompt: 100, completions: [0]).total == 0)
    }
}
