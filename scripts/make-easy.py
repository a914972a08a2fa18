#!/usr/bin/env python3
"""Writes suites/data/easy.jsonl: easy sums of our own that very small models get partly right.

usage: make-easy.py [--count 60] [--seed 1] [--out suites/data/easy.jsonl]

Each row has id, question, answer ("#### N"), difficulty (1 to 5, by the size of the numbers and the number of steps) and win_rate, a
made-up chance in [0, 1] that a larger model is needed, for routers that read it from a field.
"""
import argparse
import json
import random

NAMES = ["Ana", "Ben", "Cleo", "Dev", "Eli", "Fay"]
THINGS = ["plums", "coins", "stamps", "shells", "pens", "cards"]


def item(rng, difficulty):
    top = [9, 12, 20, 50, 99][difficulty - 1]
    a, b = rng.randint(2, top), rng.randint(1, top)
    a, b = max(a, b), min(a, b)
    name, thing = rng.choice(NAMES), rng.choice(THINGS)
    kinds = [
        (f"What is {a} + {b}?", a + b),
        (f"What is {a} - {b}?", a - b),
        (f"{name} has {a} {thing} and gets {b} more. How many {thing} does {name} have now?", a + b),
        (f"{name} has {a} {thing} and loses {b}. How many {thing} does {name} have now?", a - b),
    ]
    if difficulty >= 3:
        c = rng.randint(2, 9)
        kinds += [(f"What is {b} * {c}?", b * c), (f"What is {a} + {b} + {c}?", a + b + c)]
    return rng.choice(kinds)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default="suites/data/easy.jsonl")
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    seen = set()
    with open(arguments.out, "w") as file:
        while len(seen) < arguments.count:
            difficulty = len(seen) % 5 + 1
            question, answer = item(rng, difficulty)
            if question in seen:
                continue
            row = {"id": f"easy-{len(seen):02}", "question": question, "answer": f"#### {answer}", "difficulty": difficulty,
                   "win_rate": round((difficulty - 0.5) / 5, 1)}
            seen.add(question)
            file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
