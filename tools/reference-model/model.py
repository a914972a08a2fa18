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


@jax.custom_vjp
def embedded(embedding, tokens):
    return embedding[tokens]


def _embedded_back(kept, g):
    # On a CPU a product with one-hot rows is far faster than a scatter.
    tokens, rows = kept
    return jax.nn.one_hot(tokens.reshape(-1), rows, dtype=g.dtype).T @ g.reshape(-1, g.shape[-1]), None


embedded.defvjp(lambda embedding, tokens: (embedding[tokens], (tokens, embedding.shape[0])), _embedded_back)


def rotation(length, size):
    angles = jnp.arange(length)[:, None] * (10000.0 ** (-jnp.arange(0, size, 2) / size))[None, :]
    return jnp.cos(angles), jnp.sin(angles)


def rotated(x, turn):
    """x: [batch, position, head, size]; the first half of a head turns against the second."""
    cos, sin = (part[None, :, None, :] for part in turn)
    a, b = jnp.split(x, 2, axis=-1)
    return jnp.concatenate([a * cos - b * sin, a * sin + b * cos], axis=-1)


def hidden_states(weights, shape, tokens, segments=None):
    """The stream after every layer: [layers, batch, position, width].

    - tokens: [batch, position], padded on the right.
    - segments: [batch, position], the number of the example a position belongs to where a row holds several; a position sees its own only.
    """
    batch, length = tokens.shape
    size = shape.width // shape.heads
    turn = rotation(length, size)
    mask = jnp.tril(jnp.ones((length, length), bool))[None, None]
    if segments is not None:
        mask = mask & (segments[:, None, :, None] == segments[:, None, None, :])
    bias = jnp.where(mask, 0.0, -1e30)
    x = embedded(weights["embedding"], tokens) * math.sqrt(shape.width)
    states = []
    for layer in range(shape.layers):
        q, k, v = jnp.split((normed(x, weights["attention_norm"][layer]) @ weights["qkv"][layer]).reshape(batch, length, 3 * shape.heads, size), 3, axis=2)
        q, k, v = (part.transpose(0, 2, 1, 3) for part in (rotated(q, turn) / math.sqrt(size), rotated(k, turn), v))
        share = jax.nn.softmax(q @ k.transpose(0, 1, 3, 2) + bias, axis=-1)
        x = x + (share @ v).transpose(0, 2, 1, 3).reshape(batch, length, -1) @ weights["mixed"][layer]
        x = x + jnp.square(jax.nn.relu(normed(x, weights["feed_norm"][layer]) @ weights["up"][layer])) @ weights["down"][layer]
        states.append(x)
    return jnp.stack(states)


def logits_of(weights, states, layer):
    """states: [..., width] after `layer` (from 0)."""
    return normed(states, weights["exit_norm"][layer]) @ weights["embedding"].T
