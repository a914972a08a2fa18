#!/usr/bin/env python3
"""Writes the trained weights as Swift reads them (format: Sources/ReferenceModel/Weights/ModelFile.swift), and vectors to compare its logits with.

  ./export.py      the newest checkpoint, with the heads and the draft model where they have been trained
"""
import hashlib
import json
import os
import struct

import jax.numpy as jnp
import numpy as np

from model import Shape, hidden_states, logits_of
from tokenizer import ASSISTANT, HERE, LENGTH_BINS, RESERVED, REWARD_STATES, USER, Tokenizer
from temperatures import cooled
from train import HOME, SHAPE, load

ROOT = os.path.join(HERE, "..", "..")
WEIGHTS = os.path.join(ROOT, "Sources", "ReferenceModel", "Resources", "reference-1.weights")
VECTORS = os.path.join(ROOT, "Tests", "ReferenceModelTests", "Fixtures", "vectors.json")
# The middle of each bin of remaining tokens; edges: 4, 8, 12, 16, 24, 32, 48.
LENGTHS = [2, 6, 10, 14, 20, 28, 40, 56]
DRAFT = Shape(layers=2, width=64, heads=2, hidden=256, vocabulary=2048)
TEXTS = [
    "Lena has 12 marbles and finds 30 more in a drawer. How many marbles does she have now?",
    "A baker makes 3 dozen rolls and sells 17 of them. How many are left?",
    "Ünïcode 🐍, tabs\tand numbers 9,876.50?",
]


def trained(name):
    path = os.path.join(HOME, name)
    return dict(np.load(path)) if os.path.exists(path) else {}


def rounded(values):
    return {name: np.asarray(value, np.float32).astype(np.float16) for name, value in values.items()}


def vectors(tokenizer, weights):
    cases = []
    for text in TEXTS:
        tokens = [USER] + tokenizer.encode(text) + [ASSISTANT]
        states = hidden_states(weights, SHAPE, jnp.asarray([tokens]))[:, 0, -1]
        logits = [np.asarray(logits_of(weights, states[layer], layer)) for layer in range(SHAPE.layers)]
        kept = list(range(0, SHAPE.vocabulary, 16)) + [int(i) for i in np.argsort(-logits[-1])[:16]]
        cases.append({"text": text, "tokens": tokens, "rows": kept, "logits": [[round(float(row[i]), 6) for i in kept] for row in logits]})
    return cases


def main():
    tokenizer = Tokenizer()
    (weights, _, _), step = load()
    weights = cooled(weights)
    reserved = trained("reserved-rows.npz")
    if reserved:
        weights["embedding"] = weights["embedding"].at[RESERVED:].set(reserved["rows"])
    tensors = rounded(weights) | rounded(trained("lambda-heads.npz"))
    acceptance = trained("acceptance.npz")
    if acceptance:
        (draft, _, _), _ = load("draft", DRAFT)
        tensors |= {f"draft.{name}": value for name, value in rounded(cooled(draft, "draft-temperatures")).items()}
        tensors |= {name: np.atleast_1d(value) for name, value in rounded(acceptance).items()}
    data, listed = bytearray(), []
    for name, value in sorted(tensors.items()):
        data += bytes(-len(data) % 64)
        listed.append({"name": name, "shape": list(value.shape), "offset": len(data)})
        data += value.tobytes()
    header = {
        "name": "evalh-reference-1", "shape": vars(SHAPE), "words": tokenizer.words, "reserved": RESERVED, "rewards": REWARD_STATES,
        "lengths": LENGTHS if reserved else [], "tensors": listed, "sha256": hashlib.sha256(data).hexdigest()}
    if acceptance:
        header["draft"] = vars(DRAFT)
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    start = b"EVALHRM1" + struct.pack("<I", len(text)) + text
    for path in (WEIGHTS, VECTORS):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(WEIGHTS, "wb") as file:
        file.write(start + bytes(-len(start) % 64) + data)
    exact = {name: jnp.asarray(value, jnp.float32) for name, value in rounded(weights).items()}
    with open(VECTORS, "w", encoding="utf-8") as file:
        json.dump(vectors(tokenizer, exact), file, ensure_ascii=False)
    assert len(LENGTHS) == LENGTH_BINS
    print(json.dumps({"step": step, "bytes": os.path.getsize(WEIGHTS), "sha256": header["sha256"]}))


if __name__ == "__main__":
    main()
