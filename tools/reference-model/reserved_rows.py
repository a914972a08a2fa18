#!/usr/bin/env python3
"""Trains the reserved rows of the vocabulary on the model's own samples: a joint distribution over the final reward and the tokens that remain (ZIP-RC,
Manvi et al. 2025, arXiv:2512.01457, section 3). Cell = length bin + 8 * reward; the softmax is over the reserved rows alone; nothing else is changed.

  evalh-reference-server --port 8077 --weights ../../Sources/ReferenceModel/Resources/reference-1.weights &
  ./reserved_rows.py --server http://127.0.0.1:8077
"""
import argparse
import concurrent.futures
import itertools
import json
import os
import urllib.request

import jax
import jax.numpy as jnp
import numpy as np

from calibration import auroc, calibration
from export import LENGTHS
from model import hidden_states, normed
from problems import stream, unseen
from temperatures import cooled
from tokenizer import ASSISTANT, END, LENGTH_BINS, REWARD_STATES, USER, Tokenizer
from train import HOME, SHAPE, load

EDGES = np.array([4, 8, 12, 16, 24, 32, 48])
LONGEST = 160


def sampled(server, problems, tokenizer):
    """One sample at temperature 1 for each problem: (tokens, start of the answer, right)."""

    def ask(problem):
        question, answer = problem
        body = {"messages": [{"role": "user", "content": question}], "temperature": 1, "max_tokens": 120, "seed": 11}
        request = urllib.request.Request(server + "/v1/chat/completions", json.dumps(body).encode(), {"content-type": "application/json"})
        text = json.load(urllib.request.urlopen(request, timeout=120))["choices"][0]["message"]["content"]
        head = [USER] + tokenizer.encode(question) + [ASSISTANT]
        right = "####" in text and text.rpartition("####")[2].strip() == answer.rpartition("####")[2].strip()
        return head + tokenizer.encode(text) + [END], len(head), right

    with concurrent.futures.ThreadPoolExecutor(24) as pool:
        return [row for row in pool.map(ask, problems) if len(row[0]) <= LONGEST]


def features(weights, rows):
    """Normed last states at the answers' positions with bin, reward, place in the answer and problem of each."""
    forward = jax.jit(lambda tokens: normed(hidden_states(weights, SHAPE, tokens)[-1], weights["exit_norm"][-1]))
    parts = []
    for first in range(0, len(rows), 64):
        part = rows[first:first + 64]
        tokens = np.zeros((64, LONGEST), np.int32)
        for index, (row, _, _) in enumerate(part):
            tokens[index, :len(row)] = row
        states = np.asarray(forward(tokens))
        for index, (row, start, right) in enumerate(part):
            for position in range(start - 1, len(row) - 1):
                remaining = len(row) - 1 - position
                place = (position - start + 1) / max(1, len(row) - 1 - start)
                parts.append((states[index, position], np.searchsorted(EDGES, remaining, side="left"), right, place, remaining))
    return [np.array(column) for column in zip(*parts)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default="http://127.0.0.1:8077")
    parser.add_argument("--samples", type=int, default=4000, help="to train on; a quarter as many, of unseen templates, judge")
    options = parser.parse_args()
    tokenizer = Tokenizer()
    (weights, _, _), _ = load()
    weights = cooled(weights)
    rows = sampled(options.server, list(itertools.islice(stream(77_000_000, 0.0), options.samples)), tokenizer)
    others = sampled(options.server, list(itertools.islice(unseen(77_000_000), options.samples // 4)), tokenizer)
    x, bins, right, _, _ = features(weights, rows)
    inputs, labels = jnp.asarray(x), jnp.asarray(bins + LENGTH_BINS * right)

    @jax.jit
    def improve(w, m, v, number):
        def loss(w):
            logits = inputs @ w.T
            return (jax.nn.logsumexp(logits, -1) - jnp.take_along_axis(logits, labels[:, None], 1)[:, 0]).mean() + 1e-4 * (w * w).sum()

        g = jax.grad(loss)(w)
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g * g
        return w - 0.02 * (m / (1 - 0.9 ** (number + 1))) / (jnp.sqrt(v / (1 - 0.99 ** (number + 1))) + 1e-8), m, v

    w = jnp.zeros((REWARD_STATES * LENGTH_BINS, SHAPE.width))
    m, v = jnp.zeros_like(w), jnp.zeros_like(w)
    for number in range(300):
        w, m, v = improve(w, m, v, number)
    np.savez(os.path.join(HOME, "reserved-rows.npz"), rows=np.asarray(w))

    x, _, good, where, left = features(weights, others)
    shares = np.asarray(jax.nn.softmax(jnp.asarray(x) @ w.T, -1)).reshape(-1, REWARD_STATES, LENGTH_BINS)
    correct, length = shares[:, 1].sum(-1), shares.sum(1) @ np.array(LENGTHS)
    error = np.abs(length - left)
    parts = {"start": where == 0, "middle": (where > 0.4) & (where < 0.6), "end": where > 0.9}
    report = {
        "samples": len(rows), "accuracy": round(float(np.mean([row[2] for row in rows])), 4),
        "judged_on": len(others), "judged_accuracy": round(float(np.mean([row[2] for row in others])), 4),
        "correct": {name: {**calibration(correct[inside], good[inside]), "auroc": round(auroc(correct[inside], good[inside]), 4),
                           "base_rate_brier": round(float(good[inside].mean() * (1 - good[inside].mean())), 4)} for name, inside in parts.items()},
        # A place is known only at the end, so the constant is one for all.
        "remaining": {"mean_error": round(float(error.mean()), 2), "of_the_constant": round(float(np.abs(np.median(left) - left).mean()), 2),
                      "places": {name: round(float(error[inside].mean()), 2) for name, inside in parts.items()}}}
    with open(os.path.join(HOME, "reserved-rows.json"), "w") as file:
        json.dump(report, file, indent=1)


if __name__ == "__main__":
    main()
