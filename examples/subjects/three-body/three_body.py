#!/usr/bin/env python3
"""Equal masses under their own gravity, integrated by a fourth-order Hermite scheme: a subject for evalh.

    three_body.py [--step adaptive|fixed] --budget B --seed S --instance I

The budget is how finely time is cut: steps per characteristic time of the tightest pair (adaptive), or per unit of time
(fixed). The instance is {"time": T, "positions": [[x, y], ...], "velocities": [[x, y], ...]} for two or more bodies of
mass 1, with G = 1. The seed moves every coordinate by at most 0.001: three bodies are chaotic, so that is another
orbit.

Prints one line of JSON. score: the correct digits of the energy, -log10 |E - E0| / |E0| between 0 and 16; cost:
evaluations of all forces. The scheme is Makino and Aarseth 1992, Publ. Astron. Soc. Japan 44, 141, with one evaluation
a step.
"""
import argparse
import json
import math
import random
import sys

# A bound on what one run may do, far beyond any sensible one.
MOST = 2_000_000


def forces(x, v):
    """Acceleration of each body, its time derivative (jerk), and the characteristic time of the tightest pair."""
    n = len(x)
    a = [[0.0, 0.0] for _ in range(n)]
    j = [[0.0, 0.0] for _ in range(n)]
    shortest = math.inf
    for i in range(n):
        for k in range(i + 1, n):
            dx, dy = x[k][0] - x[i][0], x[k][1] - x[i][1]
            du, dv = v[k][0] - v[i][0], v[k][1] - v[i][1]
            r2 = dx * dx + dy * dy
            cube = r2 * math.sqrt(r2)
            w2 = du * du + dv * dv
            growth = 3 * (dx * du + dy * dv) / r2
            ax, ay = dx / cube, dy / cube
            jx, jy = du / cube - growth * ax, dv / cube - growth * ay
            a[i][0] += ax
            a[i][1] += ay
            a[k][0] -= ax
            a[k][1] -= ay
            j[i][0] += jx
            j[i][1] += jy
            j[k][0] -= jx
            j[k][1] -= jy
            # The squares of the free-fall time and of the time to fly past each other.
            shortest = min(shortest, cube / 2, r2 / w2 if w2 > 0 else math.inf)
    return a, j, math.sqrt(shortest)


def energy(x, v):
    kinetic = sum(p * p + q * q for p, q in v) / 2
    pairs = ((x[i], x[k]) for i in range(len(x)) for k in range(i + 1, len(x)))
    return kinetic - sum(1 / math.dist(p, q) for p, q in pairs)


def integrate(x, v, end, budget, is_adaptive):
    """Moves the bodies to the time `end`. Returns positions, velocities and the number of force evaluations."""
    a, j, shortest = forces(x, v)
    evaluations = 1
    time = 0.0
    while time < end:
        h = min((shortest if is_adaptive else 1.0) / budget, end - time)
        if time + h == time or evaluations == MOST:
            raise ArithmeticError(f"two bodies collide at time {time}, after {evaluations} evaluations")
        # Predict by the series up to the jerk, evaluate there, correct by the two ends' accelerations and jerks.
        xp = [[x[i][d] + h * (v[i][d] + h * (a[i][d] / 2 + h * j[i][d] / 6)) for d in (0, 1)] for i in range(len(x))]
        vp = [[v[i][d] + h * (a[i][d] + h * j[i][d] / 2) for d in (0, 1)] for i in range(len(x))]
        a1, j1, shortest = forces(xp, vp)
        evaluations += 1
        for i in range(len(x)):
            for d in (0, 1):
                old = v[i][d]
                v[i][d] += h * (a[i][d] + a1[i][d]) / 2 + h * h * (j[i][d] - j1[i][d]) / 12
                x[i][d] += h * (old + v[i][d]) / 2 + h * h * (a[i][d] - a1[i][d]) / 12
        a, j = a1, j1
        time += h
    return x, v, evaluations


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--step", choices=["adaptive", "fixed"], default="adaptive")
    parser.add_argument("--budget", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--instance", required=True)
    arguments = parser.parse_args()
    if not arguments.budget > 0:
        sys.exit("--budget must be above 0")
    start = json.loads(arguments.instance)
    chance = random.Random(arguments.seed)
    x, v = (
        [[c + chance.uniform(-1e-3, 1e-3) for c in body] for body in start[key]] for key in ("positions", "velocities")
    )
    before = energy(x, v)
    x, v, evaluations = integrate(x, v, start["time"], arguments.budget, arguments.step == "adaptive")
    error = abs(energy(x, v) - before) / abs(before)
    if not math.isfinite(error):
        error = 1.0
    digits = min(16.0, max(0.0, -math.log10(max(error, 1e-16))))
    print(json.dumps({"score": digits, "cost": evaluations, "unit": "force evaluations", "energy_error": error}))


if __name__ == "__main__":
    main()
