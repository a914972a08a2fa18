"""<model>/results_*.json and samples_*.jsonl, read and written again by lm-eval's own code."""
import json
import os
import tempfile

from .run import Difference, same


def text(value):
    """As lm-eval writes a document to hash it."""
    from lm_eval.utils import handle_non_serializable

    return json.dumps(value, indent=2, default=handle_non_serializable, ensure_ascii=False)


def check_line(line, run, slot, where):
    from lm_eval.result_schema import SampleResult
    from lm_eval.utils import hash_string

    missing = set(SampleResult.__annotations__) - set(line)
    same(missing, set(), f"{where}: missing keys")
    expected = {
        "doc_hash": hash_string(text(line["doc"])),
        "prompt_hash": hash_string(line["arguments"]["gen_args_0"]["arg_0"]),
        "target_hash": hash_string(line["target"]),
    }
    for name, value in expected.items():
        same(line[name], value, f"{where}: {name}")
    item = line["evalh"]["item"]
    sessions = run.by_item[slot][item]
    graded = [session for session in sessions if session["score"] is not None]
    strict = line["filter"] == "strict-match"
    scores = [s["score_strict"] if strict and s["score_strict"] is not None else s["score"] for s in graded]
    same(line["acc"], sum(scores) / len(scores), f"{where}: acc")
    same(line["target"], graded[0]["target"], f"{where}: target")
    same(line["resps"], [[s["answer"] or "" for s in graded]], f"{where}: resps")
    found = ["[invalid]" if s["extracted"] is None else s["extracted"] for s in graded]
    same(line["filtered_resps"], [found] if run.repeats > 1 else found, f"{where}: filtered_resps")
    same(line["evalh"]["errors"], len(sessions) - len(graded), f"{where}: errors")
    same(line["evalh"]["completion_tokens"], sum(s["usage"]["completion_tokens"] for s in sessions), f"{where}: tokens")
    return item


def check_rewritten(lines, path, task):
    """lm-eval's tracker, given the samples as its evaluator has them, writes the same file."""
    from lm_eval.loggers.evaluation_tracker import EvaluationTracker
    from lm_eval.utils import hash_string

    samples = []
    for line in lines:
        requests = line["arguments"].values()
        samples.append({**line, "arguments": [tuple(request.values()) for request in requests]})
    with tempfile.TemporaryDirectory() as folder:
        tracker = EvaluationTracker(output_path=folder)
        tracker.general_config_tracker.model_name_sanitized = "model"
        tracker.date_id = "now"
        tracker.save_results_samples(task, samples)
        with open(os.path.join(folder, "model", f"samples_{task}_now.jsonl"), encoding="utf-8") as file:
            again = [json.loads(line) for line in file]
    same(again, lines, f"{path}: as lm-eval writes it")
    return hash_string("".join(line["doc_hash"] + line["prompt_hash"] + line["target_hash"] for line in lines))


def check_samples(path, run, results, task):
    from datasets import load_dataset

    slot = run.slot(results["configs"][task]["metadata"]["arm"], results["configs"][task]["metadata"]["level"])
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    seen = {}
    for number, line in enumerate(lines):
        where = f"{path}:{number + 1}"
        seen.setdefault(line["filter"], set()).add(check_line(line, run, slot, where))
    graded = {item for (item, _), session in run.sessions[slot].items() if session["score"] is not None}
    for name, items in seen.items():
        same(items, graded, f"{path}: items of {name}")
    same(len(lines), 2 * len(graded), f"{path}: lines")
    same(check_rewritten(lines, path, task), results["task_hashes"][task], f"{path}: task hash")
    if lines:
        with tempfile.TemporaryDirectory() as cache:
            loaded = load_dataset("json", data_files=path, split="train", cache_dir=cache)
            same(len(loaded), len(lines), f"{path}: lines that the datasets library loads")
    metrics, arm = results["results"][task], run.arms[slot]["metrics"]
    for key, name in [("acc,flexible-extract", "accuracy"), ("acc,strict-match", "accuracy_strict"), ("tokens,none", "tokens")]:
        same(metrics.get(key), arm[name]["value"] if name in arm else None, f"{task}: {key}")
    same(results["n-samples"][task], {"original": run.summary["dataset"]["items"], "effective": len(graded)}, f"{task}: n-samples")
    return slot, len(lines)


def check_model(folder, files, run):
    from lm_eval.result_schema import EvalResults
    from lm_eval.utils import get_file_datetime, get_file_task_name, get_latest_filename, make_table, sanitize_model_name
    from lm_eval.utils import get_results_filenames, get_sample_results_filenames

    paths = [os.path.join(folder, name) for name in files]
    latest = get_latest_filename(get_results_filenames(paths))
    with open(latest, encoding="utf-8") as file:
        results = json.load(file)
    same(set(results) - set(EvalResults.__annotations__), {"evalh"}, f"{latest}: keys that lm-eval does not know")
    same(os.path.basename(folder), sanitize_model_name(results["model_name"]), f"{latest}: the model's folder")
    table = make_table(results)
    for task in results["results"].values():
        # A task without any metric, as an arm that failed throughout, has no line in the table.
        if any("," in key for key in task) and task["alias"] not in table.replace("\\", ""):
            raise Difference(f"{latest}: {task['alias']} is not in lm-eval's table")
    slots = []
    for path in get_sample_results_filenames(paths):
        name = os.path.basename(path)
        if get_file_datetime(name) != get_file_datetime(os.path.basename(latest)).replace(".json", ""):
            continue
        slot, lines = check_samples(path, run, results, get_file_task_name(name))
        slots.append(slot)
        yield slot, f"{path}: {lines} lines agree"
    same(len(slots), len(results["results"]), f"{latest}: tasks")
    yield None, f"{latest}: {len(slots)} tasks agree, lm-eval makes its table of them"


def check(run):
    slots = set()
    for folder, _, files in sorted(os.walk(run.exports)):
        if any(name.startswith("results_") for name in files):
            for slot, line in check_model(folder, files, run):
                slots |= {slot} - {None}
                yield line
    if slots:
        same(slots, set(run.arms), f"{run.exports}: arms and levels")
