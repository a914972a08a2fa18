import EvalhPluginKit
import EvalhStatistics

/// A share of the items, more of those where answers are uncertain, weighted so that means stand for all.
struct ActiveItems: Allocator {
    struct Parameters: PluginParameters {
        @Parameter(required: "Items that are answered, of all.", range: 2...100_000_000) var items: Int
        @Parameter("A field of the items that says how hard they are: numbers or words.") var difficulty = ""
        @Parameter("A row that answers every item first: how it did says how hard an item is.") var pilot = ""
        @Parameter("Groups of items of like difficulty, where it is a number.", range: 1...1000) var strata = 5
        @Parameter("Share of the items that probes all strata alike, where there is no pilot.", above: 0, below: 1)
        var probe = 0.3

        func validate() throws {
            guard difficulty.isEmpty != pilot.isEmpty else {
                throw ParameterError("give either difficulty or pilot: how hard items are")
            }
        }
    }

    static let descriptor = Descriptor(
        id: "active-items", version: "1.0.0",
        title: "Active item selection: fewer items, more of those where answers are uncertain",
        description: """
            Items are put into strata by predicted difficulty: by the field `difficulty` (equal groups of numbers, or \
            one for each word), or by how the `pilot` row answered them (right or wrong, then short or long). Then \
            `items` of them are drawn, by chance within a stratum, and more from strata where scores vary more \
            (Neyman's allocation): as the pilot's scores vary, or as those of a first `probe` share of the items do, \
            which is drawn from all strata alike. Deviations are √(p(1−p)) with one right and one wrong beforehand.

            Every item has a weight; weighted means are unbiased for all items, exactly: where the allocation looked \
            at a probe, the probe's items stand for themselves only, and the later ones for all that the probe left. \
            Reports use the weights everywhere.

            - `active_accuracy` is the weighted mean of each row with the stratified interval; the interval of a \
            report's `accuracy` does not know the strata and is wider.
            - A pilot answers all items; in weighted means it counts on the chosen ones only, as all rows do, so that
              comparisons stay paired.
            - An item that fails in a row has no score there: that row's mean misses it.
            """,
        source: "Neyman 1934, JRSS 97:558; Cochran 1977, Sampling Techniques, §5.5 and §12 (two phases)",
        outputs: ["active_accuracy"])

    private enum Stage {
        case pilot, probe, rest, done
    }

    private let parameters: Parameters
    private let allocation: Allocation
    private let pilot: Int?
    private var strata: [Int]
    private var random: SplitMix64
    private var stage: Stage
    /// In the order of drawing; the probe's first.
    private var chosen: [Int] = []
    private var probed = 0
    /// By item and row: sum and number of scores.
    private var scores: [[Int]: (sum: Double, count: Double)] = [:]
    private var lengths: [Int: Double] = [:]

    init(parameters: Parameters, allocation: Allocation, seed: UInt64) throws {
        self.parameters = parameters
        self.allocation = allocation
        random = SplitMix64(seed: seed)
        pilot = parameters.pilot.isEmpty ? nil : try RowName.find(parameters.pilot, in: allocation, parameter: "pilot")
        strata =
            pilot == nil
            ? try Strata.byField(parameters.difficulty, of: allocation, count: parameters.strata)
            : Array(repeating: 0, count: allocation.itemCount)
        stage = allocation.itemCount == 0 ? .done : pilot == nil ? .probe : .pilot
    }

    mutating func add(_ row: SessionRow) {
        guard let score = row.score, let place = allocation.row(of: row) else { return }
        let old = scores[[row.item, place]] ?? (0, 0)
        scores[[row.item, place]] = (old.sum + score, old.count + 1)
        if place == pilot { lengths[row.item] = Double(row.usage.completionTokens) }
    }

    mutating func next() -> AllocationRound {
        switch stage {
        case .pilot:
            stage = .rest
            let wishes = (0..<allocation.itemCount).map {
                AllocationRound.Wish(item: $0, row: pilot ?? 0, more: allocation.repeats)
            }
            return AllocationRound(wishes, reason: "the pilot answers all items")
        case .probe:
            stage = .rest
            let count = Int((Double(wanted) * parameters.probe).rounded(.up))
            draw(count, deviations: Array(repeating: 1, count: stratumCount))
            probed = chosen.count
            return round(of: chosen[...], reason: "a probe of \(probed) items")
        case .rest:
            stage = .done
            if let pilot { strata = pilotStrata(pilot) }
            let first = chosen.count
            draw(wanted - first, deviations: deviations)
            return round(of: chosen[first...], reason: "\(chosen.count) of \(allocation.itemCount) items")
        case .done:
            return AllocationRound([], reason: "\(chosen.count) of \(allocation.itemCount) items are answered")
        }
    }

