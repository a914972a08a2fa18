"""Game of 24: single samples, the best of 100, and the logged tree search."""
import ast
import json
import operator
import os
import re
from fractions import Fraction

from .figures import clustered, mean
from .table import Row, Section

FILES = {
    "IO": "gpt-4_0.7_naive_standard_sample_100_start900_end1000.json", "CoT": "gpt-4_0.7_naive_cot_sample_100_start900_end1000.json",
    "tree": "gpt-4_0.7_propose1_value3_greedy5_start900_end1000.json"}
PAPER = "Yao et al. 2023, arXiv:2305.10601"
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def load(folder, name):
    with open(os.path.join(folder, FILES[name]), encoding="utf-8") as file:
        return json.load(file)


def value(node):
    if isinstance(node, ast.Expression):
        return value(node.body)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](value(node.left), value(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -value(node.operand)
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return Fraction(node.value)
    raise ValueError("no arithmetic")


def is_right(text, puzzle):
    """Whether the last line's expression has the puzzle's numbers and is 24, in exact fractions."""
    expression = text.strip().split("\n")[-1].lower().replace("answer: ", "").split("=")[0]
    if sorted(re.findall(r"\d+", expression)) != sorted(puzzle.split()):
        return False
    try:
        return value(ast.parse(expression.strip(), mode="eval")) == 24
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError):
        return False


def selections(tree):
    """How many logged steps keep the five best values; of equal ones those that were proposed first."""
    steps = [step for puzzle in tree for step in puzzle["steps"]]
    same = 0
    for step in steps:
        best = sorted(range(len(step["values"])), key=lambda place: -step["values"][place])[:5]
        same += [step["new_ys"][place] for place in best] == step["select_new_ys"]
    return same, len(steps)


def section(evalh, folder):
    logs = {name: load(folder, name) for name in FILES}
    puzzles = {row["idx"]: row["steps"][0]["x"] for row in logs["tree"]}
    recorded = {
        name: [[bool(flag["r"] if isinstance(flag, dict) else flag) for flag in row.get("accs", row.get("infos"))] for row in log]
        for name, log in logs.items()}
    rows, regraded, total = [], 0, 0
    for name, published in (("IO", (7.3, 33)), ("CoT", (4.0, 49)), ("tree", (None, 69))):
        table = [
            (puzzles[row["idx"]], "24", list(zip(row["ys"], flags))) for row, flags in zip(logs[name], recorded[name])]
        for question, _, samples in table:
            regraded += sum(is_right(text, question) == flag for text, flag in samples)
            total += len(samples)
        # Equal texts of a puzzle have equal scores.
        report, arms = evalh.one_arm_a_sample("game24-" + name, table)
        per_item = [report.scores(arm) for arm in arms]
        centre, low, high = clustered([mean([scores[item] for scores in per_item]) for item in per_item[0]])
        best, *interval = report.accuracy("any")
        if name == "tree":
            rows.append(Row("tree search, any of its five answers", published[1], "README of the source; the paper has 74 %, from runs that are not logged", best, tuple(interval), digits=0))
            rows.append(Row("tree search, mean of its five answers", None, "", centre, (low, high), digits=1))
        else:
            rows.append(Row(f"{name} prompt, single sample", published[0], PAPER, centre, (low, high), digits=1))
            rows.append(Row(f"{name} prompt, best of 100", published[1], PAPER, best, tuple(interval), digits=0))
    same, steps = selections(logs["tree"])
    rows.append(Row("greedy top-5 selection, steps replayed of 400", 400, "log of the source", same, unit="", digits=0, why="" if same == steps == 400 else f"{steps} steps are logged"))
    return Section(
        "Game of 24 (`tot-game24`)",
        "GPT-4, 100 puzzles, princeton-nlp/tree-of-thought-llm @ ab400345. evalh replays each of the 100 (five) answers as an arm of its own with the recorded "
        "correctness; the best of them is its `oracle`. The selection is recomputed from the log's values: a stable descending sort, so of equal values the first proposed stays.",
        rows, f"Graded anew in exact fractions, {regraded:,} of {total:,} answers have the recorded correctness.")
