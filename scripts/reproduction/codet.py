"""CodeT on HumanEval: pass@k of 100 recorded programs a problem, and the ranking by agreement with generated tests."""
import collections
import json
import math
import os

from . import sandbox
from .figures import pass_at_k

STOPS = ["\nclass", "\ndef", "\n#", "\nif", "\nprint"]
TEST_SECONDS = 0.1
TESTS_A_SAMPLE = 5


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def cut(text):
    for stop in STOPS:
        text = text.split(stop)[0]
    return text


def is_statement(test):
    try:
        compile("try:\n    " + test.replace("\n", "\n    ") + "\nexcept:\n    pass\n", "", "exec")
    except Exception:
        return False
    return True


def tests_of(sample, entry_point):
    """The assertions about the function in a sample of generated tests."""
    parts = ["assert " + part for part in ("assert " + sample).split("assert ") if entry_point in part]
    tests = [cut(part.strip()).strip() for part in parts]
    return [test for test in tests if "assert" in test and is_statement(test)]


def packed(tests):
    """All tests of a problem as one function, as the published code packs them: what one assigns is local to all."""
    rows = ["def __evalh_check(__numbers, __limit, __passed):", "    __numbers = set(__numbers)"]
    for number, test in enumerate(tests):
        body = test.replace("\n", "\n                ")
        rows += [
            f"    if {number} in __numbers:", "        try:", f"            with __limit({number}):", "                " + body,
            f"                __passed.add({number})", "        except Exception:", "            pass"]
    return "\n".join(rows) + "\n"


def fits_function(test):
    """Not so for `import *`. The published code packs all tests of a problem into one function, so that one such fails them all."""
    try:
        compile(packed([test]), "", "exec")
    except SyntaxError:
        return False
    return True


class Problem:
    def __init__(self, row, samples, generated):
        self.row = row
        self.programs = collections.Counter(cut(sample) for sample in samples)
        found = [test for sample in generated for test in tests_of(sample, row["entry_point"])[:TESTS_A_SAMPLE]]
        self.tests = collections.Counter(test for test in found if fits_function(test))
        self.all_tests_fit = len(found) == sum(self.tests.values())
        self.passed, self.agreed = {}, {}

    def job(self, place):
        return {
            "id": place, "prompt": self.row["prompt"], "programs": list(self.programs), "check": self.row["test"] + f"\ncheck({self.row['entry_point']})",
            "tests": packed(list(self.tests)) if self.tests else "", "count": len(self.tests), "limit": TEST_SECONDS}

    def record(self, answers):
        for program, answer in zip(self.programs, answers):
            self.passed[program] = answer["passed"]
            self.agreed[program] = frozenset(answer["tests"])

    def total(self):
        return sum(self.programs.values())

    def right(self, programs=None):
        return sum(self.programs[program] for program in (self.programs if programs is None else programs) if self.passed[program])

    def ranked_groups(self):
        """Programs that pass the same tests, by the root of their number times that of the tests, equal scores together."""
        groups, counts = collections.defaultdict(list), list(self.tests.values())
        for program in self.programs:
            if self.agreed[program]:
                groups[self.agreed[program]].append(program)
        by_score = collections.defaultdict(list)
        for tests, programs in groups.items():
            solutions = sum(self.programs[program] for program in programs)
            by_score[math.sqrt(solutions) * sum(counts[test] for test in tests)] += programs
        return [by_score[score] for score in sorted(by_score, reverse=True)]

    def ranked_pass(self, k, all_or_none=False):
        """One program drawn from each of the first k groups; from the first again where there are fewer.

        With `all_or_none` a test that fits no function takes the others of its problem with it, as in the published code.
        """
        groups = self.ranked_groups() if self.all_tests_fit or not all_or_none else []
        if not groups:
            return pass_at_k(self.total(), self.right(), k)
        wrong = 1.0
        for place, group in enumerate(groups[:k]):
            draws = k // len(groups) + (place < k % len(groups)) if len(groups) < k else 1
            wrong *= (1 - self.right(group) / sum(self.programs[program] for program in group)) ** draws
        return 1 - wrong


def load(folder):
    rows = {row["prompt"]: row for row in lines(os.path.join(folder, "HumanEval_for_code_generation.jsonl"))}
    generated = {}
    for row in lines(os.path.join(folder, "test_case.jsonl")):
        for prompt in rows:
            if row["prompt"].startswith(prompt):
                generated[prompt] = row["samples"]
    return [Problem(rows[row["prompt"]], row["samples"], generated.get(row["prompt"], [])) for row in lines(os.path.join(folder, "code_solution.jsonl"))]


def execute(problems, workers):
    """Runs each different program once on the problem's tests and on the generated ones; returns how many there are."""
    for answer in sandbox.run([problem.job(place) for place, problem in enumerate(problems)], workers):
        problems[answer["id"]].record(answer["programs"])
    return sum(len(problem.programs) for problem in problems)
