"""Date understanding: ten samples a question and their majority."""
import collections
import json
import os

from .figures import clustered, mean
from .table import Row, Section

FILE = "date_np.json"
SOURCE = "verify_cot @ b458aa02, its `majority_correct`"
PERMUTATIONS = 50


def majority(answers, target, silent):
    """Share of the most frequent answers that is right."""
    counts = collections.Counter(answer for answer in answers if answer not in silent)
    best = [answer for answer in counts if counts[answer] == max(counts.values())]
    return mean([answer == target for answer in best]) if best else 0.0


def section(evalh, folder):
    path = os.path.join(folder, FILE)
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    options = ("--show", "answer", "--recorded-scores")
    pool = evalh.pool("date", path)
    report = evalh.replay(pool, "date.yaml", *options, "--permutations", str(PERMUTATIONS))
    ordered = evalh.replay(pool, "date.yaml", *options)
    each, arms = evalh.one_arm_a_sample(
        "date", [(row["question"], row["final_answer"], list(zip(row["pred_answers"], row["per_sample_correct"]))) for row in data])
    per_item = [each.scores(arm) for arm in arms]
    single = clustered([mean([scores[item] for scores in per_item]) for item in per_item[0]])
    exact = [majority(row["pred_answers"], row["final_answer"], ("", "No answer!")) for row in data]
    voting = [majority(row["pred_answers"], row["final_answer"], ("",)) for row in data]
    ties = sum(len(row["majority_results"]) > 1 for row in data)
    same = sum(abs(mine - row["majority_correct"]) < 1e-9 for mine, row in zip(exact, data))
    value, *interval = report.accuracy("sc10")
    first, *first_interval = ordered.accuracy("sc10")
    best, *best_interval = each.accuracy("any")
    rows = [
        Row("majority of 10, exact over tied answers", 72.49, SOURCE, mean(exact), clustered(exact)[1:]),
        Row(f"majority of 10, evalh over {PERMUTATIONS} orders", 72.49, SOURCE, value, tuple(interval), why=f"first-seen ties; orders sampled to ± {196 * report.order_error('sc10'):.2f} points"),
        Row("majority of 10, evalh in recorded order", 72.49, SOURCE, first, tuple(first_interval), why="the first seen of tied answers wins instead of the mean over them"),
        Row("single sample", 62.36, "per_sample_correct of the same file", single[0], single[1:]),
        Row("any of 10 (`oracle`)", 82.93, "per_sample_correct of the same file", best, tuple(best_interval)),
        Row("majority of 10 if \"No answer!\" votes", None, "", mean(voting), clustered(voting)[1:])]
    return Section(
        "Date understanding (`verify-cot-date`)",
        f"GPT-3.5, 369 questions × 10. The source counts every tied answer by its share: {ties} questions have a tie, and a tie of n answers with the right one among them is "
        "1/n right. It has no empty answers but 206 \"No answer!\"; those do not vote, also where they are the most frequent. "
        f"So counted, {same} of {len(data)} questions have the file's `majority_correct`. In evalh the suite's pattern keeps \"No answer!\" from voting.",
        rows)
