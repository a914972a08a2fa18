#!/usr/bin/env python3
"""Writes MODEL-CARD.md from what the training left in $XDG_CACHE_HOME/evalh/reference-model and from answers of a running server.

  evalh-reference-server --port 8077 & ./card.py --server http://127.0.0.1:8077
"""
import argparse
import collections
import concurrent.futures
import json
import math
import os
import urllib.request
from fractions import Fraction

from export import DRAFT, WEIGHTS
from problems import GSM_MINI
from train import ANSWERS, HOME, LENGTH, ROWS, SHAPE, STAGES

HERE = os.path.dirname(os.path.abspath(__file__))


def read(name):
    with open(os.path.join(HOME, name)) as file:
        return json.load(file)


def answer(text):
    """The number after the mark; 4.50 is 4.5."""
    try:
        return Fraction(text.rpartition("####")[2].strip()) if "####" in text else None
    except (ValueError, ZeroDivisionError):
        return None


def wilson(right, n):
    """95 % interval of a share (Wilson 1927)."""
    z = 1.959964
    middle, reach = (right / n + z * z / (2 * n)), z * math.sqrt(right / n * (1 - right / n) / n + z * z / (4 * n * n))
    return [(middle + sign * reach) / (1 + z * z / n) for sign in (-1, 1)]


def percent(value):
    return f"{100 * value:.1f} %"


def asked(server, temperature, count):
    with open(GSM_MINI, encoding="utf-8") as file:
        problems = [json.loads(line) for line in file]

    def ask(problem):
        body = {"messages": [{"role": "user", "content": problem["question"]}], "temperature": temperature, "n": count, "seed": 1, "max_tokens": 120}
        request = urllib.request.Request(server + "/v1/chat/completions", json.dumps(body).encode(), {"content-type": "application/json"})
        choices = json.load(urllib.request.urlopen(request, timeout=300))["choices"]
        return problem, [answer(choice["message"]["content"]) for choice in choices]

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        return list(pool.map(ask, problems))


def measures(server):
    greedy, sampled = asked(server, 0, 1), asked(server, 0.8, 16)
    n = len(greedy)
    by_level, single, majority, some = collections.defaultdict(list), 0.0, 0, 0
    for problem, answers in greedy:
        by_level[problem["level"]].append(answers[0] == answer(problem["answer"]))
    for problem, answers in sampled:
        gold = answer(problem["answer"])
        votes = collections.Counter(a for a in answers if a is not None)
        single += sum(a == gold for a in answers) / len(answers)
        majority += bool(votes) and votes.most_common(1)[0][0] == gold
        some += gold in answers
    right = sum(sum(level) for level in by_level.values())
    return {"n": n, "greedy": right / n, "interval": wilson(right, n), "levels": {k: sum(v) / len(v) for k, v in sorted(by_level.items())},
            "single": single / n, "majority": majority / n, "some": some / n}


def curve():
    with open(os.path.join(HOME, "loss.jsonl")) as file:
        lines = {line["step"]: line["loss"] for line in map(json.loads, file)}
    last = max(lines)
    wanted = sorted({s for s in lines if s in (50, 100, 200, 500) or s % 500 == 0 or s == last})
    return "| step | loss |\n|---|---|\n" + "\n".join(f"| {s} | {lines[s]:.3f} |" for s in wanted)


