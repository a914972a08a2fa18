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
