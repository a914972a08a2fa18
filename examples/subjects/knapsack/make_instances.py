#!/usr/bin/env python3
"""Writes the instances of this folder, each with its exact optimum.

The weights and values are strongly correlated (Pisinger 2005, Where are the hard knapsack problems?, Computers &
Operations Research 32, 2271): value = weight + a constant, which leaves greedy filling far from the optimum.
"""
import json
import random

chance = random.Random(2026)


def optimum(problem):
    """Dynamic programming over capacities (Bellman): best[c] is the largest value of weight c or less."""
    best = [0] * (problem["capacity"] + 1)
    for weight, value in zip(problem["weights"], problem["values"]):
        for room in range(problem["capacity"], weight - 1, -1):
            best[room] = max(best[room], best[room - weight] + value)
    return best[-1]


def greedy(problem):
    room, total = problem["capacity"], 0
    for weight, value in sorted(zip(problem["weights"], problem["values"]), key=lambda item: -item[1] / item[0]):
        if weight <= room:
            room, total = room - weight, total + value
    return total


with open("instances.jsonl", "w") as file:
    number = 0
    while number < 8:
        weights = [chance.randint(100, 1000) for _ in range(60)]
        capacity = sum(weights) * (3 + number % 5) // 10
        problem = {"capacity": capacity, "weights": weights, "values": [weight + 100 for weight in weights]}
        problem["optimum"] = optimum(problem)
        # Where greedy filling is (nearly) the best there is nothing to search for.
        if problem["optimum"] - greedy(problem) < 100:
            continue
        number += 1
        file.write(json.dumps({"name": f"knapsack-{number}", "problem": problem}) + "\n")
