#!/usr/bin/env python3
"""Fits one temperature for each exit (Guo et al. 2017, arXiv:1706.04599, section 4.2): a model is surer of stories it was not trained on than it should be.

The text: worked problems told by the templates of the test split, with other numbers than suites/data/gsm-mini.jsonl has. One number a layer is all that
is taken from them; `export.py` divides the exits' norms by it, so that temperature 1 is the calibrated one.
"""
import itertools
import json
import os

import jax
import jax.numpy as jnp
import numpy as np

from model import hidden_states, logits_of
from problems import unseen
from tokenizer import ASSISTANT, END, PAD, RESERVED, USER, Tokenizer
from train import HOME, SHAPE, load

GRID = np.round(np.arange(0.7, 2.91, 0.1), 2)
PROBLEMS, LONGEST, SEED = 640, 160, 424_242


def text(tokenizer):
    """(tokens [n, LONGEST], whether a position's next token belongs to the answer)."""
    rows, wanted = [], []
    for question, answer in itertools.islice(unseen(SEED), PROBLEMS):
        head = [USER] + tokenizer.encode(question) + [ASSISTANT]
        both = head + tokenizer.encode(answer) + [END]
        if len(both) <= LONGEST:
            rows.append(both + [PAD] * (LONGEST - len(both)))
            wanted.append([len(head) - 1 <= p < len(both) - 1 for p in range(LONGEST)])
    return np.array(rows, np.int32), np.array(wanted)


def fit(weights, shape, tokenizer):
    """The temperature of each layer with the least cross-entropy, and that entropy before and after."""
    @jax.jit
    def entropies(tokens, wanted):
        states = hidden_states(weights, shape, tokens)
        targets = jnp.roll(tokens, -1, axis=1)[..., None]

        def at(layer, temperature):
            logits = logits_of(weights, states[layer], layer)[..., :RESERVED] / temperature
            loss = jax.nn.logsumexp(logits, -1) - jnp.take_along_axis(logits, targets, -1)[..., 0]
            return (loss * wanted).sum()

        return jnp.stack([jax.lax.map(lambda t: at(layer, t), jnp.asarray(GRID)) for layer in range(shape.layers)])

    tokens, wanted = text(tokenizer)
    sums = sum(np.asarray(entropies(tokens[i:i + 16], wanted[i:i + 16])) for i in range(0, len(tokens) // 16 * 16, 16)) / wanted.sum()
    best = sums.argmin(axis=1)
    plain = int(np.nonzero(GRID == 1.0)[0][0])
    return GRID[best], sums[:, plain], sums[np.arange(shape.layers), best]


def cooled(weights, name="temperatures"):
    """The weights with every exit's logits divided by its temperature, where those have been fitted."""
    path = os.path.join(HOME, name + ".npz")
    if not os.path.exists(path):
        return dict(weights)
    with np.load(path) as file:
        return dict(weights) | {"exit_norm": weights["exit_norm"] / jnp.asarray(file["temperatures"], jnp.float32)[:, None]}


def main():
    (weights, _, _), step = load()
    found, before, after = fit(weights, SHAPE, Tokenizer())
    np.savez(os.path.join(HOME, "temperatures.npz"), temperatures=found)
    report = {"model_step": step, "temperatures": found.tolist(), "entropy_before": [round(float(v), 4) for v in before], "entropy_after": [round(float(v), 4) for v in after]}
    with open(os.path.join(HOME, "temperatures.json"), "w") as file:
        json.dump(report, file)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
