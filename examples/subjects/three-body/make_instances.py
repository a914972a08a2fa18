#!/usr/bin/env python3
"""Writes the instances of this folder: three bodies anywhere in the unit disc, not too close to each other, with
velocities that sum to nothing and let them miss each other."""
import json
import math
import random

chance = random.Random(2026)


def point():
    radius, angle = math.sqrt(chance.random()), chance.uniform(0, 2 * math.pi)
    return [round(radius * math.cos(angle), 6), round(radius * math.sin(angle), 6)]


def start():
    while True:
        bodies = [point() for _ in range(3)]
        if min(math.dist(bodies[i], bodies[k]) for i in range(3) for k in range(i)) > 0.4:
            return bodies


def velocities():
    """Of lengths about that of a circular orbit, less their mean."""
    vectors = [[chance.uniform(-1, 1), chance.uniform(-1, 1)] for _ in range(3)]
    mean = [sum(vector[axis] for vector in vectors) / 3 for axis in (0, 1)]
    return [[round(vector[axis] - mean[axis], 6) for axis in (0, 1)] for vector in vectors]


with open("instances.jsonl", "w") as file:
    for number in range(1, 9):
        body = {"time": 2, "positions": start(), "velocities": velocities()}
        file.write(json.dumps({"name": f"start-{number}", "start": body}) + "\n")
