internal import EvalhStatistics

/// Compares rows of two tables, or of one with itself.
package struct RowComparison: Sendable {
    private let a: ItemTable
    private let b: ItemTable
    private let match: ItemMatch

    package init(_ a: ItemTable, _ b: ItemTable) {
        self.a = a
        self.b = b
        match = ItemMatch(a.ids, b.ids)
    }

    /// All pairs, with p-values adjusted over them. Pairs without a common item are left out.
    /// - Parameters:
    ///   - pairs: Places of rows in a's table and in b's.
    ///   - margin: How much worse a may be, at least 0; `nil`: no verdict is asked for.
    package func compare(_ pairs: [(a: Int, b: Int)], by metric: ComparedMetric, margin: Double? = nil)
        -> [PairedComparison]
    {
        var found = pairs.compactMap { compare(a.rows[$0.a], b.rows[$0.b], metric, margin) }
        let adjusted = Holm.adjusted(found.map(\.pValue))
        let inferior = Holm.adjusted(found.map { $0.marginTest?.pInferior })
        for index in found.indices {
            found[index].pAdjusted = adjusted[index]
            found[index].marginTest?.pInferiorAdjusted = inferior[index]
            found[index].judge()
        }
        return found
    }

    private func compare(_ rowA: ItemRow, _ rowB: ItemRow, _ metric: ComparedMetric, _ margin: Double?)
        -> PairedComparison?
    {
        var values: [Double] = []
        var (sumA, sumB) = (0.0, 0.0)
        var isBinary = metric == .accuracy
        var flips = Flips()
        var (onlyA, onlyB) = (
            match.onlyA.filter { rowA.cells[$0]?.value(metric) != nil }.map { a.ids[$0] },
            match.onlyB.filter { rowB.cells[$0]?.value(metric) != nil }.map { b.ids[$0] }
        )
        for place in match.both {
            let (cellA, cellB) = (rowA.cells[place.a], rowB.cells[place.b])
            switch (cellA?.value(metric), cellB?.value(metric)) {
            case (let valueA?, let valueB?):
                values.append(valueA - valueB)
                sumA += valueA
                sumB += valueB
                isBinary = isBinary && cellA?.isBinary == true && cellB?.isBinary == true
                if metric == .accuracy { flips.add(.init(item: a.ids[place.a], a: valueA, b: valueB)) }
            case (_?, nil): onlyA.append(a.ids[place.a])
            case (nil, _?): onlyB.append(a.ids[place.a])
            case (nil, nil): break
            }
        }
        guard !values.isEmpty else { return nil }
        let differences = PairedDifferences(values, range: metric.isCost ? nil : -1...1, isBinary: isBinary)
        let test = differences.test
        return PairedComparison(
            a: rowA.name, b: rowB.name, metric: metric, meanA: sumA / Double(values.count),
            meanB: sumB / Double(values.count),
            difference: differences.estimate, pValue: test.pValue, pAdjusted: nil, test: test.name,
            detectable: differences.detectable,
            marginTest: margin.map { Self.marginTest(differences, metric, $0) }, aOnly: flips.sorted(flips.aOnly),
            bOnly: flips.sorted(flips.bOnly), onlyInA: onlyA, onlyInB: onlyB)
    }

    private static func marginTest(
        _ differences: PairedDifferences, _ metric: ComparedMetric, _ margin: Double
    ) -> PairedComparison.MarginTest {
        let p = differences.pValues(at: metric.isCost ? margin : -margin)
        let (nonInferior, inferior) = metric.isCost ? (p?.atLeast, p?.atMost) : (p?.atMost, p?.atLeast)
        return .init(margin: margin, verdict: .inconclusive, pNonInferior: nonInferior, pInferior: inferior)
    }
}

/// Items that one row got right and the other did not.
private struct Flips {
    private(set) var aOnly: [PairedComparison.Flip] = []
    private(set) var bOnly: [PairedComparison.Flip] = []

    mutating func add(_ flip: PairedComparison.Flip) {
        if flip.a > 0.5, flip.b <= 0.5 { aOnly.append(flip) }
        if flip.b > 0.5, flip.a <= 0.5 { bOnly.append(flip) }
    }

    func sorted(_ flips: [PairedComparison.Flip]) -> [PairedComparison.Flip] {
        flips.enumerated().sorted { first, second in
            let (x, y) = (abs(first.element.a - first.element.b), abs(second.element.a - second.element.b))
            return x == y ? first.offset < second.offset : x > y
        }.map(\.element)
    }
}

extension PairedComparison {
    /// Pass: the whole interval is within the margin. All rows must pass for a gate to pass, so that no correction is
    /// due there (Berger 1982, Technometrics 24:295). Fail: the whole interval is beyond it, and still is when it is
    /// borne in mind that some of many rows always look bad (Holm).
    mutating func judge() {
        guard let test = marginTest else { return }
        let (low, high) =
            metric.isCost
            ? (difference.ciHigh.map { -$0 }, difference.ciLow.map { -$0 }) : (difference.ciLow, difference.ciHigh)
        var verdict = NonInferiority.verdict(low: low, high: high, margin: test.margin)
        if verdict == .fail, let p = test.pInferiorAdjusted, p > 0.025 { verdict = .inconclusive }
        marginTest?.verdict = Verdict(verdict)
    }
}

extension Verdict {
    init(_ verdict: NonInferiority.Verdict) {
        self =
            switch verdict {
            case .pass: .pass
            case .fail: .fail
            case .inconclusive: .inconclusive
            }
    }
}
