internal import Completions
internal import Files
internal import JSON
internal import Reporting

/// `arms.csv`: one record an arm and level, its metrics with their 95 % intervals.
enum ArmTable {
    private static let head =
        [
            "arm", "level", "oracle", "strategy", "model", "params", "items", "sessions", "errors", "truncated_rate",
        ] + usage.map { "\($0.name)" } + [
            "critical_path_p50_s", "critical_path_p90_s", "critical_path_p99_s", "ttft_p50_s", "ttft_p90_s",
            "ttft_p99_s",
        ]
    private static let usage = SessionField.counted.filter(\.isUsage)

    static func write(_ summary: RunSummary, to path: String) throws -> String {
        let metrics = Set(summary.arms.flatMap(\.metrics.keys)).sorted()
        let file = try WholeFile(path)
        var line = CSVLine()
        for name in head + metrics.flatMap({ [$0, $0 + "_ci_low", $0 + "_ci_high", $0 + "_stderr", $0 + "_n"] }) {
            line.add(name)
        }
        try file.write(line.end())
        for arm in summary.arms { try file.write(record(arm, metrics)) }
        try file.finish()
        return path
    }

    private static func record(_ arm: RunSummary.Arm, _ metrics: [String]) -> [UInt8] {
        var params = JSONWriter()
        params.add(arm.params)
        var line = CSVLine()
        line.add(arm.id)
        line.add(arm.level?.label)
        line.add(arm.oracle ? "true" : "false")
        line.add(arm.strategy)
        line.add(arm.model)
        line.add(String(decoding: params.bytes, as: UTF8.self))
        line.add(arm.items)
        line.add(arm.sessions)
        line.add(arm.errors)
        line.add(arm.truncatedRate)
        let total = SessionMeasure(usage: arm.usage.tokens, usd: arm.usage.usd)
        for field in usage { line.add(field.value(total)) }
        for percentiles in [arm.latency.criticalPath, arm.latency.firstToken] {
            for value in [percentiles?.p50, percentiles?.p90, percentiles?.p99] { line.add(value) }
        }
        for name in metrics {
            let metric = arm.metrics[name]
            for value in [metric?.value, metric?.ciLow, metric?.ciHigh, metric?.stderr] { line.add(value) }
            line.add(metric?.n)
        }
        return line.end()
    }
}
