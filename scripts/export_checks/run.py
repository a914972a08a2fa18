"""A run as evalh itself reports it."""
import collections
import json
import math
import os


class Difference(Exception):
    """An export says something else than the run."""


def same(found, expected, where):
    """Numbers may differ by rounding, nothing else may."""
    if isinstance(found, (int, float)) and isinstance(expected, (int, float)) and not isinstance(expected, bool):
        if math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-12):
            return
    elif found == expected:
        return
    raise Difference(f"{where}: {found!r:.300} instead of {expected!r:.300}")


class Run:
    def __init__(self, folder, exports):
        self.exports = exports
        with open(os.path.join(folder, "summary.json"), encoding="utf-8") as file:
            self.summary = json.load(file)
        self.arms = {self.slot(arm["id"], arm["level"]): arm for arm in self.summary["arms"]}
        self.sessions = collections.defaultdict(dict)
        self.by_item = collections.defaultdict(lambda: collections.defaultdict(list))
        self.order = []
        with open(os.path.join(folder, "samples.jsonl"), encoding="utf-8") as file:
            for line in file:
                session = json.loads(line)
                slot = self.slot(session["arm"], session["level"])
                self.sessions[slot][session["item"], session["repeat"]] = session
                self.by_item[slot][session["item"]].append(session)
                self.order.append((slot, session))
        self.repeats = 1 + max((session["repeat"] for _, session in self.order), default=0)

    @staticmethod
    def slot(arm, level):
        return arm, json.dumps(level, sort_keys=True)

    def is_complete(self, slot):
        planned = self.summary["dataset"]["items"] * self.repeats
        return self.summary["status"] != "incomplete" or self.arms[slot]["sessions"] >= planned
