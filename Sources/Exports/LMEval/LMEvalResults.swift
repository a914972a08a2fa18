internal import Foundation
internal import JSON
internal import Reporting

/// `results_<time>.json` of one model: all its tasks.
struct LMEvalResults {
    let run: ExportedRun
    let model: String
    let rows: [(row: RunRow, task: LMEvalExport.Task)]
    let summary: RunSummary

    /// Metrics of evalh beside `acc`, and whether more is better.
    private static let costs = ["samples", "tokens", "total_tokens", "usd_per_session"]

    var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            perTask("results", results, &json)
            perTask("group_subtasks", { _, _, json in json.array { _ in } }, &json)
            perTask("configs", configuration, &json)
            perTask("versions", { _, _, json in json.add(0) }, &json)
            perTask("n-shot", { _, _, json in json.add(0) }, &json)
            perTask("higher_is_better", higherIsBetter, &json)
            perTask("n-samples", counts, &json)
            json.field("config", config)
            json.field("git_hash", nil as String?)
            json.field("date", run.started.unix)
            json.field("pretty_env_info", run.description.provenance["tool"] ?? "evalh")
            json.field("transformers_version", "N/A")
            json.field("lm_eval_version", "0.4.13")
            json.field("upper_git_hash", nil as String?)
            perTask("task_hashes", { _, task, json in json.add(task.hash) }, &json)
            json.field("model_source", "evalh")
            json.field("model_name", model)
            json.field("model_name_sanitized", LMEvalExport.sanitized(model: model))
            for key in [
                "system_instruction", "system_instruction_sha", "fewshot_as_multiturn", "chat_template",
                "chat_template_sha",
            ] {
                json.field(key, nil as String?)
            }
            json.field("total_evaluation_time_seconds", nil as String?)
            json.field("evalh") {
                $0.object {
                    $0.field("run_id", run.description.runID)
                    $0.field("status", summary.status.rawValue)
                    $0.field("dataset_sha256", run.description.datasetDigest)
                    $0.field("provenance", JSONValue(provenance: run.description.provenance))
                }
            }
        }
        return json.bytes
    }

    private typealias Writer = (RunRow, LMEvalExport.Task, inout JSONWriter) -> Void

    private func perTask(_ key: String, _ write: Writer, _ json: inout JSONWriter) {
        json.field(key) { json in
            json.object { json in for (row, task) in rows { json.field(task.name) { write(row, task, &$0) } } }
        }
    }

    private func results(_ row: RunRow, _ task: LMEvalExport.Task, _ json: inout JSONWriter) {
        let metrics = summary.arms[row.index].metrics
        json.object { json in
            json.field("name", task.name)
            json.field("alias", row.name.description)
            json.field("sample_len", task.documents)
            func add(_ name: String, _ filter: String, _ metric: RunSummary.Metric?) {
                guard let metric, metric.value.isFinite else { return }
                json.field("\(name),\(filter)", metric.value)
                json.field("\(name)_stderr,\(filter)") {
                    if let stderr = metric.stderr, stderr.isFinite { $0.add(stderr) } else { $0.add("N/A") }
                }
            }
            add("acc", LMEvalSamples.filters[0], metrics["accuracy"])
            add("acc", LMEvalSamples.filters[1], metrics["accuracy_strict"])
            for name in Self.costs { add(name, "none", metrics[name]) }
        }
    }

    private func configuration(_ row: RunRow, _ task: LMEvalExport.Task, _ json: inout JSONWriter) {
        json.object { json in
            json.field("task", task.name)
            json.field("dataset_path", run.description.datasetName)
            json.field("output_type", "generate_until")
            json.field("num_fewshot", 0)
            json.field("repeats", run.description.repeats)
            json.field("metric_list") { $0.array { $0.object { $0.field("metric", "acc") } } }
            json.field("filter_list") { json in
                json.array { json in for filter in LMEvalSamples.filters { json.object { $0.field("name", filter) } } }
            }
            json.field("metadata") {
                $0.object {
                    $0.field("version", 0)
                    $0.field("arm", row.arm.id)
                    $0.field("level", row.levelValue)
                    $0.field("strategy", row.arm.strategy)
                    $0.field("params", row.parameters)
                    $0.field("oracle", row.arm.isOracle)
                }
            }
        }
    }

    private func higherIsBetter(_ row: RunRow, _ task: LMEvalExport.Task, _ json: inout JSONWriter) {
        json.object { json in
            json.field("acc", true)
            for name in Self.costs { json.field(name, false) }
        }
    }

    private func counts(_ row: RunRow, _ task: LMEvalExport.Task, _ json: inout JSONWriter) {
        json.object {
            $0.field("original", run.description.itemCount)
            $0.field("effective", task.documents)
        }
    }

    private func config(_ json: inout JSONWriter) {
        json.object { json in
            json.field("model", "evalh")
            json.field("model_args") { $0.object { $0.field("model", model) } }
            json.field("batch_size", nil as Int?)
            for key in ["device", "use_cache", "limit"] { json.field(key, nil as String?) }
            json.field("bootstrap_iters", 0)
            json.field("gen_kwargs", nil as String?)
            let seed = run.description.provenance["seed"].flatMap { Int($0) } ?? 0
            for key in ["random_seed", "numpy_seed", "torch_seed", "fewshot_seed"] { json.field(key, seed) }
        }
    }
}
