#!/usr/bin/env python3
"""Trains a halting head after every layer of the frozen model, and measures exits of all kinds on problems of unseen templates.

The head of layer l: x = state / rms(state), lambda = sigmoid(relu(x W + b) v + c). The loss of a token is that of PonderNet (Banino et al. 2021,
arXiv:2107.05407, eq. 6): sum p_l CE_l + beta KL(p || geometric prior), p_l = lambda_l prod_{k<l} (1 - lambda_k), what remains going to the last layer.
"""
import argparse
import json
import os

import jax
import jax.numpy as jnp
import numpy as np

from calibration import calibration
from model import hidden_states, logits_of, normed
from problems import unseen
from temperatures import cooled
from tokenizer import RESERVED, Tokenizer
from train import HOME, SHAPE, STAGES, batches, load, packed

HIDDEN = 32
FRESH = 10_000_000  # steps of the stream that the model's own training never comes to


def fresh(number, tokenizer):
    """A group of batches like those of the last stage, from a part of the stream that was not trained on."""
    return batches(STAGES[-1][0] - 1, tokenizer, offset=FRESH + number)


def start(seed=5):
    L, d = SHAPE.layers, SHAPE.width
    keys = jax.random.split(jax.random.PRNGKey(seed), 2)
    return {"lambda_in": jax.random.normal(keys[0], (L, d, HIDDEN)) / d**0.5, "lambda_bias": jnp.zeros((L, HIDDEN)),
            "lambda_out": jax.random.normal(keys[1], (L, HIDDEN)) / HIDDEN**0.5, "lambda_out_bias": jnp.full((L,), -2.0)}


def halting(heads, states):
    """states: [L, P, d] -> [L, P]."""
    x = normed(states, 1.0)
    h = jax.nn.relu(jnp.einsum("lpd,ldh->lph", x, heads["lambda_in"]) + heads["lambda_bias"][:, None])
    return jax.nn.sigmoid(jnp.einsum("lph,lh->lp", h, heads["lambda_out"]) + heads["lambda_out_bias"][:, None])


def exits(lam):
    """[L, P] -> the distribution of the exit."""
    before = jnp.cumprod(jnp.concatenate([jnp.ones_like(lam[:1]), 1 - lam[:-1]]), axis=0)
    return jnp.concatenate([lam[:-1] * before[:-1], before[-1:]])


@jax.jit
def seen(weights, tokens, segments, positions):
    """States after all layers at the answer positions, their cross-entropies, likeliest tokens' probabilities and whether those are right: [L, P]."""
    states = hidden_states(weights, SHAPE, tokens, segments).reshape(SHAPE.layers, -1, SHAPE.width)[:, positions]
    targets = jnp.roll(tokens.reshape(-1), -1)[positions]

    def layer(l):
        logits = logits_of(weights, states[l], l).at[:, RESERVED:].set(-1e30)
        total = jax.nn.logsumexp(logits, axis=-1)
        return total - jnp.take_along_axis(logits, targets[:, None], 1)[:, 0], jnp.exp(logits.max(-1) - total), logits.argmax(-1) == targets

    parts = [layer(l) for l in range(SHAPE.layers)]
    return states, *(jnp.stack([part[i] for part in parts]) for i in range(3))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=240)
    parser.add_argument("--beta", type=float, default=0.02)
    parser.add_argument("--prior", type=float, default=0.2, help="lambda of the geometric prior")
    options = parser.parse_args()
    tokenizer = Tokenizer()
    (weights, _, _), step = load()
    weights = cooled(weights)
    prior = np.array([options.prior * (1 - options.prior) ** l for l in range(SHAPE.layers - 1)])
    prior = jnp.asarray(np.append(prior, 1 - prior.sum()))[:, None]

    @jax.jit
    def improve(heads, first, second, number, states, losses, counted):
        def loss(heads):
            p = exits(halting(heads, states))
            kl = (p * (jnp.log(p + 1e-9) - jnp.log(prior))).sum(0)
            return (((p * losses).sum(0) + options.beta * kl) * counted).sum() / counted.sum()

        value, g = jax.value_and_grad(loss)(heads)
        first = {n: 0.9 * first[n] + 0.1 * g[n] for n in g}
        second = {n: 0.99 * second[n] + 0.01 * g[n] ** 2 for n in g}
        rate = 0.005 * jnp.minimum(1, (options.steps - number) / (0.5 * options.steps))
        heads = {n: heads[n] - rate * (first[n] / (1 - 0.9 ** (number + 1))) / (jnp.sqrt(second[n] / (1 - 0.99 ** (number + 1))) + 1e-8) for n in g}
        return heads, first, second, value

    heads = start()
    state = (heads, *({n: jnp.zeros_like(v) for n, v in heads.items()} for _ in range(2)))
    number = 0
    while number < options.steps:
        for tokens, segments, positions, counted in fresh(number, tokenizer):
            states, losses, _, _ = seen(weights, tokens, segments, positions)
            *state, value = improve(*state, number, states, losses, counted)
            number += 1
            if number % 40 == 0:
                print(json.dumps({"step": number, "loss": round(float(value), 4)}), flush=True)
    heads = state[0]
    np.savez(os.path.join(HOME, "lambda-heads.npz"), **{n: np.asarray(v) for n, v in heads.items()})
    report = evaluate(weights, heads, tokenizer)
    with open(os.path.join(HOME, "lambda-heads.json"), "w") as file:
        json.dump({"model_step": step, "beta": options.beta, "prior": options.prior, **report}, file, indent=1)


def evaluate(weights, heads, tokenizer):
    lam, confidence, right = [], [], []
    for tokens, segments, positions, counted in packed(unseen(900_000), tokenizer) + packed(unseen(900_100), tokenizer):
        states, _, sure, good = seen(weights, tokens, segments, positions)
        kept = np.nonzero(np.asarray(counted))[0]
        lam.append(np.asarray(halting(heads, states))[:, kept])
        confidence.append(np.asarray(sure)[:, kept])
        right.append(np.asarray(good)[:, kept])
    lam, confidence, right = (np.concatenate(part, axis=1) for part in (lam, confidence, right))
    L, P = lam.shape

    def outcome(layer):
        return {"depth": round(float((layer + 1).mean() / L), 4), "accuracy": round(float(right[layer, np.arange(P)].mean()), 4)}

    def first_of(condition):
        return np.where(condition.any(0), condition.argmax(0), L - 1)

    cdf = 1 - np.cumprod(1 - lam, axis=0)
    source = np.random.default_rng(3)
    drawn = [outcome(first_of(source.random(lam.shape) < lam)) for _ in range(20)]
    return {
        "tokens": P,
        "fixed": [outcome(np.full(P, l)) for l in range(L)],
        "q_exit": {str(q): outcome(first_of(cdf > q)) for q in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)},
        "sampled": {"depth": round(float(np.mean([d["depth"] for d in drawn])), 4), "accuracy": round(float(np.mean([d["accuracy"] for d in drawn])), 4),
                    "accuracy_sd_over_seeds": round(float(np.std([d["accuracy"] for d in drawn], ddof=1)), 5)},
        "confidence": {str(t): outcome(first_of(confidence >= t)) for t in (0.5, 0.7, 0.8, 0.9, 0.95, 0.99)},
        "calibration": [calibration(confidence[l], right[l]) for l in range(L)],
    }


if __name__ == "__main__":
    main()
