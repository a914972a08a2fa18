import Testing

@testable import Reporting

@Suite("Frontier of accuracy and cost")
struct FrontierTests {
    /// The definition, read out: nobody is at least as good in both and better in one; of twins only the first.
    private func byDefinition(_ rows: [Frontier.Row]) -> Set<Int> {
        Set(
            rows.indices.filter { i in
                guard !rows[i].isOracle else { return false }
                return !rows.indices.contains { j in
                    guard j != i, !rows[j].isOracle, rows[j].accuracy >= rows[i].accuracy, rows[j].cost <= rows[i].cost
                    else {
                        return false
                    }
                    return rows[j].accuracy > rows[i].accuracy || rows[j].cost < rows[i].cost || j < i
                }
            })
    }

    @Test("random rows, many of them tied, agree with the definition", arguments: 0..<300)
    func bruteForce(seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        let size = Int.random(in: 0...25, using: &random)
        let grid = [3, 8, 1000][seed % 3]
        let rows = (0..<size).map { index in
            Frontier.Row(
                name: "\(index)", accuracy: Double(Int.random(in: 0...grid, using: &random)) / Double(grid),
                cost: Double(Int.random(in: 0...grid, using: &random)),
                isOracle: Int.random(in: 0..<6, using: &random) == 0)
        }
        let found = Frontier.indices(rows)
        #expect(Set(found) == byDefinition(rows))
        #expect(Set(found).count == found.count)
        for (a, b) in zip(found, found.dropFirst()) {
            #expect(rows[a].cost < rows[b].cost)
            #expect(rows[a].accuracy < rows[b].accuracy)
        }
        #expect(Frontier.names(rows) == found.map { "\($0)" })
    }

    @Test("of equal accuracy the cheaper, of equal both the first")
    func ties() {
        let rows = [
            Frontier.Row(name: "dear", accuracy: 0.5, cost: 20), Frontier.Row(name: "cheap", accuracy: 0.5, cost: 10),
            Frontier.Row(name: "twin", accuracy: 0.5, cost: 10), Frontier.Row(name: "worse", accuracy: 0.4, cost: 10),
            Frontier.Row(name: "best", accuracy: 0.9, cost: 30),
        ]
        #expect(Frontier.names(rows) == ["cheap", "best"])
    }

    @Test("an oracle is not on the frontier and hides nobody; what has no number is passed over")
    func oracles() {
        let rows = [
            Frontier.Row(name: "oracle", accuracy: 1, cost: 1, isOracle: true),
            Frontier.Row(name: "a", accuracy: 0.2, cost: 5),
            Frontier.Row(name: "ungraded", accuracy: .nan, cost: 1),
            Frontier.Row(name: "unpriced", accuracy: 0.9, cost: .nan),
        ]
        #expect(Frontier.names(rows) == ["a"])
        #expect(Frontier.names([]).isEmpty)
    }
}

/// The same numbers on every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
