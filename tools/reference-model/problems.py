"""Training text: problems of the grammar's training split with worked solutions, and drills of the same arithmetic.

Solutions are written in one of two manners, drawn at random: short ("23 * 45 = 1035") or with long products taken apart
("23 * 45 = 23 * 40 + 23 * 5 = 920 + 115 = 1035"). A model trained on both may sample either, so its samples differ.
"""
import json
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts"))
from gsm_grammar import generate  # noqa: E402
from gsm_grammar.arithmetic import evaluate, plain, steps  # noqa: E402


def operation(step, form, long):
    left, right, result = (plain(v, form) for v in (step.left, step.right, step.result))
    if long and step.sign == "*" and step.left.denominator == step.right.denominator == 1 and step.left >= 11 and step.right >= 11:
        tens, ones = step.right // 10 * 10, step.right % 10
        if ones:
            return f"{left} * {right} = {left} * {tens} + {left} * {ones} = {step.left * tens} + {step.left * ones} = {result}"
    return f"{left} {step.sign} {right} = {result}"


def worked(equation, form, long):
    parts = dict.fromkeys(operation(step, form, long) for step in steps(equation))
    return "; ".join(parts) + f" #### {plain(evaluate(equation), form)}"


GSM_MINI = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "suites", "data", "gsm-mini.jsonl")
SPELLED = "zero one two three four five six seven eight nine ten eleven twelve".split()
ORAL = {"+": ("plus", "and"), "-": ("minus", "less"), "*": ("times",), "/": ("divided by", "shared among")}


def spelled(equation, source):
    """An operation as one would say it: small numbers in words, the sign in words. The answer has digits."""
    left, sign, right = equation.split(" ")
    named = [SPELLED[int(n)] if n.isdigit() and int(n) <= 12 and source.random() < 0.7 else n for n in (left, right)]
    return f"How many is {named[0]} {source.choice(ORAL[sign])} {named[1]}?"


def drill(source, words=0.0):
    """One to three operations without a story; `words` is the share of single operations that are told in words."""
    def number():
        kind = source.random()
        if kind < 0.35:
            return str(source.randint(2, 12))
        if kind < 0.8:
            return str(source.randint(2, 99))
        if kind < 0.92:
            return str(source.randint(10, 999))
        return f"{source.randint(1, 30)}.{source.choice(['25', '5', '75'])}"

    while True:
        kind = source.random()
        if kind < 0.2:
            divisor, quotient = source.randint(2, 20), source.randint(2, 120)
            equation = f"{divisor * quotient} / {divisor}"
        elif kind < 0.6:
            equation = f"{number()} {source.choice('+-*')} {number()}"
        else:
            equation = source.choice(["{} + {} * {}", "({} + {}) * {}", "{} * {} - {}", "{} - {} + {}", "{} * {} + {} * {}", "{} - ({} + {})"])
            equation = equation.format(*(number() for _ in range(4)))
        done = steps(equation)
        if all(0 < s.result < 20000 and (s.result * 100).denominator == 1 for s in done):
            form = "money" if "." in equation else "decimal"
            if words and equation.count(" ") == 2 and source.random() < words:
                return spelled(equation, source), worked(equation, form, source.random() < 0.5)
            return f"{equation} = ?", worked(equation, form, source.random() < 0.5)


def form_of(answer):
    """In which form an answer's numbers go, by the short answer: a fraction, cents, or plain."""
    return "fraction" if "/" in answer.rpartition("#### ")[2] else "money" if "." in answer else "decimal"


def unseen(seed):
    """Endless (question, answer) pairs of the test split's templates, without the problems of suites/data/gsm-mini.jsonl."""
    with open(GSM_MINI, encoding="utf-8") as file:
        there = {json.loads(line)["question"] for line in file}
    told = (problem for problem in generate(seed, "test") if problem.question not in there)
    for index, problem in enumerate(told):
        yield problem.question, worked(problem.equation, form_of(problem.answer), index % 2 == 0)


def stream(seed, drills, words=0.0, newest=None):
    """Endless (question, answer) pairs, the same for the same seed; `drills` is the share of drills, `words` that of drills told in words;
    `newest` is the highest number of a template."""
    source = random.Random(f"{seed}/problems")
    told = generate(seed, "train", newest)
    while True:
        if source.random() < drills:
            yield drill(source, words)
        else:
            problem = next(told)
            yield problem.question, worked(problem.equation, form_of(problem.answer), source.random() < 0.5)
