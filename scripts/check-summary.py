#!/usr/bin/env python3
"""check-summary.py RUN ITEMS: checks a run's summary.json against its samples.jsonl, recounted here."""
import collections
import json
import os
import sys


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, items = sys.argv[1], int(sys.argv[2])
    with open(os.path.join(folder, "summary.json")) as file:
        summary = json.load(file)
    assert summary["schema"] == "evalh.summary/1", summary["schema"]
    assert summary["status"] == "complete", summary["status"]
    assert summary["dataset"]["items"] == items, summary["dataset"]
    scores, tokens = collections.defaultdict(list), collections.Counter()
    with open(os.path.join(folder, "samples.jsonl")) as file:
        for line in file:
            row = json.loads(line)
            assert row["error"] is None, row["error"]
            key = (row["arm"], json.dumps(row["level"], sort_keys=True))
            scores[key].append(row["score"])
            tokens[key] += row["usage"]["completion_tokens"]
    assert {(arm["id"], json.dumps(arm["level"], sort_keys=True)) for arm in summary["arms"]} == set(scores) != set(), list(scores)
    for arm in summary["arms"]:
        key = (arm["id"], json.dumps(arm["level"], sort_keys=True))
        assert arm["errors"] == 0 and arm["items"] == items, arm
        accuracy = arm["metrics"]["accuracy"]
        assert len(scores[key]) == arm["sessions"], (len(scores[key]), arm)
        recount = sum(scores[key]) / len(scores[key])
        assert 0 <= accuracy["value"] <= 1 and abs(accuracy["value"] - recount) < 1e-12, (accuracy, recount)
        assert accuracy["ci_low"] <= accuracy["value"] <= accuracy["ci_high"], accuracy
        assert arm["usage"]["prompt_tokens"] > 0 and arm["usage"]["completion_tokens"] > 0, arm["usage"]
        assert arm["usage"]["completion_tokens"] == tokens[key], (arm["usage"], tokens[key])
        print(f"{arm['id']}: {arm['items']} items, accuracy {accuracy['value']:.3f} as recounted, {tokens[key]} completion tokens")
    print("summary.json agrees with samples.jsonl")


main()
