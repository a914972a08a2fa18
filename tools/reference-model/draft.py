#!/usr/bin/env python3
"""Trains the draft model on the last steps of the same stream, then its acceptance head (SpecDec++, Huang et al. 2024, arXiv:2405.19715, section 3).

The head predicts from the draft's last state whether the target would accept the draft's next token: residual blocks x + SiLU(x W + b), a linear map,
a sigmoid. Soft labels min(1, p(y) / q(y)) for y drawn from the draft; rejections weigh six times as much.
"""
import argparse
import json
import os

import jax
import jax.numpy as jnp
import numpy as np

from calibration import calibration
from export import DRAFT
from lambda_heads import fresh
from model import hidden_states, logits_of, normed
from problems import unseen
from temperatures import cooled, fit
from tokenizer import RESERVED, Tokenizer
from train import HOME, SHAPE, STAGES, load, packed, train

REJECTED = 6.0


def start(seed=9):
    d = DRAFT.width
    keys = jax.random.split(jax.random.PRNGKey(seed), 2)
    return {"accept_in": jax.random.normal(keys[0], (2, d, d)) * 0.1 / d**0.5, "accept_bias": jnp.zeros((2, d)),
            "accept_out": jax.random.normal(keys[1], (d,)) / d**0.5, "accept_out_bias": jnp.zeros(())}


def logit_of(head, states):
    x = normed(states, 1.0)
    for block in range(2):
        x = x + jax.nn.silu(x @ head["accept_in"][block] + head["accept_bias"][block])
    return x @ head["accept_out"] + head["accept_out_bias"]


@jax.jit
def judged(target, draft, tokens, segments, positions, key):
    """Draft states, soft labels of one token drawn at each position, and the share accepted on average there, sum min(p, q)."""
    def last(weights, shape):
        states = hidden_states(weights, shape, tokens, segments)[-1].reshape(-1, shape.width)[positions]
        return states, logits_of(weights, states, shape.layers - 1).at[:, RESERVED:].set(-1e30)

    (_, p), (states, q) = last(target, SHAPE), last(draft, DRAFT)
    drawn = jax.random.categorical(key, q)[:, None]
    p, q = jax.nn.log_softmax(p), jax.nn.log_softmax(q)
    label = jnp.minimum(1, jnp.exp(jnp.take_along_axis(p, drawn, 1) - jnp.take_along_axis(q, drawn, 1)))[:, 0]
    return states, label, jnp.minimum(jnp.exp(p), jnp.exp(q)).sum(-1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=1400, help="of the draft")
    parser.add_argument("--head-steps", type=int, default=200)
    options = parser.parse_args()
    train(DRAFT, "draft", first_step=STAGES[-1][0] - options.steps, log="draft-loss.jsonl")
    tokenizer = Tokenizer()
    (target, _, _), _ = load()
    (draft, _, _), _ = load("draft", DRAFT)
    found, _, _ = fit(draft, DRAFT, tokenizer)
    np.savez(os.path.join(HOME, "draft-temperatures.npz"), temperatures=found)
    target, draft = cooled(target), cooled(draft, "draft-temperatures")

    @jax.jit
    def improve(head, first, second, number, states, label, counted):
        def loss(head):
            logit = logit_of(head, states)
            losses = -(label * jax.nn.log_sigmoid(logit) + REJECTED * (1 - label) * jax.nn.log_sigmoid(-logit))
            return (losses * counted).sum() / counted.sum()

        value, g = jax.value_and_grad(loss)(head)
        first = {n: 0.9 * first[n] + 0.1 * g[n] for n in g}
        second = {n: 0.99 * second[n] + 0.01 * g[n] ** 2 for n in g}
        rate = 0.003 * jnp.minimum(1, (options.head_steps - number) / (0.5 * options.head_steps))
        return {n: head[n] - rate * (first[n] / (1 - 0.9 ** (number + 1))) / (jnp.sqrt(second[n] / (1 - 0.99 ** (number + 1))) + 1e-8) for n in g}, first, second, value

    head = start()
    state = (head, *({n: jnp.zeros_like(v) for n, v in head.items()} for _ in range(2)))
    number = 0
    while number < options.head_steps:
        for tokens, segments, positions, counted in fresh(200_000 + number, tokenizer):
            states, label, _ = judged(target, draft, tokens, segments, positions, jax.random.PRNGKey(number))
            *state, value = improve(*state, number, states, label, counted)
            number += 1
            if number % 40 == 0:
                print(json.dumps({"step": number, "loss": round(float(value), 4)}), flush=True)
    head = state[0]
    np.savez(os.path.join(HOME, "acceptance.npz"), **{n: np.asarray(v) for n, v in head.items()})
    sure, labels, shares = [], [], []
    for index, (tokens, segments, positions, counted) in enumerate(packed(unseen(900_200), tokenizer)):
        states, label, share = judged(target, draft, tokens, segments, positions, jax.random.PRNGKey(70_000 + index))
        kept = np.nonzero(np.asarray(counted))[0]
        # The weight moves the head's odds; divided out again, they are comparable with frequencies.
        odds = np.exp(np.asarray(logit_of(head, states))[kept]) * REJECTED
        sure.append(odds / (1 + odds))
        labels.append(np.asarray(label)[kept])
        shares.append(np.asarray(share)[kept])
    with open(os.path.join(HOME, "draft.json"), "w") as file:
        json.dump({"steps": options.steps, "acceptance": round(float(np.concatenate(shares).mean()), 4),
                   "head": calibration(np.concatenate(sure), np.concatenate(labels))}, file, indent=1)


if __name__ == "__main__":
    main()
