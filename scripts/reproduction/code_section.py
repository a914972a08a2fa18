"""The table's part on HumanEval."""
import os
import time

from . import codet
from .figures import clustered, mean
from .sandbox import NoSandbox
from .table import Row, Section, skipped

TITLE = "HumanEval and CodeT (`codet-humaneval`)"
SOURCE = "recomputed before, shared/pools/README.md"


def section(evalh, folder, workers):
    problems = codet.load(folder)
    started = time.monotonic()
    try:
        programs = codet.execute(problems, workers)
    except NoSandbox as reason:
        return skipped(TITLE, f"generated programs are run in a sandbox only, and there is none here: {reason}")
    seconds = time.monotonic() - started
    rows = []
    for k, published in ((1, 22.12), (2, 30.79), (10, 50.38), (100, 73.78)):
        centre, low, high = clustered([codet.pass_at_k(problem.total(), problem.right(), k) for problem in problems])
        rows.append(Row(f"pass@{k}", published, SOURCE, centre, (low, high)))
    for k, published in ((1, 37.24), (2, 45.16), (10, 60.02)):
        centre, low, high = clustered([problem.ranked_pass(k) for problem in problems])
        rows.append(Row(f"CodeT ranking, pass@{k}", published, SOURCE, centre, (low, high)))
        centre, low, high = clustered([problem.ranked_pass(k, all_or_none=True) for problem in problems])
        rows.append(Row(f"CodeT ranking, pass@{k}, tests packed as in the source", published, SOURCE, centre, (low, high), why="see below"))
    each, arms = evalh.one_arm_a_sample(
        "humaneval", [(problem.row["task_id"], "", [(text, problem.passed[text]) for text in problem.programs.elements()]) for problem in problems])
    per_item = [each.scores(arm) for arm in arms]
    centre, low, high = clustered([mean([scores[item] for scores in per_item]) for item in per_item[0]])
    rows.insert(1, Row("pass@1, evalh: mean over an arm a sample", 22.12, SOURCE, centre, (low, high)))
    best, *interval = each.accuracy("any")
    rows.insert(5, Row("pass@100, evalh's `oracle` over the samples", 73.78, SOURCE, best, tuple(interval)))
    unfit = [problem.row["task_id"] for problem in problems if not problem.all_tests_fit]
    return Section(
        TITLE,
        f"CodeGen-16B, 164 problems × 100 programs, microsoft/CodeT @ 35f54d60. All {programs:,} different programs were run here on their problem's tests and on at most five generated "
        f"tests of each sample, {codet.TEST_SECONDS} s a test, in {seconds:.0f} s. Ranking: root of the number of programs that pass the same tests times the number of those tests; one program "
        "is drawn of each of the first k groups. evalh's rows replay the programs with what the sandbox found as recorded scores; the ranking is the script's.", rows,
        f"The source packs a problem's tests into one function. {', '.join(unfit)} have a generated test with `import *`, which no function may hold, so that there all tests fail and the "
        "ranking falls back to a random program. The figures to meet leave out those tests alone.\n\n"
        "Sandbox: own network, mount, process and IPC namespaces; an empty root with the system's libraries read-only and 16 MB of scratch; no rights; per program no child processes, 1 GB of "
        "memory, a few CPU seconds, files of at most 1 MB. Before any generated program runs, trial programs try to get out, and one that succeeds ends it. A program could still forge its own "
        "result, as in any harness that runs program and test in one process.\n\n"
        "Limits are of CPU time here, of wall time in the source. A test is first given 4 ms, and those that need more the full limit, until three of a program fail at that too.")
