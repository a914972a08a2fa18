import Completions
import EvalhStatistics
import Measurement
import Testing

private func near(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
    a.map { abs($0 - b) <= tolerance } ?? false
}

private func cell(_ score: Double, sessions: Int = 1, tokens: Double = 100, usd: Double? = nil) -> ItemCell {
    var means = SessionMeans()
    for (number, value) in [
        (SessionNumber.tokens, tokens), (.totalTokens, tokens + 50), (.usd, usd), (.criticalPath, 1),
    ] {
        means[number] = value
    }
    return ItemCell(sessions: sessions, scoreSum: score, means: means)
}

private func row(_ name: String, _ cells: [ItemCell?], level: String = "") -> ItemRow {
    ItemRow(arm: name, level: level, strategy: "s", model: "m", cells: cells)
}

private func table(_ rows: ItemRow..., ids: [String]? = nil) -> ItemTable {
    ItemTable(ids: ids ?? (0..<(rows.first?.cells.count ?? 0)).map { "i\($0)" }, rows: rows)
}

@Suite("Comparing rows item by item")
struct RowComparisonTests {
    /// a is right on the first 70 of 100 items, b on the first 58 and on three of the last.
    private let a = row("x", (0..<100).map { cell($0 < 70 ? 1 : 0) })
    private let b = row("x", (0..<100).map { cell($0 < 58 || $0 >= 97 ? 1 : 0) })

    private func compare(_ a: ItemTable, _ b: ItemTable, _ metric: ComparedMetric = .accuracy, margin: Double? = nil)
        throws
        -> PairedComparison
    {
        try #require(RowComparison(a, b).compare([(0, 0)], by: metric, margin: margin).first)
    }

    @Test func `one repeat of right or wrong gets McNemar's test and the flipped items`() throws {
        let found = try compare(table(a), table(b))
        #expect(near(found.meanA, 0.70) && near(found.meanB, 0.61) && near(found.difference.value, 0.09))
        #expect(found.test == "exact McNemar")
        #expect(near(found.pValue, McNemar.exact(aOnly: 12, bOnly: 3)) && near(found.pAdjusted, found.pValue ?? 0))
        #expect(found.aOnly.map(\.item) == (58..<70).map { "i\($0)" })
        #expect(found.bOnly.map(\.item) == ["i97", "i98", "i99"])
        #expect(found.difference.method == "BCa bootstrap or score interval, the wider" && found.difference.n == 100)
        let (low, high) = (try #require(found.difference.ciLow), try #require(found.difference.ciHigh))
        #expect(low > 0.01 && low < 0.04 && high > 0.14 && high < 0.18)
        // The variance of the differences is 15/100 − 0.09², over 99.
        let stderr = ((0.15 - 0.0081) / 99).squareRoot()
        #expect(near(found.difference.stderr, stderr) && near(found.detectable, 2.8015852 * stderr, 1e-7))
        #expect(found.marginTest == nil)
    }

    @Test func `turning the sides round turns the sign round`() throws {
        let (there, back) = (try compare(table(a), table(b)), try compare(table(b), table(a)))
        #expect(near(back.difference.value, -there.difference.value))
        #expect(near(back.difference.ciLow, -(there.difference.ciHigh ?? 0), 0.011))
        #expect(back.pValue == there.pValue && back.aOnly.count == 3 && back.bOnly.count == 12)
    }

    @Test func `items are matched by id, whatever their order, and those of one side are named`() throws {
        let left = table(row("x", [cell(1), cell(0), cell(1), nil]), ids: ["p", "q", "r", "s"])
        let right = table(row("x", [cell(1), cell(0), cell(0), cell(1)]), ids: ["t", "r", "q", "s"])
        let found = try compare(left, right)
        #expect(found.difference.n == 2 && found.meanA == 0.5 && found.meanB == 0)
        #expect(found.aOnly.map(\.item) == ["r"] && found.bOnly.isEmpty)
        #expect(found.onlyInA == ["p"] && found.onlyInB == ["t", "s"])
        #expect(RowComparison(left, table(row("x", [cell(1)]), ids: ["z"])).compare([(0, 0)], by: .accuracy).isEmpty)
    }

    @Test func `repeats are judged by permutation, and flip where the mean crosses one half`() throws {
        let means: [(Double, Double)] = [(4, 0), (3, 1), (2, 1), (1, 3), (0, 4), (4, 4), (3, 2)]
        let found = try compare(
            table(row("x", means.map { cell($0.0, sessions: 4) })),
            table(row("x", means.map { cell($0.1, sessions: 4) })))
        #expect(found.test == "exact sign-flip permutation")
        #expect(near(found.pValue, PairedPermutation.test([4, 2, 1, -2, -4, 0, 1], seed: 1)?.pValue ?? 0))
        #expect(found.aOnly.map(\.item) == ["i0", "i1", "i6"] && found.aOnly.map(\.a) == [1, 0.75, 0.75])
        #expect(found.bOnly.map(\.item) == ["i4", "i3"])
    }

    @Test func `costs are compared where both sides have them`() throws {
        let left = table(
            row("x", [cell(1, tokens: 120, usd: 1), cell(1, tokens: 90, usd: nil), cell(0, tokens: 80, usd: 2)]))
        let right = table(row("x", [cell(1, usd: 3), cell(1, usd: 2), cell(0, usd: 3)]))
        let tokens = try compare(left, right, .mean(.tokens))
        #expect(
            near(tokens.difference.value, -10.0 / 3) && tokens.aOnly.isEmpty
                && tokens.test == "exact sign-flip permutation")
        let usd = try compare(left, right, .mean(.usd))
        #expect(usd.difference.n == 2 && usd.difference.value == -1.5 && usd.onlyInB == ["i1"])
        #expect(try compare(left, right, .mean(.totalTokens)).difference.value == tokens.difference.value)
    }

