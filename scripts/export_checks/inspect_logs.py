"""inspect/*.eval, read by Inspect itself."""
import os
import zipfile

from .run import same

# Samples of a log that are also read one by one.
SINGLY = 200


def usage(found, expected, where):
    pairs = [
        (found.input_tokens + (found.input_tokens_cache_read or 0), expected["prompt_tokens"]),
        (found.input_tokens_cache_read, expected["cached_prompt_tokens"]),
        (found.output_tokens, expected["completion_tokens"]),
        (found.total_tokens, expected["prompt_tokens"] + expected["completion_tokens"]),
        (found.reasoning_tokens, expected["reasoning_tokens"]),
        (found.total_cost, expected["usd"]),
    ]
    for value, wanted in pairs:
        same(value, wanted, f"{where}: usage")


def check_sample(sample, session, model, where):
    same(sample.target, session["target"], f"{where}: target")
    same(sample.output.completion, session["answer"] or "", f"{where}: answer")
    usage(sample.model_usage[model], session["usage"], where)
    scores = {"grader": session["score"], "grader_strict": session["score_strict"]}
    expected = {} if session["error"] else {name: score for name, score in scores.items() if score is not None}
    same({name: score.value for name, score in (sample.scores or {}).items()}, expected, f"{where}: scores")
    for score in (sample.scores or {}).values():
        same(score.answer, session["extracted"], f"{where}: extracted")
    error = session["error"] and f"{session['error']['kind']}: {session['error']['message']}"
    same(sample.error and sample.error.message, error, f"{where}: error")
    draws = [event for event in sample.events if event.event == "model"]
    same(len(draws), min(len(session["requests"]), 1000), f"{where}: model events")
    for event, draw in zip(draws, session["requests"]):
        same(event.output.usage.output_tokens, draw["completion_tokens"], f"{where}: tokens of a draw")


def check_log(path, run):
    from inspect_ai.log import read_eval_log, read_eval_log_sample, read_eval_log_sample_summaries

    with zipfile.ZipFile(path) as archive:
        same(archive.testzip(), None, f"{path}: broken member")
        methods = {member.compress_type for member in archive.infolist()}
        same(methods, {zipfile.ZIP_DEFLATED}, f"{path}: methods")
    log = read_eval_log(path)
    slot = run.slot(log.eval.task_args["arm"], log.eval.task_args["level"])
    arm, sessions = run.arms[slot], run.sessions[slot]
    complete = run.is_complete(slot)
    failed = complete and arm["sessions"] > 0 and arm["errors"] == arm["sessions"]
    same(log.status, "error" if failed else "success" if complete else "started", f"{path}: status")
    same((log.eval.model, log.eval.solver), (arm["model"], arm["strategy"]), f"{path}: model and solver")
    same(len(log.samples), len(sessions), f"{path}: samples")
    for sample in log.samples:
        key = sample.metadata["evalh"]["item"], sample.epoch - 1
        check_sample(sample, sessions[key], log.eval.model, f"{path}: {key}")
    summaries = read_eval_log_sample_summaries(path)
    same({(s.id, s.epoch) for s in summaries}, {(s.id, s.epoch) for s in log.samples}, f"{path}: ids of summaries")
    by_id = {(sample.id, sample.epoch): sample for sample in log.samples}
    for summary in summaries:
        sample = by_id[summary.id, summary.epoch]
        values = [{n: s.value for n, s in (x.scores or {}).items()} for x in (summary, sample)]
        same(values[0], values[1], f"{path}: scores of summary {summary.id}")
        same(summary.error is None, sample.error is None, f"{path}: error of summary {summary.id}")
        same(summary.model_usage, sample.model_usage, f"{path}: usage of summary {summary.id}")
    for sample in log.samples[:SINGLY]:
        alone = read_eval_log_sample(path, sample.id, sample.epoch)
        same(alone.model_dump(), sample.model_dump(), f"{path}: {sample.id} read alone")
    if complete:
        check_results(path, log, arm, sessions)
    return slot, len(log.samples), log.status


def check_results(path, log, arm, sessions):
    usage(log.stats.model_usage[log.eval.model], arm["usage"], f"{path}: stats")
    same(log.results.completed_samples, arm["sessions"] - arm["errors"], f"{path}: completed samples")
    accuracy = arm["metrics"].get("accuracy")
    score = log.results.scores[0]
    same(score.scored_samples, sum(s["score"] is not None for s in sessions.values()), f"{path}: scored samples")
    if accuracy:
        same(score.metrics["accuracy"].value, accuracy["value"], f"{path}: accuracy")
    scores = {}
    for (item, _), session in sessions.items():
        if session["score"] is not None:
            scores.setdefault(item, []).append(session["score"])
    names = {sample.id: sample.metadata["evalh"]["item"] for sample in log.samples}
    reduced = {names[s.sample_id]: s.value for reduction in log.reductions or [] for s in reduction.samples}
    same(set(reduced), set(scores), f"{path}: reduced items")
    for item, values in scores.items():
        same(reduced[item], sum(values) / len(values), f"{path}: mean of {item!r}")


def check(run):
    folder = os.path.join(run.exports, "inspect")
    if not os.path.isdir(folder):
        return
    from inspect_ai.analysis import evals_df, samples_df
    from inspect_ai.log import list_eval_logs

    listed = list_eval_logs(folder)
    paths = sorted(os.path.join(folder, name) for name in os.listdir(folder))
    same(len(listed), len(paths), f"{folder}: logs that Inspect lists")
    found = {}
    for path in paths:
        slot, samples, status = check_log(path, run)
        found[slot] = samples
        yield f"{path}: {samples} samples agree, status {status}"
    same(set(found), set(run.arms), f"{folder}: arms and levels")
    same(len(evals_df(folder, quiet=True)), len(paths), f"{folder}: records of evals_df")
    same(len(samples_df(folder, quiet=True)), sum(found.values()), f"{folder}: records of samples_df")
    yield f"{folder}: {len(paths)} logs, {sum(found.values())} samples as data frames"
