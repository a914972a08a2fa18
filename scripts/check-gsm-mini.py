#!/usr/bin/env python3
"""Checks a file of word problems; exits 1 and names every mistake if there is one.

  scripts/check-gsm-mini.py                    checks suites/data/gsm-mini.jsonl
  scripts/check-gsm-mini.py train.jsonl --repeated-sums

Of each problem: its fields; its answer solved anew from its own equation in exact rationals; every step of the worked solution; that each
number of the equation stands in the question or is implied by a word of it (a dozen, a week, half …); that the easy levels have no number
without a use; the number of steps of its level. Of the file: no id, question or sum twice, levels of equal size, templates of one split.
"""
import argparse
import collections
import json
import os
import re
import sys
from fractions import Fraction

from gsm_grammar import TEMPLATES, split_of
from gsm_grammar.arithmetic import evaluate, literals, steps
from gsm_grammar.words import NUMBER_WORDS

DEFAULT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "suites", "data", "gsm-mini.jsonl"))
FIELDS = {"id": str, "question": str, "answer": str, "level": int, "equation": str, "template": str}

# Numbers that a reader knows from a word.
IMPLIED = [
    (r"\bdozens?\b", 12), (r"\bweeks?\b", 7), (r"\bhalf\b|\btwice\b|\bdouble\b|\bequally\b", 2), (r"\bthirds?\b", 3), (r"\bquarters?\b", 4),
    (r"\bhours?\b", 60), (r"%", 100), (r"\bcents\b", 100), (r"\brectangular\b|\ball four edges\b", 2),
]
# Operations in an equation of each level, a division by 100 for a percentage not counted.
STEPS = {1: range(1, 2), 2: range(2, 3), 3: range(2, 4), 4: range(3, 6), 5: range(4, 7)}
NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"


def number(text):
    return Fraction(text.replace(",", ""))


def told(question):
    """Numbers that the question tells: in digits and in words."""
    words = re.findall(r"[a-z]+", question.lower())
    return {number(text) for text in re.findall(NUMBER, question)}, {Fraction(NUMBER_WORDS.index(word)) for word in words if word in NUMBER_WORDS[2:]}


def check_solution(answer, result):
    worked, marker, final = answer.rpartition(" #### ")
    if not marker:
        yield "the answer has no `#### ` marker"
        return
    if not re.fullmatch(r"\d+(\.\d+)?(/\d+)?", final) or Fraction(final) != result:
        yield f"the answer is {final}, the equation gives {result}"
    value = None
    for step in worked.split("; "):
        match = re.fullmatch(r"([\d./]+) ([-+*/]) ([\d./]+) = ([\d./]+)", step)
        if not match:
            yield f"not a step: {step}"
            continue
        left, right, value = (Fraction(match[i]) for i in (1, 3, 4))
        apply = {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right, "/": lambda: left / right}[match[2]]
        if apply() != value:
            yield f"a wrong step: {step}"
    if value is not None and value != result:
        yield f"the last step gives {value}, not {result}"


def check_row(row):
    if set(row) != set(FIELDS) or any(type(row[name]) is not kind for name, kind in FIELDS.items()):
        yield f"the fields are not {', '.join(FIELDS)}"
        return
    question, equation, level = row["question"], row["equation"], row["level"]
    try:
        done, result, used = steps(equation), evaluate(equation), set(literals(equation))
    except ValueError as error:
        yield str(error)
        return
    if any(step.result <= 0 for step in done):
        yield "a step that is not positive"
    yield from check_solution(row["answer"], result)
    digits, words = told(question)
    implied = {Fraction(value) for pattern, value in IMPLIED if re.search(pattern, question.lower())}
    for value in sorted(used - digits - words - implied):
        yield f"{value} is in the equation and neither told nor implied"
    if level <= 2 and digits - used:
        yield f"numbers without a use on level {level}: {sorted(map(str, digits - used))}"
    percent = sum(1 for step in done if step.sign == "/" and step.right == 100)
    if level not in STEPS or len(done) - percent not in STEPS[level]:
        yield f"{len(done) - percent} steps on level {level}"
    if row["template"] not in TEMPLATES or TEMPLATES[row["template"]].level != level:
        yield f"the template {row['template']} is not one of level {level}"
    if re.search(r"[{}]|  |\s$|^\s|\b1 \w+s\b", question) or not question.endswith(("?", ".")) or not question[0].isupper():
        yield "the question is not well written"


def check(path, minimum, repeated_sums=False):
    """All mistakes of a file, with their lines, and the count of problems."""
    seen = collections.defaultdict(dict)
    levels = collections.Counter()
    splits, used_templates = set(), set()
    mistakes = []
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    for place, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            problems = list(check_row(row)) if isinstance(row, dict) else ["not an object"]
        except (ValueError, ZeroDivisionError) as error:
            problems = [str(error)]
        mistakes += [f"{path}:{place}: {text}" for text in problems]
        if problems:
            continue
        same = " ".join(row["question"].lower().split())
        for kind, key in (("id", row["id"]), ("question", same), ("sum in this template", (row["template"], row["equation"]))):
            first = seen[kind].setdefault(key, place)
            if kind.startswith("sum") and repeated_sums:
                continue
            if first != place:
                mistakes.append(f"{path}:{place}: the same {kind} as in line {first}")
        levels[row["level"]] += 1
        splits.add(split_of(row["template"]))
        used_templates.add(row["template"])
    if len(lines) < minimum:
        mistakes.append(f"{path}: {len(lines)} problems, at least {minimum} expected")
    if lines and (len(levels) != 5 or max(levels.values()) - min(levels.values()) > 1):
        mistakes.append(f"{path}: the levels are not of equal size: {dict(sorted(levels.items()))}")
    if len(splits) > 1:
        mistakes.append(f"{path}: templates of both splits")
    unused = [id for id in TEMPLATES if split_of(id) in splits and id not in used_templates]
    if unused and not mistakes:
        mistakes.append(f"{path}: templates that are not used: {', '.join(unused)}")
    return mistakes, len(lines), len(used_templates)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("path", nargs="?", default=DEFAULT)
    arguments.add_argument("--min", type=int, default=200, help="the least number of problems (default: 200)")
    arguments.add_argument("--repeated-sums", action="store_true", help="for long files: allow the same numbers in a template again")
    options = arguments.parse_args()
    try:
        mistakes, count, templates = check(options.path, options.min, options.repeated_sums)
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"{options.path}: {error}")
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    if mistakes:
        sys.exit(f"{len(mistakes)} mistakes in {count} problems")
    print(f"{options.path}: {count} problems of {templates} templates, all right")


if __name__ == "__main__":
    main()
