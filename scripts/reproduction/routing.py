"""Routing between a weak and a strong model on GSM8K."""
import csv
import json
import operator
import os
import random

from .figures import mean
from .table import Row, Section

FILE, LEFT_OUT = "gsm8k_responses.csv", "contaminated_prompts.jsonl"
WEAK, STRONG = "mistralai/Mixtral-8x7B-Instruct-v0.1", "gpt-4-1106-preview"
ROLES = ("--role", f"main={WEAK}", "--role", f"strong={STRONG}", "--recorded-scores")
SOURCE = "RouteLLM @ 0b64fdaf, `routellm/evals/gsm8k`"


def write(path, rows):
    """Rows as evalh imports them, with the rank of the question's length from 0 to 1."""
    order = sorted(range(len(rows)), key=lambda place: len(rows[place]["prompt"]))
    rank = {place: (number + 0.5) / len(rows) for number, place in enumerate(order)}
    with open(path, "w", encoding="utf-8") as file:
        for place, row in enumerate(rows):
            answers = {name: {"solution": row[name + "_response"], "is_correct": row[name] == "True"} for name in (WEAK, STRONG)}
            file.write(json.dumps({"question": row["prompt"], "ground_truth": "", "length": rank[place], **answers}) + "\n")
    return path


class Router:
    """Accuracy over the share of questions that the strong model answered, from the runs at all thresholds."""

    def __init__(self, report, prefix):
        items = report.sessions["weak"]

        def column(scores):
            return [scores[item] for item in items]

        self.weak, self.strong, self.runs = column(report.scores("weak")), column(report.scores("strong")), []
        for arm in report.arms:
            if arm.startswith(prefix + "@"):
                routed = {item: mean([row["stop_reason"] == "strong" for row in rows]) for item, rows in report.sessions[arm].items()}
                self.runs.append((column(report.scores(arm)), column(routed)))

    def curve(self, places):
        pick = operator.itemgetter(*places)
        weak, strong = mean(pick(self.weak)), mean(pick(self.strong))
        points = [(mean(pick(routed)), (mean(pick(scores)) - weak) / (strong - weak)) for scores, routed in self.runs]
        return sorted([(0.0, 0.0), *points, (1.0, 1.0)])

    def apgr(self, places=None):
        points = self.curve(places or range(len(self.weak)))
        return sum((right[0] - left[0]) * (right[1] + left[1]) / 2 for left, right in zip(points, points[1:]))

    def interval(self):
        """Percentiles of 400 draws of the questions."""
        source = random.Random(7)
        values = sorted(self.apgr(source.choices(range(len(self.weak)), k=len(self.weak))) for _ in range(400))
        return values[9], values[389]


def section(evalh, folder):
    with open(os.path.join(folder, FILE), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with open(os.path.join(folder, LEFT_OUT), encoding="utf-8") as file:
        prompts = {json.loads(line)["eval_prompt"] for line in file}
    clean = [row for row in rows if row["prompt"] not in prompts]
    pool = evalh.pool("routellm", write(os.path.join(evalh.scratch, "routellm.jsonl"), rows), "--keep", "length")
    bounds = [arm for arm, plugin in (("either", "oracle"), ("cascade", "cascade")) if plugin in evalh.plugins]
    routers = ["random", "length"] if "router" in evalh.plugins else []
    # The oracle is slow beside many arms, hence two runs.
    report = evalh.replay(pool, "routing.yaml", *ROLES, "--arms", ",".join(["weak", "strong", *bounds]))
    routed = evalh.replay(pool, "routing.yaml", *ROLES, "--arms", ",".join(["weak", "strong", *routers]))
    less = evalh.replay(
        evalh.pool("routellm-clean", write(os.path.join(evalh.scratch, "routellm-clean.jsonl"), clean), "--keep", "length"), "routing.yaml", *ROLES,
        "--arms", "weak,strong")
    table = []
    for found, count, published in ((report, "1,319", (63.84, 85.67)), (less, "1,307", (63.73, 85.77))):
        for arm, name, number in zip(("weak", "strong"), ("Mixtral-8x7B", "GPT-4"), published):
            value, *interval = found.accuracy(arm)
            table.append(Row(f"{name}, {count} questions", number, SOURCE, value, tuple(interval)))
    table.append(Row("questions less the contaminated", 1307, SOURCE, less.items(), unit="", digits=0))
    if "either" in report.arms:
        value, *interval = report.accuracy("either")
        table.append(Row("either right (`oracle`)", 92.87, SOURCE, value, tuple(interval)))
    for prefix, name, published in (("random", "random router, APGR", 0.5), ("length", "router by the question's length, APGR", None)):
        if not any(arm.startswith(prefix + "@") for arm in routed.arms):
            continue
        router = Router(routed, prefix)
        source = "by definition, RouteLLM, arXiv:2406.18665" if published else ""
        why = "its mean over draws is 0.5; one draw of the routes here" if published else "longer questions to GPT-4; no training"
        table.append(Row(name, published, source, router.apgr(), router.interval(), unit="", digits=2, why=why))
    absent = sorted({"oracle", "cascade", "router"} - evalh.plugins)
    more = f"**Skipped**, not installed: {', '.join(absent)}." if absent else ""
    if "cascade" in report.arms:
        value, *interval = report.accuracy("cascade")
        table.append(Row("cascade: GPT-4 where Mixtral gave no number", None, "", value, tuple(interval)))
        asked = mean([row["usage"]["requests"] > 1 for rows in report.sessions["cascade"].values() for row in rows])
        more = f"With one recorded sample a model a cascade by agreement can tell only whether there is an answer; it asks GPT-4 for {asked * 100:.1f} % of the questions."
    return Section(
        "Routing on GSM8K (`routellm-gsm8k`)",
        "Roles main = Mixtral-8x7B, strong = GPT-4, with the recorded correctness. APGR: area under (accuracy − weak) / (strong − weak) over the share that the strong model "
        "answers, nine thresholds and the two ends, trapezoids; interval by bootstrap over questions.", table, more)
