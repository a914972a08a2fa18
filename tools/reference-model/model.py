"""The reference model in JAX: a decoder-only transformer with an exit after every layer.

Pre-norm blocks with RMSNorm, rotary positions, squared ReLU, no biases; one embedding matrix for input, for the last layer's logits and
for every exit (each exit has its own norm).
"""
import dataclasses
import math

import jax
import jax.numpy as jnp


@dataclasses.dataclass(frozen=True)
class Shape:
    layers: int = 8
    width: int = 128
    heads: int = 4
    hidden: int = 512
    vocabulary: int = 2048


def initial(shape, seed):
    keys = jax.random.split(jax.random.PRNGKey(seed), 6)
    L, d, f = shape.layers, shape.width, shape.hidden

    def matrix(key, *size):
        return jax.random.normal(key, size) / math.sqrt(size[-2])

    return {
        "embedding": jax.random.normal(keys[0], (shape.vocabulary, d)) * 0.02,
        "qkv": matrix(keys[1], L, d, 3 * d),
        "mixed": jnp.zeros((L, d, d)),
        "up": matrix(keys[2], L, d, f),
        "down": jnp.zeros((L, f, d)),
        "attention_norm": jnp.ones((L, d)),
        "feed_norm": jnp.ones((L, d)),
        "exit_norm": jnp.ones((L, d)) * 1.0,
    }


def normed(x, gain):
    return x * jax.lax.rsqrt(jnp.mean(x * x, axis=-1, keepdims=True) + 1e-6) * gain


def rotation(length, size):
    angles = jnp.arange(length)[:, None] * (10000.0 ** (-jnp.arange(0, size, 2) / size))[None, :]
    return jnp.cos(angles), jnp.sin(angles)


def rotated(x, turn):
    """x: [batch, position, head, size]; the first half of a head turns against the second."""
    cos, sin = (part[None, :, None, :] for part in turn)
    a, b = jnp.split(x, 2, axis=-1)
    return jnp.concatenate([a * cos - b * sin, a * sin + b * cos], axis=-1)


def hidden_states(weights, shape, tokens):
    """The stream after every layer: [layers, batch, position, width]. Tokens: [batch, position], padded on the right."""
    batch, length = tokens.shape
    size = shape.width // shape.heads
    turn = rotation(length, size)
    mask = jnp.tril(jnp.ones((length, length), bool))
    names = ("qkv", "mixed", "up", "down", "attention_norm", "feed_norm")

    def block(x, w):
        q, k, v = jnp.split((normed(x, w["attention_norm"]) @ w["qkv"]).reshape(batch, length, 3 * shape.heads, size), 3, axis=2)
        scores = jnp.einsum("bqhd,bkhd->bhqk", rotated(q, turn), rotated(k, turn)) / math.sqrt(size)
        share = jax.nn.softmax(jnp.where(mask, scores, -1e30), axis=-1)
        x = x + jnp.einsum("bhqk,bkhd->bqhd", share, v).reshape(batch, length, -1) @ w["mixed"]
        x = x + jnp.square(jax.nn.relu(normed(x, w["feed_norm"]) @ w["up"])) @ w["down"]
        return x, x

    _, states = jax.lax.scan(block, weights["embedding"][tokens] * math.sqrt(shape.width), {name: weights[name] for name in names})
    return states


def logits_of(weights, states, layer):
    """states: [..., width] after `layer` (from 0)."""
    return normed(states, weights["exit_norm"][layer]) @ weights["embedding"].T
