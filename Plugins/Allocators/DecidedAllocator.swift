import EvalhPluginKit
import EvalhStatistics

/// Stops when a comparison is decided.
struct DecidedAllocator: Allocator {
    struct Parameters: PluginParameters {
        @Parameter(required: "The row in question: an arm's id, or id@level.") var a: String
        @Parameter(required: "The row it is compared with.") var b: String
        @Parameter("How much worse a may be than b.", range: 0...1) var margin = 0.0
        @Parameter("Stop also when the interval of a − b is narrower than this; 0: never.", range: 0...2) var width =
            0.0
        @Parameter("The chance, at most, that the interval ever leaves out the truth.", above: 0, below: 1) var alpha =
            0.05
        @Parameter("Items a round.", range: 1...100_000) var batch = 16
    }

    static let descriptor = Descriptor(
        id: "decided", version: "1.0.0", title: "Stops as soon as a comparison of two arms is decided",
        description: """
            Items come in a seeded random order, `batch` a round; on each, all arms and levels answer `repeats` times. \
            After every round the paired difference a − b of the items' mean scores has a confidence sequence: an \
            interval that holds at all times at once with chance 1 − `alpha`, so looking after every round costs \
            nothing. The run ends when a ≥ b − `margin` is certain (`decided_difference`'s whole interval is at or \
            above −margin), when the opposite is, when the interval is narrower than `width`, or when
            the items are used up.

            - An item on which a or b has no graded session says nothing and is passed over.
            - The intervals of other rows are ordinary ones, made for a number of items fixed beforehand: after an \
            early stop they are a little too narrow. What was decided is said by `decided_difference`.
            - The items are treated as drawn with replacement, which is conservative.
            """,
        source: "Waudby-Smith and Ramdas 2024, JRSS B 86:1, theorem 3", outputs: ["decided_difference"])

    private let parameters: Parameters
    private let allocation: Allocation
    private let rows: (a: Int, b: Int)
    private let order: [Int]
    private var used = 0
    private var sums: [Int: (a: Double, b: Double, countA: Double, countB: Double)] = [:]
    private var sequence: ConfidenceSequence
    private var path: [JSONValue] = []

    init(parameters: Parameters, allocation: Allocation, seed: UInt64) throws {
        self.parameters = parameters
        self.allocation = allocation
        rows = (
            try RowName.find(parameters.a, in: allocation, parameter: "a"),
            try RowName.find(parameters.b, in: allocation, parameter: "b")
        )
        guard rows.a != rows.b else { throw ParameterError("a and b name the same row") }
        var random = SplitMix64(seed: seed)
        order = (0..<allocation.itemCount).shuffled(using: &random)
        sequence = ConfidenceSequence(range: -1...1, alpha: parameters.alpha)
    }

    mutating func add(_ row: SessionRow) {
        guard let score = row.score, let place = allocation.row(of: row) else { return }
        var sum = sums[row.item] ?? (0, 0, 0, 0)
        if place == rows.a { (sum.a, sum.countA) = (sum.a + score, sum.countA + 1) }
        if place == rows.b { (sum.b, sum.countB) = (sum.b + score, sum.countB + 1) }
        sums[row.item] = sum
    }

    mutating func next() -> AllocationRound {
        look()
        if let verdict { return AllocationRound([], reason: verdict) }
        guard used < order.count else {
            return AllocationRound([], reason: "undecided after all \(order.count) items: \(shown)")
        }
        let items = order[used..<min(order.count, used + parameters.batch)]
        let wishes = items.flatMap { item in
            allocation.rows.indices.map { AllocationRound.Wish(item: item, row: $0, more: allocation.repeats) }
        }
        used += items.count
        return AllocationRound(wishes, reason: "\(used) of \(order.count) items: \(shown)")
    }

    /// Takes the last round's items into the sequence, in the order in which they were drawn.
    private mutating func look() {
        guard !sums.isEmpty else { return }
        for item in order[..<used] {
            guard let sum = sums.removeValue(forKey: item), sum.countA > 0, sum.countB > 0 else { continue }
            sequence.add(sum.a / sum.countA - sum.b / sum.countB)
        }
        let interval = sequence.interval
        path.append(.array([.integer(sequence.count), .double(interval.low), .double(interval.high)]))
    }

    private var verdict: String? {
        guard sequence.count > 0 else { return nil }
        let interval = sequence.interval
        let place = "after \(used) of \(order.count) items: \(shown)"
        if interval.low >= -parameters.margin { return "\(parameters.a) ≥ \(parameters.b)\(slack) is decided \(place)" }
        if interval.high < -parameters.margin { return "\(parameters.a) < \(parameters.b)\(slack) is decided \(place)" }
        if parameters.width > 0, interval.high - interval.low < parameters.width {
            return "the interval is narrow enough \(place)"
        }
        return nil
    }

    private var slack: String { parameters.margin > 0 ? " − \(parameters.margin)" : "" }

    private var shown: String {
        guard let mean = sequence.mean else { return "nothing compared yet" }
        func text(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
        return "difference \(text(mean)) [\(text(sequence.interval.low)), \(text(sequence.interval.high))]"
    }

    func result() -> [MetricValue] {
        let interval = sequence.interval
        let step = max(1, path.count / 200)
        let shown = path.indices.filter { $0 % step == 0 || $0 == path.count - 1 }.map { path[$0] }
        let detail = JSONValue.object([
            .init("a", .string(parameters.a)), .init("b", .string(parameters.b)),
            .init("margin", .double(parameters.margin)),
            .init("items_used", .integer(used)), .init("path", .array(shown)),
        ])
        return [
            MetricValue(
                "decided_difference", value: sequence.mean, low: interval.low, high: interval.high, n: sequence.count,
                method: "confidence sequence, holds at all times", detailJSON: detail.description)
        ]
    }
}
