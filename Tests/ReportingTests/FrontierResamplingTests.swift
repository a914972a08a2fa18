import Testing

@testable import Reporting

@Suite("How sure a frontier is")
struct FrontierResamplingTests {
    private func cell(_ score: Float, _ tokens: Float) -> FrontierResampling.Cell {
        .init(
            score: score,
            costs: FrontierResampling.axes.map { axis in
                switch axis {
                case .tokens: tokens
                case .totalTokens: tokens + 5
                case .eflops: tokens * 2
                default: .nan
                }
            })
    }

    @Test("a row that is better on every item is always on it, one that is beaten on every item never")
    func certain() {
        var table = FrontierResampling(rows: 3)
        for _ in 0..<20 { table.add([cell(1, 10), cell(0, 20), cell(1, 30)]) }
        let results = table.results(seed: 1, isOracle: [false, false, false])
        #expect(results[.tokens]?.onFrontier == [1, 0, 0])
        #expect(results[.totalTokens]?.dominance[0] == [0, 1, 1])
        #expect(results[.eflops]?.dominance[1] == [0, 0, 0])
        #expect(results[.usd] == nil)
    }

    @Test("two rows of which each is right on half of the items share the chance")
    func even() throws {
        var table = FrontierResampling(rows: 2)
        for item in 0..<40 { table.add([cell(item % 2 == 0 ? 1 : 0, 10), cell(item % 2 == 1 ? 1 : 0, 20)]) }
        let result = try #require(table.results(seed: 2, isOracle: [false, false])[.tokens])
        // The cheap one always; the dear one where it is strictly better, a little less than half of the time.
        #expect(result.onFrontier[0] == 1)
        #expect((0.35...0.5).contains(result.onFrontier[1]))
        #expect(abs(result.dominance[0][1] + result.onFrontier[1] - 1) < 1e-12)
        #expect(result.dominance[1][0] == 0)
    }

    @Test("oracles and rows without sessions are left out, and one item proves nothing")
    func edges() throws {
        var table = FrontierResampling(rows: 3)
        table.add([cell(1, 10), cell(1, 1), .init()])
        #expect(table.results(seed: 3, isOracle: [false, true, false]).isEmpty)
        table.add([cell(1, 10), cell(1, 1), .init()])
        let result = try #require(table.results(seed: 3, isOracle: [false, true, false])[.tokens])
        #expect(result.onFrontier == [1, 0, 0])
        #expect(result.dominance.joined().allSatisfy { $0 == 0 })
        #expect(FrontierResampling(rows: 0).results(seed: 0, isOracle: []).isEmpty)
    }
}
