"""The table's part on HumanEval."""
import time

from . import codet
from .figures import clustered, mean
from .harness import EvalhFailure
from .sandbox import NoSandbox
from .table import Row, Section, skipped

TITLE = "HumanEval and CodeT (`codet-humaneval`)"
SOURCE = "recomputed before, shared/pools/README.md"
# Processor seconds of a program with its tests, Python's start included.
PROGRAM_SECONDS = 1


def replayed(evalh, problems):
    """Each recorded program as an answer of its own, graded by `code`; what that took."""
    rows = [(problem.row["prompt"], "", [(text, False) for text in problem.programs.elements()]) for problem in problems]
    fields = [{key: problem.row[key] for key in ("test", "entry_point", "prompt")} for problem in problems]
    started = time.monotonic()
    each, arms = evalh.one_arm_a_sample("humaneval", rows, {"use": "code", "with": {"cpu_seconds": PROGRAM_SECONDS}}, fields)
    return each, arms, time.monotonic() - started


def section(evalh, folder, workers):
    problems = codet.load(folder)
    try:
        programs = codet.execute(problems, workers)
        each, arms, seconds = replayed(evalh, problems)
    except NoSandbox as reason:
        return skipped(TITLE, f"generated programs are run in a sandbox only, and there is none here: {reason}")
    except EvalhFailure as failure:
        if "cannot work on this machine" not in str(failure):
            raise
        return skipped(TITLE, f"generated programs are run in a sandbox only, and evalh has none here: {failure}")
    per_item = [each.scores(arm) for arm in arms]
    right = {item: round(sum(scores[item] for scores in per_item)) for item in per_item[0]}
    total = len(arms)
    rows = []
    for k, published in ((1, 22.12), (2, 30.79), (10, 50.38), (100, 73.78)):
        centre, low, high = clustered([codet.pass_at_k(total, count, k) for count in right.values()])
        rows.append(Row(f"pass@{k}", published, SOURCE, centre, (low, high)))
    for k, published in ((1, 37.24), (2, 45.16), (10, 60.02)):
        centre, low, high = clustered([problem.ranked_pass(k) for problem in problems])
        rows.append(Row(f"CodeT ranking, pass@{k}", published, SOURCE, centre, (low, high)))
        centre, low, high = clustered([problem.ranked_pass(k, all_or_none=True) for problem in problems])
        rows.append(Row(f"CodeT ranking, pass@{k}, tests packed as in the source", published, SOURCE, centre, (low, high), why="see below"))
    centre, low, high = clustered([mean([scores[item] for scores in per_item]) for item in right])
    rows.insert(1, Row("pass@1, evalh: mean over an arm a sample", 22.12, SOURCE, centre, (low, high)))
    best, *interval = each.accuracy("any")
    rows.insert(5, Row("pass@100, evalh's `oracle` over the samples", 73.78, SOURCE, best, tuple(interval)))
    unfit = [problem.row["task_id"] for problem in problems if not problem.all_tests_fit]
    there = sum(problem.right() for problem in problems)
    return Section(
        TITLE,
        f"CodeGen-16B, 164 problems × 100 programs, microsoft/CodeT @ 35f54d60. pass@k is from `evalh replay` with the grader `code` (docs/grading-code.md): {sum(right.values()):,} of "
        f"{total * len(right):,} programs pass, {programs:,} different ones were run with {PROGRAM_SECONDS} s of processor time each, in {seconds:.0f} s. For the ranking the script runs "
        f"them once more, on at most five generated tests of each sample, {codet.TEST_SECONDS} s a test; of the problem's own tests it finds {there:,} passed. Ranking: root of the number of "
        "programs that pass the same tests times the number of those tests; one program is drawn of each of the first k groups.", rows,
        f"The source packs a problem's tests into one function. {', '.join(unfit)} have a generated test with `import *`, which no function may hold, so that there all tests fail and the "
        "ranking falls back to a random program. The figures to meet leave out those tests alone.\n\n"
        "evalh's sandbox is described in docs/grading-code.md; the script's, where hundreds of tests a program run in one process, has own network, mount, process and IPC namespaces, an empty "
        "root with the system's libraries read-only, no rights, no child processes, 1 GB of memory, and is tried out before its use too. A program could still forge its own result, as in any "
        "harness that runs program and test in one process.\n\n"
        "Limits are of CPU time here, of wall time in the source. For the ranking a test is first given 4 ms, and those that need more the full limit, until three of a program fail at that too.")
