"""Four models' answers to GSM8K, graded by evalh and as recorded."""
import os

from .table import Row, Section

FILE = "example_model_solutions.jsonl"
ARMS = [("small", "6b_finetuning", 286), ("small-verified", "6b_verification", 515), ("large", "175b_finetuning", 458), ("large-verified", "175b_verification", 742)]


def section(evalh, folder):
    pool = evalh.pool("solutions", os.path.join(folder, FILE))
    roles = ["--role", f"main={ARMS[0][1]}"] + [part for arm, model, _ in ARMS[1:] for part in ("--role", f"{arm}={model}")]
    rows, differing = [], []
    graded, recorded = evalh.replay(pool, "solutions.yaml", *roles), evalh.replay(pool, "solutions.yaml", *roles, "--recorded-scores")
    for arm, model, published in [*ARMS, ("any", "any of the four (`oracle`)", 887)]:
        for report, how in ((graded, "evalh's numeric grader"), (recorded, "recorded `is_correct`")):
            _, low, high = report.accuracy(arm)
            count = report.items()
            rows.append(Row(f"{model}, {how}", published, "grade-school-math @ 3101c7d5, `is_correct`", report.right(arm), (low * count, high * count), unit="", digits=0))
        mine, theirs = graded.scores(arm), recorded.scores(arm)
        differing.append(sum(mine[item] != theirs[item] for item in theirs))
    return Section(
        "GSM8K, four models (`gsm8k-model-solutions`)", "Right answers of 1,319; one answer a model and question.", rows,
        f"Answers that the two graders judge differently: {sum(differing[:4])} of {4 * recorded.items():,}.")
