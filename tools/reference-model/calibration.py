"""How far confidences can be believed."""
import numpy as np


def calibration(confidence, right, bins=10):
    """Expected calibration error over equal-width bins (Naeini et al. 2015; Guo et al. 2017, eq. 3) and the table it comes from.

    - confidence: [n] in [0, 1]; right: [n], 0 or 1 (or a probability).
    """
    confidence, right = np.asarray(confidence, np.float64), np.asarray(right, np.float64)
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    table, error = [], 0.0
    for number in range(bins):
        inside = index == number
        count = int(inside.sum())
        if count:
            mean, share = confidence[inside].mean(), right[inside].mean()
            error += count / len(confidence) * abs(mean - share)
            table.append({"from": number / bins, "count": count, "confidence": round(float(mean), 4), "right": round(float(share), 4)})
    return {"ece": round(float(error), 4), "brier": round(float(((confidence - right) ** 2).mean()), 4), "n": len(confidence), "table": table}


def auroc(score, right):
    """The chance that a right one scores above a wrong one, ties counting half (Mann-Whitney)."""
    score, right = np.asarray(score), np.asarray(right, bool)
    order = np.argsort(score, kind="stable")
    ranks = np.empty(len(score))
    values, inverse, counts = np.unique(score[order], return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks[order] = (ends - (counts - 1) / 2)[inverse]
    n, m = right.sum(), (~right).sum()
    return float((ranks[right].sum() - n * (n + 1) / 2) / (n * m)) if n and m else float("nan")
