"""Votes and pass@k of our own recorded pools, at each number of samples."""
import json

from .figures import clustered, majority_over_subsets, mean, pass_at_k
from .table import Row, Section

SIZES = (1, 2, 3, 4, 5, 6, 8)
PERMUTATIONS = 200
SOURCE = "shared/pools/README.md"
PUBLISHED = {
    "easy-arith": (
        "pool-qwen2.5-coder-0.5b-k8-t0.8.json", 51.5, (50.6, 53.2, 59.5, 62.9, 66.2, 68.3, 70.3), (51.5, 68.5, 76.4, 80.7, 83.2, 84.6, 86.0),
        "50 generated problems × 8, Qwen2.5-Coder-0.5B"),
    "gsm8k-qwen1.5b": (
        "pool-qwen2.5-coder-1.5b-first20-k8-t0.8.json", 27.5, (27.6, 27.9, 29.8, 32.7, 34.4, 35.8, 41.3), (27.5, 40.9, 49.6, 55.9, 60.7, 64.5, 70.0),
        "first 20 test questions of GSM8K × 8, Qwen2.5-Coder-1.5B")}


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def section(evalh, folder, name):
    file, single, votes, passes, text = PUBLISHED[name]
    path = f"{folder}/{file}"
    data = load(path)
    answers = [[sample["ans"] for sample in row["samples"]] for row in data]
    right = [sum(answer == row["gold"] for answer in found) for found, row in zip(answers, data)]
    report = evalh.replay(evalh.pool(name, path), "votes.yaml", "--show", "answer", "--permutations", str(PERMUTATIONS))
    each, _ = evalh.one_arm_a_sample(name, [(row["q"], row["gold"], [(a or "", a == row["gold"]) for a in found]) for row, found in zip(data, answers)])
    centre, low, high = clustered([count / 8 for count in right])
    rows = [Row("mean of all samples", single, SOURCE, centre, (low, high), digits=1)]
    for k, published in zip(SIZES, votes):
        exact = [majority_over_subsets(found, row["gold"], k) for found, row in zip(answers, data)]
        centre, low, high = clustered(exact)
        why = ""
        if abs(centre * 100 - published) > 0.05 + 1e-9:
            why = "ours is exact; the published one seems to come from resampling" if k > 1 else f"ours is the mean, as it must be at k = 1; the published one seems to come from resampling and is {abs(centre * 100 - published):.1f} off it"
        rows.append(Row(f"maj@{k}, exact", published, SOURCE, centre, (low, high), digits=1, why=why))
        arm = f"vote@samples={k}"
        value, *interval = report.accuracy(arm)
        error = 196 * report.order_error(arm)
        away = 100 * (value - centre)
        fits = "as it must" if abs(away) <= max(1.6 * error, 1e-9) else "MORE than chance explains"
        rows.append(Row(
            f"maj@{k}, evalh over {PERMUTATIONS} orders", published, SOURCE, value, tuple(interval), digits=1,
            why=f"{away:+.2f} from exact, orders sampled to ± {error:.2f}: {fits}"))
    for k, published in zip(SIZES, passes):
        centre, low, high = clustered([pass_at_k(8, count, k) for count in right])
        rows.append(Row(f"pass@{k}, exact", published, SOURCE, centre, (low, high), digits=1))
    best, *interval = each.accuracy("any")
    rows.append(Row("pass@8, evalh's `oracle` over the samples", passes[-1], SOURCE, best, tuple(interval), digits=1))
    return Section(
        f"Votes and pass@k (`{name}`)",
        f"{text}, temperature 0.8. *Exact*: over all draws of k of the 8 samples, ties shared among the tied answers, empty answers without a vote, all from the recorded answers. *evalh*: "
        f"`self-consistency` on {PERMUTATIONS} orders of the samples; the first seen of tied answers wins, which over orders is a random one.", rows)
