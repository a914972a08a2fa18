#!/usr/bin/env python3
"""Large-neighbourhood search for the 0/1 knapsack problem: a subject for evalh.

    knapsack.py [--policy thompson|uniform] --budget B --seed S --instance I

The budget is the number of iterations. The instance is {"capacity": C, "weights": [...], "values": [...], "optimum":
V}, whole numbers; the optimum serves the score only. An iteration takes some chosen items out (destroy) and fills the
knapsack again (repair). Which operator destroys is a bandit's choice: Thompson sampling with a reward of 1 where the
filling became better, or chance alone.

Prints one line of JSON. score: the share of the gap between the greedy filling and the optimum that was closed; cost:
iterations.
"""
import argparse
import json
import random
import sys

# Share of the chosen items that an iteration takes out.
LEAST, MOST = 0.1, 0.5
# How likely a filling that is worse is kept, so that the search leaves local optima.
TOLERANCE = 0.05


def fill(chosen, order, weights, room):
    """Adds what still fits, in this order. Returns the room that is left."""
    for item in order:
        if item not in chosen and weights[item] <= room:
            chosen.add(item)
            room -= weights[item]
    return room


# Each gives chosen items in the order in which they are taken out.
DESTROY = {
    "any": lambda chosen, ratio, weights, chance: chance.sample(sorted(chosen), len(chosen)),
    "poorest": lambda chosen, ratio, weights, chance: sorted(chosen, key=lambda item: ratio[item]),
    "heaviest": lambda chosen, ratio, weights, chance: sorted(chosen, key=lambda item: -weights[item]),
    "lightest": lambda chosen, ratio, weights, chance: sorted(chosen, key=lambda item: weights[item]),
}


class Bandit:
    """Chooses an operator: with Beta(1, 1) priors and Thompson sampling, or uniformly."""

    def __init__(self, policy, chance):
        self.policy, self.chance = policy, chance
        self.won = dict.fromkeys(DESTROY, 0)
        self.lost = dict.fromkeys(DESTROY, 0)

    def choose(self):
        if self.policy == "uniform":
            return self.chance.choice(list(DESTROY))
        return max(DESTROY, key=lambda name: self.chance.betavariate(1 + self.won[name], 1 + self.lost[name]))

    def learn(self, name, is_better):
        (self.won if is_better else self.lost)[name] += 1


def search(problem, iterations, policy, chance):
    """Returns the greedy filling's value, the best value found, and how often each operator was used."""
    weights, values = problem["weights"], problem["values"]
    ratio = [value / weight for value, weight in zip(values, weights)]
    worth = lambda chosen: sum(values[item] for item in chosen)
    current = set()
    room = fill(current, sorted(range(len(weights)), key=lambda item: -ratio[item]), weights, problem["capacity"])
    start = best = value = worth(current)
    bandit = Bandit(policy, chance)
    for _ in range(iterations):
        name = bandit.choose()
        count = max(1, int(len(current) * chance.uniform(LEAST, MOST)))
        out = DESTROY[name](current, ratio, weights, chance)[:count]
        trial = current.difference(out)
        # Ratios with noise: neither greedy, which would undo the destruction, nor blind.
        order = sorted(range(len(weights)), key=lambda item: -ratio[item] * chance.uniform(0.8, 1.2))
        trial_room = fill(trial, order, weights, room + sum(weights[item] for item in out))
        trial_value = worth(trial)
        bandit.learn(name, trial_value > value)
        if trial_value >= value or chance.random() < TOLERANCE:
            current, room, value = trial, trial_room, trial_value
        best = max(best, value)
    return start, best, {name: bandit.won[name] + bandit.lost[name] for name in DESTROY}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--policy", choices=["thompson", "uniform"], default="thompson")
    parser.add_argument("--budget", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--instance", required=True)
    arguments = parser.parse_args()
    iterations = int(arguments.budget)
    if iterations < 0:
        sys.exit("--budget must be 0 or more")
    problem = json.loads(arguments.instance)
    start, best, used = search(problem, iterations, arguments.policy, random.Random(arguments.seed))
    gap = problem["optimum"] - start
    score = 1.0 if gap == 0 else (best - start) / gap
    print(json.dumps({"score": score, "cost": iterations, "unit": "iterations", "value": best, "operators": used}))


if __name__ == "__main__":
    main()
