"""Means with intervals over questions, and exact values over all orders of recorded samples."""
import collections
import math


def mean(values):
    return sum(values) / len(values)


def pass_at_k(total, right, k):
    """Probability that k of `total` samples, drawn without replacement, hold one of the `right` ones."""
    return 1 - math.comb(total - right, k) / math.comb(total, k)


def quantile_t(freedom):
    """0.975 quantile of Student's t, by Cornish and Fisher's expansion: 1e-4 from 8 degrees of freedom on."""
    z = 1.959963984540054
    terms = [
        (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96, (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384]
    return z + sum(term / freedom ** (power + 1) for power, term in enumerate(terms))


def clustered(values):
    """Mean of one value a question and its 95 % interval, t over questions."""
    centre, count = mean(values), len(values)
    spread = math.sqrt(sum((value - centre) ** 2 for value in values) / (count - 1) / count)
    half = quantile_t(count - 1) * spread
    return centre, centre - half, centre + half


def majority_over_subsets(answers, right, k):
    """Probability that the majority of k of the answers, drawn without replacement, is right; ties fall at random.

    `None` and the empty answer do not vote. Exact: sums over how many of each answer a draw holds.
    """
    counts = collections.Counter(answer for answer in answers if answer)
    target, silent = counts.pop(right, 0), sum(1 for answer in answers if not answer)
    total = 0.0
    for votes in range(1, min(k, target) + 1):
        # Ways to draw `left` votes of the others with none above `votes`, by how many tie with it.
        ways = {(0, 0): 1}
        for count in counts.values():
            more = collections.Counter()
            for (drawn, ties), number in ways.items():
                for size in range(min(count, votes, k - votes - drawn) + 1):
                    more[drawn + size, ties + (size == votes)] += number * math.comb(count, size)
            ways = more
        for (drawn, ties), number in ways.items():
            rest = k - votes - drawn
            total += math.comb(target, votes) * number * math.comb(silent, rest) / (ties + 1)
    return total / math.comb(len(answers), k)


def saturation(ceiling, rate, gain):
    """Smallest N whose next sample adds at most `gain` to ceiling (1 − (1 − rate)^N)."""
    if ceiling * rate <= gain:
        return 0
    return math.ceil(math.log(gain / (ceiling * rate)) / math.log(1 - rate) - 1e-12)


def fit_saturation(points):
    """Least squares of (N, accuracy) by ceiling (1 − (1 − rate)^N), ceiling at most 1: ceiling, rate, largest residual."""
    def at(log_rate):
        rate = math.exp(log_rate)
        shape = [1 - (1 - rate) ** n for n, _ in points]
        ceiling = min(1.0, sum(s * y for s, (_, y) in zip(shape, points)) / sum(s * s for s in shape))
        residuals = [ceiling * s - y for s, (_, y) in zip(shape, points)]
        return sum(r * r for r in residuals), ceiling, rate, max(map(abs, residuals))
    grid = [math.log(1e-5) * (1 - step / 400) - 1e-9 for step in range(401)]
    best = min(range(401), key=lambda place: at(grid[place])[0])
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, 400)]
    for _ in range(80):
        left, right = low + (high - low) * 0.382, low + (high - low) * 0.618
        low, high = (low, right) if at(left)[0] < at(right)[0] else (left, high)
    return at((low + high) / 2)[1:]
