#!/usr/bin/env python3
"""Writes suites/data/gsm-mini.jsonl: grade-school word problems of our own, 50 on each of five levels, from the grammar beside this file.

  scripts/make-gsm-mini.py                 write the file again (the same bytes each time)
  scripts/make-gsm-mini.py --check         say whether the file is what the grammar makes
  scripts/make-gsm-mini.py --split train --seed 3 --count 10000 --out train.jsonl

The levels take turns line by line, so the first 5 n rows hold n problems of each level.
"""
import argparse
import itertools
import json
import os
import sys

from gsm_grammar import generate

DEFAULT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "suites", "data", "gsm-mini.jsonl")


def lines(seed, split, count):
    for index, problem in enumerate(itertools.islice(generate(seed, split), count), 1):
        row = {
            "id": f"gsm-mini-{index:03d}", "question": problem.question, "answer": problem.answer, "level": problem.level,
            "equation": problem.equation, "template": problem.template,
        }
        yield json.dumps(row, ensure_ascii=False) + "\n"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seed", type=int, default=2)
    arguments.add_argument("--split", choices=["train", "test", "all"], default="test")
    arguments.add_argument("--count", type=int, default=250)
    arguments.add_argument("--out", default=os.path.normpath(DEFAULT))
    arguments.add_argument("--check", action="store_true", help="compare instead of writing")
    options = arguments.parse_args()
    text = "".join(lines(options.seed, options.split, options.count))
    if options.check:
        with open(options.out, encoding="utf-8") as file:
            if file.read() != text:
                sys.exit(f"{options.out} is not what the grammar makes; run {sys.argv[0]}")
        return
    part = options.out + ".part"
    with open(part, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(part, options.out)
    print(f"{options.count} problems in {options.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
