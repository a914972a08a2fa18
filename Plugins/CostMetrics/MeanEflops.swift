import EvalhPluginKit
import EvalhStatistics

struct MeanEflops: Metric {
    static let descriptor = Descriptor(
        id: "eflops", version: "2.0.0", title: "Mean equivalent floating-point operations of a session",
        description: """
            `mean_eflops`: what decoding a session's completions costs in floating-point operations and in those that \
            reading the key-value cache keeps the machine from doing, eFLOPs = C_comp + I·C_mem; the mean over graded \
            sessions, for each level of each arm. The prompt's own computation and reading the weights are not \
            counted. Needs the `shape` of every model an arm asks; without it the metric is an error that names the \
            arm. Failed sessions are left out and counted.

            Interval: Student's t, clustered by item.
            """,
        source: "Sadhukhan et al. 2025, Kinetics: Rethinking Test-Time Scaling Laws, arXiv:2506.05333, the cost model",
        outputs: ["mean_eflops"])

    private var levels = ArmLevelTable<(mean: ClusteredMean, errors: Int)>()

    init(parameters: NoParameters, seed: UInt64) {}

    mutating func add(_ row: SessionRow) throws {
        if row.score == nil {
            levels[row.armLevel, default: (ClusteredMean(), 0)].errors += 1
        } else {
            levels[row.armLevel, default: (ClusteredMean(), 0)].mean.add(try Cost.eflops.of(row), cluster: row.item)
        }
    }

    func result() -> [MetricValue] {
        levels.all.map { key, level in
            let errors = JSONValue.Member("errors", .integer(level.errors))
            guard let estimate = level.mean.mean() else {
                return .refused("mean_eflops", of: key, "no session was graded", detail: [errors])
            }
            return MetricValue("mean_eflops", of: key, estimate, detail: [errors])
        }
    }
}
