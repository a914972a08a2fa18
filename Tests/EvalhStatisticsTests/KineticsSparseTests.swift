import EvalhStatistics
import Testing

private func near(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool { abs(a - b) <= tolerance }

struct KineticsSparseTests {
    private static let unit = ModelShape(parameters: 1, layers: 1, heads: 1, kvHeads: 1, headSize: 1)

    /// C = 2NPL + 2rN·K·D·L + rN·D·L² + 2I·K·D·L + I·N·D·L².
    @Test(arguments: [1, 3, 16]) func `equal lengths give the paper's formula`(_ trials: Int) {
        let shape = ModelShape(parameters: 1000, layers: 2, heads: 6, kvHeads: 3, headSize: 4, intensity: 10)
        let (n, prompt, length, d, r) = (Double(trials), 7.0, 5.0, Double(2 * 3 * 4 * 2), 2.0)
        let computed = 2 * n * 1000 * length + 2 * r * n * prompt * d * length + r * n * d * length * length
        let expected = computed + 2 * 10 * prompt * d * length + 10 * n * d * length * length
        let cost = KineticsCost.dense(shape, prompt: 7, completions: Array(repeating: 5, count: trials))
        #expect(near(cost.total, expected, 1e-6) && near(cost.linear + cost.attention, computed, 1e-6))
    }

    @Test func `of unequal lengths the prompt is read as often as the longest has tokens`() {
        let shape = ModelShape(parameters: 1, layers: 1, heads: 1, kvHeads: 1, headSize: 1, intensity: 1)
        let cost = KineticsCost.dense(shape, prompt: 10, completions: [3, 5])
        #expect(near(cost.linear, 2 * 8, 1e-9))
        #expect(near(cost.attention, 2 * (23 * 3 + 25 * 5), 1e-9))
        #expect(near(cost.memory, 2 * (2 * 10 * 5 + 9 + 25), 1e-9))
    }

    @Test(arguments: [(0, 10, 4), (3, 10, 7), (20, 10, 7), (3, 10, 13), (3, 10, 100), (0, 1, 1), (0, 100, 1024)])
    func `with a budget of keys each token reads all there are up to the budget`(
        _ prompt: Int, _ length: Int, _ budget: Int
    ) {
        // The integral of min(budget, prompt + t), by the middle of small steps.
        let steps = 1000 * length
        let read = (0..<steps).reduce(0.0) {
            $0 + min(Double(budget), Double(prompt) + (Double($1) + 0.5) / 1000) / 1000
        }
        let cost = KineticsCost.topK(Self.unit, prompt: prompt, completions: [length], budget: budget)
        #expect(near(cost.attention, 4 * read, 1e-3))
        if prompt + length <= budget {
            #expect(near(cost.total, KineticsCost.dense(Self.unit, prompt: prompt, completions: [length]).total, 1e-6))
        }
    }

    @Test func `the search for blocks is added to what is read of them`() {
        let shape = ModelShape(parameters: 1, layers: 3, heads: 4, kvHeads: 2, headSize: 5, intensity: 1)
        let (n, prompt, length) = (3.0, 40.0, 100.0)
        let exact = KineticsCost.topK(shape, prompt: 40, completions: [100, 100, 100], budget: 10 + 4 * 8)
        let blocks = KineticsCost.blockTopK(
            shape, prompt: 40, completions: [100, 100, 100], local: 10, blocks: 4, block: 8)
        let compared = n * ((2 * prompt + length) / 8).rounded(.down) * length * 4 * 5 * 3
        let read = ((2 * prompt + n * length) / 8).rounded(.down) * length * 2 * 5 * 3
        #expect(
            near(blocks.attention - exact.attention, compared, 1e-6) && near(blocks.memory - exact.memory, read, 1e-6))
    }
}