def reliability(table):
    return "| confidence | tokens | right |\n|---|---|---|\n" + "\n".join(f"| {row['confidence']:.3f} | {row['count']} | {row['right']:.3f} |" for row in table)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default="http://127.0.0.1:8077")
    found = measures(parser.parse_args().server)
    warmth = read("temperatures.json")
    heads, reserved, draft = read("lambda-heads.json"), read("reserved-rows.json"), read("draft.json")
    exits = "\n".join(
        f"| {layer + 1} | {percent(heads['fixed'][layer]['accuracy'])} | {heads['calibration'][layer]['ece']:.4f} | {heads['calibration'][layer]['brier']:.4f} |"
        for layer in range(SHAPE.layers))
    rules = [(f"Q-exit, q = {q}", row) for q, row in heads["q_exit"].items()] + [("sampled (PonderNet), mean of 20 seeds", heads["sampled"])]
    rules += [(f"confidence ≥ {t}", row) for t, row in heads["confidence"].items()]
    rules = "\n".join(f"| {name} | {row['depth']:.3f} | {percent(row['accuracy'])} |" for name, row in rules)
    predictions = "\n".join(
        f"| {name} | {part['auroc']:.3f} | {part['brier']:.3f} ({part['base_rate_brier']:.3f}) | {part['ece']:.3f} | "
        f"{reserved['remaining']['places'][name]:.1f} |"
        for name, part in reserved["correct"].items())
    levels = " · ".join(f"level {level}: {percent(share)}" for level, share in found["levels"].items())
    card = f"""# evalh-reference-1

Made by `card.py`; the numbers come from that run. A decoder-only transformer for grade-school word problems, small enough to be part of evalh, good enough that compute at
inference pays. It is for trying, teaching and testing strategies; it knows nothing else, takes no instructions, and its mistakes are its own.

| | |
|---|---|
| layers, width, heads, feed-forward | {SHAPE.layers}, {SHAPE.width}, {SHAPE.heads}, {SHAPE.hidden}; RMSNorm, rotary positions, squared ReLU, no biases, tied embedding |
| parameters | {SHAPE.layers * (4 * SHAPE.width**2 + 2 * SHAPE.width * SHAPE.hidden) + SHAPE.vocabulary * SHAPE.width:,} and a draft of {DRAFT.layers * (4 * DRAFT.width**2 + 2 * DRAFT.width * DRAFT.hidden) + DRAFT.vocabulary * DRAFT.width:,} |
| file | {os.path.getsize(WEIGHTS):,} bytes, 16-bit, with all heads |
| vocabulary | {SHAPE.vocabulary} rows: words with their blank, single digits, bytes; the last 16 reserved |
| context | 256 tokens; trained on rows of {LENGTH} |
| licence | that of this repository; data and weights are our own |

## Data and training
Problems of the training split of `scripts/gsm_grammar` (none of its templates is in `suites/data/gsm-mini.jsonl`) with worked solutions, and drills of the same
arithmetic, made as the training goes: no text is seen twice but by chance. {STAGES[-1][0]:,} steps of up to {ROWS * LENGTH:,} tokens ({ANSWERS:,} of answers), Muon for matrices and Adam for
the rest, in JAX on two CPU cores; stages (steps until, share of drills, of them told in words, newest template): `{STAGES}`. Seeds are fixed. The loss counts answers only, after the
last layer and after one more drawn per step (deep supervision). The word list grew by the words of the newest templates when these came in: before that step such words were spelled in
bytes, so training anew from the beginning gives a model of the same kind, not the same numbers.

{curve()}

## Accuracy on gsm-mini ({found['n']} problems of unseen templates)
| | |
|---|---|
| greedy | {percent(found['greedy'])} [{percent(found['interval'][0])}, {percent(found['interval'][1])}] |
| one sample at temperature 0.8 | {percent(found['single'])} |
| majority of 16 | {percent(found['majority'])} |
| pass@16 | {percent(found['some'])} |

Greedy by level: {levels}.

The exits' temperatures, fitted on other problems of the unseen templates (`temperatures.py`), are part of the weights: {', '.join(str(t) for t in warmth['temperatures'])}. They took the
last exit's cross-entropy there from {warmth['entropy_before'][-1]:.3f} to {warmth['entropy_after'][-1]:.3f}; greedy answers are the same with and without them.

## Exits
Next-token accuracy on {heads['tokens']:,} answer tokens of unseen templates' problems (others than gsm-mini's), and how far the exits' confidence can be believed (ten bins):

| after layer | accuracy | ECE | Brier |
|---|---|---|---|
{exits}

| rule | mean depth | accuracy |
|---|---|---|
{rules}

The halting heads were trained with β = {heads['beta']} and a prior of {heads['prior']}; the sampled exit's accuracy has a standard deviation of {heads['sampled']['accuracy_sd_over_seeds']} over seeds, the other
rules' none. Reliability of the last exit:

{reliability(heads['calibration'][-1]['table'])}

## Reserved predictions (ZIP-RC)
Trained on {reserved['samples']:,} samples of the model at temperature 1 ({percent(reserved['accuracy'])} right), judged on {reserved['judged_on']:,} of unseen templates ({percent(reserved['judged_accuracy'])} right). In brackets what a
constant would have; the remaining tokens' mean error over all places is {reserved['remaining']['mean_error']:.1f} ({reserved['remaining']['of_the_constant']:.1f}).

| place in the answer | AUROC of correctness | Brier | ECE | mean error of remaining tokens |
|---|---|---|---|---|
{predictions}

## Draft and acceptance head (SpecDec++)
{draft['steps']:,} steps on the same stream. On unseen templates a token of the draft is accepted with probability {draft['acceptance']:.3f} on average (Σ min(p, q) at temperature 1). The head's probabilities, its weight of
rejections divided out: ECE {draft['head']['ece']:.3f}, Brier {draft['head']['brier']:.3f}.

{reliability(draft['head']['table'])}
"""
    with open(os.path.join(HERE, "MODEL-CARD.md"), "w", encoding="utf-8") as file:
        file.write(card)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
