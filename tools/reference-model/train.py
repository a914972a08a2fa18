#!/usr/bin/env python3
"""Trains the reference model: one command, resumable, the same weights for the same seed on the same machine.

  pip install -r requirements.txt
  ./train.py                        go on from the newest checkpoint, or start
  ./train.py --evaluate             greedy accuracy of the newest checkpoint on suites/data/gsm-mini.jsonl

Checkpoints are kept in $XDG_CACHE_HOME/evalh/reference-model (~/.cache by default). Stages are listed in `STAGES`: a share of drills, then mostly problems.
"""
import argparse
import functools
import json
import os
import signal
import time

import jax
import jax.numpy as jnp
import numpy as np

from model import Shape, hidden_states, initial, logits_of
from problems import GSM_MINI, stream
from tokenizer import ASSISTANT, END, PAD, USER, Tokenizer

SHAPE = Shape()
HOME = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "evalh", "reference-model")
# (steps until, share of drills, share of drills told in words, highest number of a template): every step has its own seed, so a resumed run sees what an unbroken one would have seen.
STAGES = [(1000, 0.5, 0.0, 1999), (2252, 0.2, 0.0, 1999), (2900, 0.2, 0.5, 1999), (5000, 0.2, 0.3, None)]
ROWS, LENGTH, GROUP, ANSWERS, PEAK, WARM = 32, 128, 4, 2560, 0.02, 100
MATRICES = ("qkv", "mixed", "up", "down")


def batches(step, tokenizer, offset=0):
    """The batches of a step and those that follow it."""
    shares = next(shares for until, *shares in STAGES if step < until)
    return packed(stream(1_000_000 + step + offset, *shares), tokenizer)


def packed(source, tokenizer):
    """`GROUP` batches of `ROWS` rows, each row packed with as many examples as fit: (tokens, segments, answer positions, their weights)."""
    rows, count = [[] for _ in range(GROUP * ROWS)], GROUP * ROWS
    room, missed = [LENGTH] * count, 0
    while missed < 40:
        question, answer = next(source)
        head = [USER] + tokenizer.encode(question) + [ASSISTANT]
        tail = tokenizer.encode(answer) + [END]
        size = len(head) + len(tail)
        best = min((index for index in range(count) if room[index] >= size), key=lambda index: room[index], default=None)
        if best is None:
            missed += size <= LENGTH
            continue
        rows[best].append((head, tail))
        room[best] -= size
    made = []
    for group in range(GROUP):
        tokens, segments = np.full((ROWS, LENGTH), PAD, np.int32), np.full((ROWS, LENGTH), -1, np.int32)
        answers = []
        for index, row in enumerate(rows[group::GROUP]):
            at = 0
            for segment, (head, tail) in enumerate(row):
                end = at + len(head) + len(tail)
                tokens[index, at:end] = head + tail
                segments[index, at:end] = segment
                answers.extend(range(index * LENGTH + at + len(head) - 1, index * LENGTH + end - 1))
                at = end
        answers = answers[:ANSWERS]
        positions = np.zeros(ANSWERS, np.int32)
        positions[:len(answers)] = answers
        made.append((tokens, segments, positions, np.arange(ANSWERS) < len(answers)))
    return made


def loss_of(weights, shape, tokens, segments, positions, counted, layer):
    """Cross-entropy of the answers' tokens after the last layer, and after one more, drawn per step (deep supervision)."""
    states = hidden_states(weights, shape, tokens, segments)
    flat = states.reshape(shape.layers, -1, shape.width)
    targets = jnp.roll(tokens.reshape(-1), -1)[positions]
    total = jnp.maximum(counted.sum(), 1)

    def entropy(layer):
        logits = logits_of(weights, flat[layer][positions], layer)
        losses = jax.nn.logsumexp(logits, axis=-1) - jnp.take_along_axis(logits, targets[:, None], axis=1)[:, 0]
        return (losses * counted).sum() / total

    last = entropy(shape.layers - 1)
    return last + 0.3 * entropy(layer), last


def orthogonal(g):
    """Muon's direction: five Newton-Schulz steps towards the nearest orthogonal matrix (Jordan et al. 2024)."""
    tall = g.shape[-2] > g.shape[-1]
    x = jnp.swapaxes(g, -1, -2) if tall else g
    x = x / (jnp.linalg.norm(x, axis=(-2, -1), keepdims=True) + 1e-7)
    for _ in range(5):
        a = x @ jnp.swapaxes(x, -1, -2)
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    x = jnp.swapaxes(x, -1, -2) if tall else x
    return x * max(1.0, g.shape[-2] / g.shape[-1]) ** 0.5


