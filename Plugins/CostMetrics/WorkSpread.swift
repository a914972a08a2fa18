import EvalhPluginKit
import EvalhStatistics

struct WorkSpread: Metric {
    struct Parameters: PluginParameters {
        @Parameter("What a session's work is.") var cost = Cost.tokens
    }

    static let descriptor = Descriptor(
        id: "work-spread", version: "1.0.0", title: "How much work the ordinary item takes, and the slowest",
        description: """
            For strategies that decide when to stop. Cost follows the mean, the time of a batch the slowest item. For
            each level of each arm:

            - `work_mean`: the mean work of a session.
            - `work_max`: the work of the slowest item of a repeat, the mean over repeats.
            - `work_ratio`: work_mean / work_max, in (0, 1]: 1 where all items take the same, small where a batch waits
              for a few.

            `cost` is `tokens` (generated, default), `total_tokens`, `usd`, `seconds` of the critical path, or \
            `eflops`. The detail has the `worst` session of all, and the largest mean over items of any repeat \
            (`worst_repeat_mean`). Failed sessions
            are left out and counted.

            Interval: of the mean Student's t, clustered by item; none for the others, as a maximum grows with the \
            number of items: compare arms on the same items only.
            """,
        source: """
            Feuilloley 2017, How Long It Takes for an Ordinary Node with an Ordinary ID to Output?, arXiv:1704.05739: \
            items as nodes, repeats as assignments of IDs
            """,
        outputs: ["work_mean", "work_max", "work_ratio"])

    private let work: Cost
    private var levels = ArmLevelTable<Level>()

    init(parameters: Parameters, seed: UInt64) {
        work = parameters.cost
    }

    private struct Level {
        var mean = ClusteredMean()
        /// By repeat.
        var repeats: [Int: (sessions: Double, sum: Double, largest: Double)] = [:]
        var errors = 0
    }

    mutating func add(_ row: SessionRow) throws {
        guard row.score != nil else {
            levels[row.armLevel, default: Level()].errors += 1
            return
        }
        let amount = try work.of(row)
        levels[row.armLevel, default: Level()].mean.add(amount, cluster: row.item)
        let before = levels[row.armLevel, default: Level()].repeats[row.repeatIndex] ?? (0, 0, 0)
        levels[row.armLevel, default: Level()].repeats[row.repeatIndex] = (
            before.sessions + 1, before.sum + amount, max(before.largest, amount)
        )
    }

    func result() -> [MetricValue] { levels.all.flatMap { values(of: $0.value, $0.key) } }

    private func values(of level: Level, _ key: ArmLevel) -> [MetricValue] {
        let errors = JSONValue.Member("errors", .integer(level.errors))
        guard let mean = level.mean.mean() else {
            return Self.descriptor.outputs.map { .refused($0, of: key, "no session was graded", detail: [errors]) }
        }
        let repeats = level.repeats.sorted { $0.key < $1.key }.map(\.value)
        let slowest = repeats.reduce(0) { $0 + $1.largest } / Double(repeats.count)
        let detail: [JSONValue.Member] = [
            .init("cost", .string(work.rawValue)), .init("repeats", .integer(repeats.count)),
            .init("worst", .double(repeats.reduce(0) { max($0, $1.largest) })),
            .init("worst_repeat_mean", .double(repeats.reduce(0) { max($0, $1.sum / $1.sessions) })), errors,
        ]
        return [
            MetricValue("work_mean", of: key, mean, detail: detail),
            MetricValue("work_max", of: key, .init(slowest, percentilesOf: nil, items: mean.n), detail: detail),
            slowest > 0
                ? MetricValue(
                    "work_ratio", of: key, .init(mean.value / slowest, percentilesOf: nil, items: mean.n),
                    detail: detail)
                : .refused("work_ratio", of: key, "no session did any work", detail: detail),
        ]
    }
}
