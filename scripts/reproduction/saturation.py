"""A two-parameter law of accuracy over samples, fitted to pass@k of the pools."""
from .figures import fit_saturation, mean, pass_at_k, saturation
from .table import Row, Section, plain_table

CHECKS = [((0.85, 0.3, 0.001), 16), ((1, 0.2, 0.01), 14), ((0.6, 0.1, 0.005), 24), ((0.5, 0.5, 0.01), 5)]
GAIN = 0.01


def section(counts):
    """`counts`: for each pool, samples a question and how many of each question's are right."""
    rows = [
        Row(f"N* at F_max {ceiling:g}, p {rate:g}, ε {gain:g}", published, "derived from the formula, arXiv title Scaling over Scaling", saturation(ceiling, rate, gain), unit="", digits=0)
        for (ceiling, rate, gain), published in CHECKS]
    table = []
    for name, (total, right) in counts.items():
        points = [(k, mean([pass_at_k(total, count, k) for count in right])) for k in range(1, total + 1)]
        ceiling, rate, residual = fit_saturation(points)
        observed = next((k for (k, now), (_, then) in zip(points, points[1:]) if then - now < GAIN), None)
        table.append([
            f"`{name}`", f"1 to {total}", f"{100 * ceiling:.1f} %", f"{rate:.4f}", str(saturation(ceiling, rate, GAIN)), "beyond" if observed is None else str(observed),
            f"{100 * residual:.1f} points"])
    return Section(
        "Saturation of pass@k",
        "F(N) = F_max (1 − (1 − p)^N) fitted by least squares to the exact pass@k. N*: the first N whose next sample adds at most ε. The paper's own figures need other models; none is compared. "
        "One p for all questions is a poor model where questions differ: see the largest residual.",
        rows, plain_table(["pool", "N", "F_max", "p", f"N* at ε = {GAIN:g}", "observed", "largest residual"], table))
