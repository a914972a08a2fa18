"""What stopping early saves against the vote over all recorded samples: samples, tokens, money, and accuracy."""
from .table import Row, Section, plain_table

POOLS = {
    # Name: file, suite, import options, orders.
    "verify-cot-date": ("date_np.json", "savings-10.yaml", ("--input", "model_input"), 10),
    "easy-arith": ("pool-qwen2.5-coder-0.5b-k8-t0.8.json", "savings-8.yaml", (), 50),
    "gsm8k-qwen1.5b": ("pool-qwen2.5-coder-1.5b-first20-k8-t0.8.json", "savings-8.yaml", (), 50)}
HEAD = ["pool", "arm", "samples", "samples saved", "accuracy against all", "95 %", "tokens", "money, n choices a request", "money, one choice a request"]


def ratio(value, base):
    return f"{100 * (value / base - 1):+.1f} %"


def measure(evalh, folder, name):
    """Rows of the plain table, and what the published figures are compared with."""
    file, suite, options, orders = POOLS[name]
    pool = evalh.pool("savings-" + name, f"{folder}/{file}", *options)
    arguments = ("--show", "answer", "--permutations", str(orders))
    many, one = evalh.replay(pool, suite, *arguments), evalh.replay(pool, suite, *arguments, "--one-choice")
    dear = many.metric("all", "usd_per_session")
    rows, found = [], {}
    for arm in many.arms:
        samples, everything = many.metric(arm, "samples"), many.metric("all", "samples")
        difference = many.difference(arm, "all")
        count = many.arms[arm]["metrics"]["samples"]
        # `all` always takes all, so that the interval of the samples is that of the ratio.
        few, much = count["ci_low"], count["ci_high"]
        found[arm] = ((everything / samples, everything / much, everything / few), (1 - samples / everything, 1 - much / everything, 1 - few / everything), difference)
        rows.append([
            f"`{name}`", arm, f"{samples:.2f}", f"{100 * (1 - samples / everything):.1f} %", "–" if arm == "all" else f"{100 * difference[0]:+.2f}",
            "–" if arm == "all" else f"{100 * difference[1]:+.2f} to {100 * difference[2]:+.2f}",
            ratio(many.metric(arm, "tokens"), many.metric("all", "tokens")), ratio(many.metric(arm, "usd_per_session"), dear),
            ratio(one.metric(arm, "usd_per_session"), dear)])
    return rows, found, many.metric("all", "samples")


def published_rows(name, found, most):
    rows = []
    most = f"{most:.0f}"
    if "ac-0.95" in found:
        times, _, difference = found["ac-0.95"]
        why = f"not the same thing: the published ratio has at most 40 samples, ours {most}, and no stop comes before 4"
        source = "Aggarwal et al. 2023, arXiv:2305.11860, average of table 1"
        rows.append(Row(f"`{name}`, adaptive-consistency .95: samples of all / samples", 2.8, source, times[0], times[1:], unit="×", digits=1, why=why))
        rows.append(Row(
            f"`{name}`, adaptive-consistency .95: accuracy against all, points", -0.03, source, 100 * difference[0], tuple(100 * x for x in difference[1:]),
            unit="", digits=2, why="no question's answer changed, so that nothing was lost; the published one is an average of 26 runs" if difference[0] == 0 else ""))
    if "esc-w5" in found:
        _, saved, _ = found["esc-w5"]
        why = f"not the same thing: published with GSM8K and L = 40, ours has L = {most}, of which the first window alone is {500 / float(most):.0f} %"
        rows.append(Row(f"`{name}`, esc w = 5: samples saved", 80.1, "Li et al. 2024, arXiv:2401.10480, GSM8K, L = 40", 100 * saved[0], tuple(100 * x for x in saved[1:]), unit=" %", digits=1, why=why))
    return rows


def section(evalh, folders):
    table, rows = [], []
    for name, folder in folders.items():
        lines, found, most = measure(evalh, folder, name)
        table += lines
        rows += published_rows(name, found, most)
    absent = sorted({"esc", "dsc", "sprt", "q-exit"} - evalh.plugins)
    text = (
        "Votes that stop early against `self-consistency` on all recorded samples, over 10 (Date understanding) or 50 orders. Tokens are completion tokens. Money is against all "
        "samples by n choices a request, at an example price of 1 and 2 dollars a million prompt and completion tokens; asked one choice a request, all samples pay the prompt each time, "
        "and so do rules that ask one at a time on any endpoint. Date understanding is charged its few-shot prompt; where the recording has no token counts, tokens are evalh's estimate, four bytes each.")
    if absent:
        text += f" **Skipped**, not installed: {', '.join(absent)}."
    more = plain_table(HEAD, table) + (
        "\n\nConfidence votes are not here: the recordings have no log-probabilities. One at a time is not always cheaper: compare *samples saved* with *money*; where the prompt is long, "
        "a rule that saves most samples can cost more than asking for all at once. `sprt` gives up as soon as no further vote could decide within the "
        "8 or 10 samples, and `q-exit` may stop at two: both save more and lose accuracy here.")
    return Section("What stopping early saves", text, rows, more)
