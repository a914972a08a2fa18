"""sessions.csv and arms.csv, read by Python's csv module."""
import csv
import os
import sys

from .run import same

TEXTS = ["item", "arm", "extraction_stage", "extracted", "finish", "stop_reason"]
NUMBERS = ["score", "score_strict", "confidence", "critical_path_s", "ttft_s"]
USAGE = ["requests", "prompt_tokens", "cached_prompt_tokens", "completion_tokens", "reasoning_tokens", "cancelled_tokens", "usd"]


def read(path):
    csv.field_size_limit(sys.maxsize)
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return set(text) <= set("0123456789+-.eE")


def text(value):
    """As it should stand in a cell."""
    if value and value[0] in "=+-@\t\r" and not is_number(value):
        return "'" + value
    return (value or "").replace("\0", "\ufffd")


def number(cell):
    return None if cell == "" else float(cell)


def check_sessions(run, path):
    rows = read(path)
    same(len(rows), len(run.order), f"{path}: records")
    for row, (_, session) in zip(rows, run.order):
        where = f"{path}: {session['item']!r} {session['arm']} {session['level']} {session['repeat']}"
        for name in TEXTS:
            same(row[name], text(session[name]), f"{where}: {name}")
        for name in NUMBERS:
            same(number(row[name]), session[name], f"{where}: {name}")
        for name in USAGE:
            same(number(row[name]), session["usage"][name], f"{where}: {name}")
        same(int(row["repeat"]), session["repeat"], f"{where}: repeat")
        error = session["error"] or {"kind": "", "message": ""}
        same((row["error_kind"], row["error_message"]), (text(error["kind"]), text(error["message"])), f"{where}: error")
        if session["requests"]:
            same(int(row["samples"]), len(session["requests"]), f"{where}: samples")
    return f"{path}: {len(rows)} sessions agree, cell by cell"


def check_arms(run, path):
    rows = read(path)
    same(len(rows), len(run.summary["arms"]), f"{path}: records")
    for row, arm in zip(rows, run.summary["arms"]):
        where = f"{path}: {arm['id']} {arm['level']}"
        same(row["arm"], text(arm["id"]), f"{where}: arm")
        for name in ["items", "sessions", "errors", "truncated_rate"]:
            same(number(row[name]), arm[name], f"{where}: {name}")
        for name in USAGE:
            same(number(row[name]), arm["usage"][name], f"{where}: {name}")
        for name, metric in arm["metrics"].items():
            for suffix, key in [("", "value"), ("_ci_low", "ci_low"), ("_ci_high", "ci_high"), ("_stderr", "stderr"), ("_n", "n")]:
                same(number(row[name + suffix]), metric[key], f"{where}: {name}{suffix}")
    return f"{path}: {len(rows)} arms and levels agree"


def check(run):
    for name, check_file in [("sessions.csv", check_sessions), ("arms.csv", check_arms)]:
        path = os.path.join(run.exports, name)
        if os.path.exists(path):
            yield check_file(run, path)