    @Test func `items that all agree get as wide an interval as items not seen deserve`() throws {
        let same = try compare(table(a), table(a), margin: 0.02)
        #expect(same.difference.value == 0 && same.pValue == 1 && same.detectable == nil)
        #expect(near(same.difference.ciHigh, 0.037, 1e-3) && near(same.difference.ciLow, -0.037, 1e-3))
        #expect(same.marginTest?.verdict == .inconclusive)
        let one = try compare(table(row("x", [cell(0)])), table(row("x", [cell(1)])), margin: 0.02)
        #expect(one.difference.ciLow == -1 && one.pValue == 1 && one.marginTest?.verdict == .inconclusive)
        let many = table(row("x", (0..<400).map { cell($0 % 2 == 0 ? 1 : 0) }))
        #expect(try compare(many, many, margin: 0.02).marginTest?.verdict == .pass)
        let alone = try compare(
            table(row("x", [cell(1, tokens: 5)])), table(row("x", [cell(1, tokens: 7)])), .mean(.tokens), margin: 1)
        #expect(
            alone.difference.ciLow == nil && alone.difference.method == "one item"
                && alone.marginTest?.verdict == .inconclusive)
    }

    @Test func `the same rows give the same numbers again`() throws {
        let (first, second) = (try compare(table(a), table(b)), try compare(table(a), table(b)))
        #expect(first.difference == second.difference)
    }
}

@Suite("Verdicts with a margin")
struct MarginVerdictTests {
    /// 400 items; a loses the first `lost` of those b gets right, and gains `won` others.
    private func tables(lost: Int, won: Int) -> (ItemRow, ItemRow) {
        let b = (0..<400).map { $0 < 200 ? 1.0 : 0 }
        let a = (0..<400).map { index in index < lost ? 0 : index < 200 ? 1 : index < 200 + won ? 1 : 0.0 }
        return (row("x", a.map { cell($0) }), row("x", b.map { cell($0) }))
    }

