#!/usr/bin/env python3
"""Appends to vocabulary.txt what the grammar's stories use and the file lacks; rows that are there never move."""
import collections
import itertools
import os

from problems import drill, generate
from tokenizer import HERE, PIECE
import random

path = os.path.join(HERE, "vocabulary.txt")
known = [line.rstrip("\n") for line in open(path, encoding="utf-8")] if os.path.exists(path) else []
counts = collections.Counter()
for problem in itertools.islice(generate(7, "all"), 40000):
    counts.update(PIECE.findall(problem.question + " " + problem.answer))
source = random.Random(7)
for _ in range(2000):
    counts.update(PIECE.findall(" ".join(drill(source))))
for digit in "0123456789":
    counts.update([digit, " " + digit])
shown = ("_" + piece[1:] if piece.startswith(" ") else piece for piece in sorted(counts) if piece != " ")
new = [piece for piece in shown if piece not in set(known)]
with open(path, "a", encoding="utf-8") as file:
    file.writelines(piece + "\n" for piece in new)
print(f"{len(known)} there, {len(new)} new")