    private var wanted: Int { min(parameters.items, allocation.itemCount) }
    private var stratumCount: Int { (strata.max() ?? 0) + 1 }

    private func round(of items: ArraySlice<Int>, reason: String) -> AllocationRound {
        AllocationRound(
            items.flatMap { item in
                allocation.rows.indices.filter { $0 != pilot }.map {
                    .init(item: item, row: $0, more: allocation.repeats)
                }
            }, reason: reason)
    }

    /// Right and short, right and long, wrong and short, wrong and long.
    private func pilotStrata(_ pilot: Int) -> [Int] {
        let ranks = Strata.byRank((0..<allocation.itemCount).map { lengths[$0] ?? 0 }, count: 2)
        return (0..<allocation.itemCount).map { item in
            let score = scores[[item, pilot]].map { $0.sum / $0.count } ?? 0
            return (score >= 0.5 ? 0 : 2) + ranks[item]
        }
    }

    /// Draws further items, each stratum's by chance.
    private mutating func draw(_ count: Int, deviations: [Double]) {
        var left = Array(repeating: [Int](), count: stratumCount)
        let taken = Set(chosen)
        for item in 0..<allocation.itemCount where !taken.contains(item) { left[strata[item]].append(item) }
        let counts = NeymanAllocation.allocate(sizes: left.map(\.count), deviations: deviations, draws: count)
        for stratum in left.indices {
            left[stratum].shuffle(using: &random)
            chosen += left[stratum].prefix(counts[stratum])
        }
    }

    /// √(p(1−p)) of each stratum: of the pilot's scores, or of all rows' on the probe.
    private var deviations: [Double] {
        var totals = Array(repeating: (right: 1.0, count: 2.0), count: stratumCount)
        for item in pilot == nil ? chosen : Array(0..<allocation.itemCount) {
            for row in allocation.rows.indices where pilot == nil || row == pilot {
                guard let score = scores[[item, row]] else { continue }
                totals[strata[item]].right += score.sum / score.count
                totals[strata[item]].count += 1
            }
        }
        return totals.map { ($0.right / $0.count * (1 - $0.right / $0.count)).squareRoot() }
    }

    /// Each stratum's items: all, of the probe, drawn after it.
    private var sizes: [(all: Double, probed: Double, later: Double)] {
        var sizes = Array(repeating: (all: 0.0, probed: 0.0, later: 0.0), count: stratumCount)
        for stratum in strata { sizes[stratum].all += 1 }
        for (place, item) in chosen.enumerated() {
            if place < probed { sizes[strata[item]].probed += 1 } else { sizes[strata[item]].later += 1 }
        }
        return sizes
    }

    /// A probed item stands for itself, a later one for its share of what the probe left of its stratum.
    func weights() -> [ItemWeight]? {
        guard !chosen.isEmpty else { return nil }
        let sizes = sizes
        let unit = Double(chosen.count) / Double(allocation.itemCount)
        return chosen.enumerated().map { place, item in
            let size = sizes[strata[item]]
            return ItemWeight(item: item, weight: place < probed ? unit : unit * (size.all - size.probed) / size.later)
        }
    }

    func result() -> [MetricValue] {
        guard stage == .done, let weights = weights() else { return [] }
        return allocation.rows.enumerated().compactMap { place, row in
            let values = weights.compactMap { weight in
                scores[[weight.item, place]].map {
                    (item: weight.item, weight: weight.weight, score: $0.sum / $0.count)
                }
            }
            guard !values.isEmpty else { return nil }
            let mean = values.reduce(0) { $0 + $1.weight * $1.score } / Double(values.count)
            let stderr = standardError(values.map { ($0.item, $0.score) })
            return MetricValue(
                "active_accuracy", arm: row.arm, levelIndex: row.levelIndex, value: mean,
                low: stderr.map { mean - 1.959964 * $0 },
                high: stderr.map { mean + 1.959964 * $0 }, standardError: stderr, n: values.count,
                method: "stratified, normal")
        }
    }

    /// Σ ((N − n₁)/N_all)² · s²/n₂ · (1 − n₂/(N − n₁)) over strata, with s of all scores seen there; `nil` where a
    /// stratum that was not taken whole has fewer than two.
    private func standardError(_ scores: [(item: Int, score: Double)]) -> Double? {
        var variance = 0.0
        for (stratum, size) in sizes.enumerated() where size.all > size.probed + size.later {
            let seen = scores.filter { strata[$0.item] == stratum }.map(\.score)
            guard seen.count > 1, size.later > 0 else { return nil }
            let share = (size.all - size.probed) / Double(allocation.itemCount)
            let deviation = Moments(seen).deviation
            variance += share * share * deviation * deviation / size.later * (1 - size.later / (size.all - size.probed))
        }
        return variance.squareRoot()
    }
}
