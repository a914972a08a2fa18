internal import Foundation
internal import JSON
internal import Reporting

/// What a log says of itself: at its start, and at its end with results.
struct InspectHeader {
    struct Counts {
        var samples: Int
        var failed: Int
        var scored: Int
        var strictlyScored: Int
    }

    let run: ExportedRun
    let row: RunRow

    private var title: String { "\(run.description.suite)/\(row.name)" }
    private var id: String { "\(run.description.runID)-\(row.index)" }

    /// `<time>_<task>_<id>.eval`, from which Inspect lists logs without opening them.
    var fileName: String {
        let parts = [title, id].map { FileName.safe($0).replacing("_", with: "-") }
        return "\(run.started.fileName)+00-00_\(parts[0])_\(parts[1]).eval"
    }

    /// `_journal/start.json`.
    var start: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("version", 2)
            json.field("eval", eval)
            json.field("plan", plan)
        }
        return json.bytes
    }

    /// `header.json`.
    func finished(_ arm: RunSummary.Arm, _ counts: Counts) throws -> [UInt8] {
        let isFailure = counts.samples > 0 && counts.failed == counts.samples
        var json = JSONWriter()
        try json.object { json in
            json.field("version", 2)
            json.field("status", isFailure ? "error" : "success")
            json.field("eval", eval)
            json.field("plan", plan)
            try json.field("results") { try results(arm, counts, &$0) }
            json.field("stats") { json in
                json.object { json in
                    json.field("started_at", run.started.iso())
                    json.field("completed_at", "")
                    json.field("model_usage") { json in
                        json.object {
                            $0.field(row.arm.model) { InspectUsage.write(arm.usage.tokens, arm.usage.usd, &$0) }
                        }
                    }
                }
            }
            guard isFailure else { return }
            json.field("error") {
                $0.object {
                    $0.field("message", "all \(counts.samples) sessions failed (\(arm.errorKindsText))")
                    $0.field("traceback", "")
                    $0.field("traceback_ansi", "")
                }
            }
        }
        return json.bytes
    }

    private func eval(_ json: inout JSONWriter) {
        let description = run.description
        json.object { json in
            json.field("eval_id", id)
            json.field("run_id", description.runID)
            json.field("created", run.started.iso())
            json.field("task", title)
            json.field("task_id", id)
            json.field("task_args") {
                $0.object {
                    $0.field("arm", row.arm.id)
                    $0.field("level", row.levelValue)
                }
            }
            json.field("solver", row.arm.strategy)
            json.field("solver_args", row.parameters.isObject ? row.parameters : .object([]))
            json.field("dataset") {
                $0.object {
                    $0.field("name", description.datasetName)
                    $0.field("samples", description.itemCount)
                    $0.field("shuffled", false)
                }
            }
            json.field("model", row.arm.model)
            json.field("config") { json in
                json.object { json in
                    json.field("epochs", description.repeats)
                    json.field("epochs_reducer") { $0.array { $0.add("mean") } }
                    json.field("fail_on_error", false)
                }
            }
            json.field("packages") { $0.object { $0.field("evalh", description.provenance["tool"] ?? "") } }
            json.field("metadata") { json in
                json.object { json in
                    json.field("evalh") { json in
                        json.object { json in
                            json.field("suite", description.suite)
                            json.field("oracle", row.arm.isOracle)
                            json.field("dataset_sha256", description.datasetDigest)
                            json.field(
                                "provenance", JSONValue(provenance: description.provenance))
                        }
                    }
                }
            }
            json.field("scorers") { json in
                json.array { json in
                    for name in [InspectSample.scorer, InspectSample.scorer + "_strict"] {
                        json.object { $0.field("name", name) }
                    }
                }
            }
        }
    }

    private func plan(_ json: inout JSONWriter) {
        json.object { json in
            json.field("name", "plan")
            json.field("steps") { json in
                json.array { json in
                    json.object {
                        $0.field("solver", row.arm.strategy)
                        $0.field("params", row.parameters.isObject ? row.parameters : .object([]))
                    }
                }
            }
            json.field("config") { $0.object { _ in } }
        }
    }

    private func results(_ arm: RunSummary.Arm, _ counts: Counts, _ json: inout JSONWriter) throws {
        let summary = try JSONValue(encoding: arm).sorted
        json.object { json in
            json.field("total_samples", run.sessionsPerRow)
            json.field("completed_samples", counts.samples - counts.failed)
            json.field("scores") { json in
                json.array { json in
                    score(InspectSample.scorer, arm.metrics["accuracy"], counts.scored, counts, &json)
                    if counts.strictlyScored > 0 {
                        score(
                            InspectSample.scorer + "_strict", arm.metrics["accuracy_strict"], counts.strictlyScored,
                            counts, &json)
                    }
                }
            }
            json.field("metadata") { json in json.object { $0.field("evalh") { $0.add(summary) } } }
        }
    }

    private func score(
        _ name: String, _ metric: RunSummary.Metric?, _ scored: Int, _ counts: Counts, _ json: inout JSONWriter
    ) {
        json.object { json in
            json.field("name", name)
            json.field("scorer", name)
            json.field("reducer", "mean")
            json.field("scored_samples", scored)
            json.field("unscored_samples", counts.samples - scored)
            json.field("metrics") { json in
                json.object { json in
                    let values = [
                        ("accuracy", metric?.value), ("stderr", metric?.stderr), ("ci_low", metric?.ciLow),
                        ("ci_high", metric?.ciHigh),
                    ]
                    for (name, value) in values {
                        guard let value, value.isFinite else { continue }
                        json.field(name) {
                            $0.object {
                                $0.field("name", name)
                                $0.field("value", value)
                            }
                        }
                    }
                }
            }
        }
    }
}

extension JSONValue {
    var isObject: Bool { members != nil }

    /// Facts of a run's making, in the order of their names.
    init(provenance: [String: String]) {
        self = .object(provenance.sorted { $0.key < $1.key }.map { Member($0.key, .string($0.value)) })
    }
}
