#!/usr/bin/env python3
"""check-exports.py RUN [--exports DIR] [--environment DIR]

Reads what `evalh report RUN --format csv,eval,lm-eval` wrote with the tools it was written for, Inspect 0.3.285 and lm-eval 0.4.13, and
compares it with the run's own samples.jsonl and summary.json. What is not there is not checked, but something must be.

The tools are installed from PyPI into a virtual environment outside the repository, by default ~/.cache/evalh/export-checks. Of lm-eval's
requirements only those that its own readers import are installed: no torch, no transformers.

Exit codes: 0 all agrees, 1 something differs, 2 wrong usage, 77 the packages cannot be had.
"""
import argparse
import os
import subprocess
import sys
import venv

# lm-eval without its requirements: they would bring torch. `datasets` is what its tracker and its model cards read files with.
WITH_REQUIREMENTS = ["inspect-ai==0.3.285", "datasets", "pandas", "pyarrow", "jinja2", "pytablewriter"]
ALONE = ["lm-eval==0.4.13"]
READY = "installed"
CANNOT_BE_HAD = 77


def prepare(folder):
    """Makes the environment if it is not there and gives its interpreter."""
    python = os.path.join(folder, "bin", "python")
    if os.path.exists(os.path.join(folder, READY)):
        return python
    print(f"installing {', '.join(WITH_REQUIREMENTS + ALONE)} into {folder}", flush=True)
    try:
        venv.create(folder, with_pip=True, clear=True)
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--retries", "1", "--timeout", "20"]
        subprocess.run(pip + WITH_REQUIREMENTS, check=True)
        subprocess.run(pip + ["--no-deps"] + ALONE, check=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        print(f"the packages cannot be had: {problem}")
        sys.exit(CANNOT_BE_HAD)
    with open(os.path.join(folder, READY), "w") as file:
        file.write("\n".join(WITH_REQUIREMENTS + ALONE) + "\n")
    return python


def main():
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", help="the run's folder, with samples.jsonl and summary.json")
    parser.add_argument("--exports", help="where the exports are, if not in the run's folder")
    parser.add_argument("--environment", default=os.path.join(cache, "evalh", "export-checks"), help="the virtual environment's folder")
    arguments = parser.parse_args()
    python = prepare(os.path.abspath(arguments.environment))
    if os.path.abspath(sys.prefix) != os.path.abspath(arguments.environment):
        os.execv(python, [python, "-I", os.path.abspath(__file__)] + sys.argv[1:])

    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    os.environ["HF_DATASETS_OFFLINE"] = os.environ["HF_HUB_OFFLINE"] = "1"
    from export_checks import inspect_logs, lm_eval_files, tables
    from export_checks.run import Difference, Run

    run = Run(arguments.run, arguments.exports or arguments.run)
    try:
        done = [line for check in (tables, inspect_logs, lm_eval_files) for line in check.check(run)]
    except Difference as difference:
        sys.exit(f"differs: {difference}")
    if not done:
        sys.exit(f"{run.exports} holds no exports")
    print("\n".join(done))


main()