@functools.partial(jax.jit, static_argnames="shape")
def update(weights, first, second, step, rate, tokens, segments, positions, counted, layer, shape=SHAPE):
    (_, last), gradients = jax.value_and_grad(loss_of, has_aux=True)(weights, shape, tokens, segments, positions, counted, layer)
    new_weights, new_first, new_second = {}, {}, {}
    for name, w in weights.items():
        g = gradients[name]
        if name in MATRICES:
            m = 0.95 * first[name] + g
            parts = jnp.split(0.95 * m + g, 3, axis=-1) if name == "qkv" else [0.95 * m + g]
            direction = jnp.concatenate([orthogonal(part) for part in parts], axis=-1)
            new_weights[name], new_first[name], new_second[name] = w * (1 - rate * 0.01) - rate * direction, m, second[name]
        else:
            m, v = 0.9 * first[name] + 0.1 * g, 0.99 * second[name] + 0.01 * g * g
            mean, spread = m / (1 - 0.9 ** (step + 1)), v / (1 - 0.99 ** (step + 1))
            new_weights[name], new_first[name], new_second[name] = w - 0.15 * rate * mean / (jnp.sqrt(spread) + 1e-8), m, v
    return new_weights, new_first, new_second, last


def save(state, step, name="checkpoint"):
    os.makedirs(HOME, exist_ok=True)
    flat = {f"{part}/{name}": np.asarray(value) for part, values in zip(("weights", "first", "second"), state) for name, value in values.items()}
    with open(os.path.join(HOME, name + ".part"), "wb") as file:
        np.savez(file, step=step, **flat)
    os.replace(os.path.join(HOME, name + ".part"), os.path.join(HOME, name + ".npz"))


def load(name="checkpoint", shape=SHAPE):
    path = os.path.join(HOME, name + ".npz")
    if not os.path.exists(path):
        weights = initial(shape, seed=1)
        return (weights, *({n: jnp.zeros_like(w) for n, w in weights.items()} for _ in range(2))), 0
    with np.load(path) as file:
        parts = tuple({key.partition("/")[2]: jnp.asarray(file[key]) for key in file.files if key.startswith(part)} for part in ("weights/", "first/", "second/"))
        return parts, int(file["step"])


def train(shape=SHAPE, name="checkpoint", first_step=0, log="loss.jsonl"):
    """Trains to the end of `STAGES`, from the checkpoint where there is one, else from `first_step` of the stream."""
    tokenizer = Tokenizer()
    state, step = load(name, shape)
    step = max(step, first_step)
    last_step, stop = STAGES[-1][0], []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.append(True))
    started, seen, saved = time.time(), 0, time.time()
    # A group of batches comes from one pool and always runs whole, so a checkpoint lies on a pool's edge.
    while step < last_step and not stop:
        for tokens, segments, positions, counted in batches(step, tokenizer):
            rate = PEAK * min(1, (step - first_step + 1) / WARM, max(0.0, (last_step - step) / (0.55 * last_step)))
            layer = (step * 5 + 3) % shape.layers
            *state, loss = update(*state, step, rate, tokens, segments, positions, counted, layer, shape=shape)
            step, seen = step + 1, seen + int((tokens != PAD).sum())
            if step % 50 == 0:
                line = {"step": step, "loss": round(float(loss), 4), "tokens_per_s": round(seen / (time.time() - started))}
                print(json.dumps(line), flush=True)
                os.makedirs(HOME, exist_ok=True)
                with open(os.path.join(HOME, log), "a") as file:
                    file.write(json.dumps(line) + "\n")
        if time.time() - saved > 120:
            save(state, step, name)
            saved = time.time()
    save(state, step, name)


def evaluate():
    """Greedy answers by full recomputation: slow and simple, the measure of the model is Swift's server."""
    tokenizer = Tokenizer()
    (weights, _, _), step = load()
    rows = [json.loads(line) for line in open(GSM_MINI, encoding="utf-8")]
    forward = jax.jit(lambda w, t, p: jnp.argmax(logits_of(w, hidden_states(w, SHAPE, t)[-1][jnp.arange(t.shape[0]), p], SHAPE.layers - 1), -1))
    heads = [[USER] + tokenizer.encode(row["question"]) + [ASSISTANT] for row in rows]
    tokens = np.full((len(rows), 256), PAD, np.int32)
    ends = np.array([len(h) for h in heads])
    for index, head in enumerate(heads):
        tokens[index, :len(head)] = head
    done = np.zeros(len(rows), bool)
    starts = ends.copy()
    while not done.all() and ends.max() < 256:
        found = np.asarray(forward(weights, tokens, ends - 1))
        done |= found == END
        live = ~done
        tokens[np.nonzero(live)[0], ends[live]] = found[live]
        ends = ends + live
    right = {}
    for index, row in enumerate(rows):
        answer = tokenizer.decode(tokens[index, starts[index]:ends[index]])
        right.setdefault(row["level"], []).append(answer.rpartition("####")[2].strip() == row["answer"].rpartition("####")[2].strip())
        if index < 10:
            print(row["question"][:80], "=>", answer, "|", row["answer"])
    print(json.dumps({"step": step, "accuracy": np.mean(sum(right.values(), [])), "levels": {k: np.mean(v) for k, v in sorted(right.items())}}))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--evaluate", action="store_true")
    evaluate() if arguments.parse_args().evaluate else train()