    @Test(arguments: [(10, 12, Verdict.pass), (10, 8, .inconclusive), (60, 10, .fail), (2, 0, .pass)])
    func `losses and gains decide`(_ lost: Int, _ won: Int, _ verdict: Verdict) throws {
        let (a, b) = tables(lost: lost, won: won)
        let found = try #require(RowComparison(table(a), table(b)).compare([(0, 0)], by: .accuracy, margin: 0.02).first)
        let test = try #require(found.marginTest)
        #expect(test.verdict == verdict)
        let (p, q) = (try #require(test.pNonInferior), try #require(test.pInferior))
        // Two methods are asked, and the larger p-values taken.
        #expect(p + q >= 1 && p + q < 1.1)
        #expect((p <= 0.025) == (verdict == .pass) && (q <= 0.025) == (verdict == .fail))
    }

    @Test func `of costs more is worse`() throws {
        let noise = (0..<60).map { Double($0 % 7) }
        let dear = table(row("x", noise.map { cell(1, tokens: 130 + $0) }))
        let cheap = table(row("x", noise.indices.map { cell(1, tokens: 100 + noise[($0 * 11 + 3) % 60]) }))
        func verdict(_ a: ItemTable, _ b: ItemTable, _ margin: Double) -> Verdict? {
            RowComparison(a, b).compare([(0, 0)], by: .mean(.tokens), margin: margin).first?.marginTest?.verdict
        }
        #expect(verdict(dear, cheap, 10) == .fail)
        #expect(verdict(cheap, dear, 10) == .pass)
        #expect(verdict(dear, cheap, 30) == .inconclusive)
        #expect(verdict(dear, cheap, 40) == .pass)
    }

    /// One row of twelve that is just beyond the margin is what chance makes; alone it fails.
    @Test func `many rows must fail more clearly than one`() throws {
        let (bad, base) = tables(lost: 26, won: 6)
        let fine = row(
            "x",
            base.cells.enumerated().map {
                cell($0.offset % 40 == 0 ? 1 - ($0.element?.scoreSum ?? 0) : $0.element?.scoreSum ?? 0)
            })
        let alone = RowComparison(table(bad), table(base)).compare([(0, 0)], by: .accuracy, margin: 0.02)
        #expect(alone.first?.marginTest?.verdict == .fail)
        let rows = ItemTable(ids: table(base).ids, rows: [bad] + [ItemRow](repeating: fine, count: 11))
        let all = RowComparison(rows, table(base)).compare((0..<12).map { ($0, 0) }, by: .accuracy, margin: 0.02)
        #expect(all[0].marginTest?.verdict == .inconclusive)
        #expect(near(all[0].marginTest?.pInferiorAdjusted, 12 * (all[0].marginTest?.pInferior ?? 0)))
        #expect(all.dropFirst().allSatisfy { $0.pAdjusted == 1 })
    }
}

@Suite("Which rows belong together")
struct RowPairingTests {
    private let left = table(
        row("greedy", []), row("sc", [], level: "samples=4"), row("sc", [], level: "samples=8"), row("only-a", []))
    private let right = table(
        row("sc", [], level: "samples=8"), row("greedy", []), row("sc", [], level: "samples=16"),
        row("esc", [], level: "samples=8"))

    @Test func `rows of the same arm and level are pairs, and what has no partner is named`() throws {
        let all = try RowPairing.sameName(left, right)
        #expect(all.pairs.map(\.a) == [0, 2] && all.pairs.map(\.b) == [1, 0])
        #expect(all.onlyA == ["sc@samples=4", "only-a"] && all.onlyB == ["sc@samples=16", "esc@samples=8"])
        let some = try RowPairing.sameName(left, right, arms: ["sc@8", "sc@samples=16"])
        #expect(some.pairs.map(\.a) == [2] && some.onlyA.isEmpty && some.onlyB == ["sc@samples=16"])
    }

    @Test func `two arms are compared level by level, or one row with each`() throws {
        let levels = try RowPairing.between("sc", of: left, "sc", of: right)
        #expect(levels.map(\.a) == [2] && levels.map(\.b) == [0])
        #expect(try RowPairing.between("sc", of: left, "greedy", of: left).map(\.a) == [1, 2])
        #expect(try RowPairing.between("greedy", of: left, "esc", of: right).map(\.b) == [3])
        #expect(try RowPairing.between("sc@4", of: left, "sc@8", of: left).map(\.b) == [2])
    }

    @Test func `an unknown arm is refused with what there is`() {
        #expect(
            throws: RowPairing.Mistake(
                description: "there is no arm scc; there are: greedy, sc@samples=4, sc@samples=8, only-a")
        ) {
            try RowPairing.between("greedy", of: left, "scc", of: left)
        }
        #expect(throws: RowPairing.Mistake.self) { try RowPairing.sameName(left, right, arms: ["sc@5"]) }
        let far = table(row("sc", [], level: "samples=1"), row("sc", [], level: "samples=2"))
        #expect(throws: RowPairing.Mistake.self) { try RowPairing.between("sc", of: left, "sc", of: far) }
    }
}
