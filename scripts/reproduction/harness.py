"""evalh by its command line: imports pools, replays suites, reads summary.json and samples.jsonl."""
import collections
import json
import os
import re
import subprocess
import time

from .figures import clustered


class EvalhFailure(Exception):
    """evalh ended with an error; the text is what it said."""


class Report:
    """A run's folder. Arms with levels are named `arm@key=value`."""

    def __init__(self, folder):
        with open(os.path.join(folder, "summary.json"), encoding="utf-8") as file:
            self.summary = json.load(file)
        self.arms = {label(arm["id"], arm["level"]): arm for arm in self.summary["arms"]}
        self.sessions = collections.defaultdict(lambda: collections.defaultdict(list))
        with open(os.path.join(folder, "samples.jsonl"), encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                if row["error"]:
                    raise EvalhFailure(f"{row['arm']}: {row['error']}")
                self.sessions[label(row["arm"], row["level"])][row["item"]].append(row)

    def accuracy(self, arm):
        """Value and 95 % interval as evalh found them."""
        found = self.arms[arm]["metrics"]["accuracy"]
        return found["value"], found["ci_low"], found["ci_high"]

    def metric(self, arm, name):
        return self.arms[arm]["metrics"][name]["value"]

    def scores(self, arm):
        """A mean score for each item."""
        return {item: sum(row["score"] for row in rows) / len(rows) for item, rows in self.sessions[arm].items()}

    def right(self, arm):
        return round(sum(self.scores(arm).values()))

    def difference(self, arm, other):
        """Mean difference of accuracy, paired by item, with its 95 % interval."""
        left, right = self.scores(arm), self.scores(other)
        return clustered([left[item] - right[item] for item in right])

    def order_error(self, arm):
        """Standard error of the accuracy from having replayed some orders of samples only."""
        variances = []
        for rows in self.sessions[arm].values():
            scores = [row["score"] for row in rows]
            centre = sum(scores) / len(scores)
            variances.append(sum((score - centre) ** 2 for score in scores) / (len(scores) - 1) / len(scores))
        return sum(variances) ** 0.5 / len(variances)

    def items(self):
        return self.summary["dataset"]["items"]


def label(arm, level):
    return arm if not level else arm + "@" + ",".join(f"{key}={value}" for key, value in sorted(level.items()))


class Evalh:
    def __init__(self, binary, suites, scratch):
        self.binary, self.suites, self.scratch, self.count = binary, suites, scratch, 0
        self.version = self.call("--version").strip()
        self.plugins = {entry["id"] for entry in json.loads(self.call("plugin", "list", "--json"))}

    def call(self, *arguments):
        """What it printed. A binary that is just being rebuilt gets three tries."""
        for wait in (5, 15, None):
            try:
                done = subprocess.run([self.binary, *arguments], capture_output=True, text=True)
            except OSError as error:
                failure = str(error)
            else:
                if done.returncode == 0:
                    return done.stdout
                failure = f"status {done.returncode}: {(done.stderr or done.stdout).strip()[-600:]}"
                if done.returncode in (1, 2, 3):
                    break
            if wait:
                time.sleep(wait)
        raise EvalhFailure(f"evalh {' '.join(arguments[:2])} … {failure}")

    def pool(self, name, path, *options):
        out = os.path.join(self.scratch, name + ".pool")
        self.call("pool", "import", path, "--out", out, *options)
        return out

    def replay(self, pool, suite, *options):
        self.count += 1
        out = os.path.join(self.scratch, f"run{self.count}")
        self.call("replay", pool, self.with_plugins_there(suite), "--out", out, *options)
        name = os.listdir(out)[0]
        return Report(os.path.join(out, name, "latest"))

    def with_plugins_there(self, suite):
        """The suite, by name or path, less the arms whose strategy is not installed."""
        path = suite if os.path.isabs(suite) else os.path.join(self.suites, suite)
        with open(path, encoding="utf-8") as file:
            lines = file.readlines()
        kept = [line for line in lines if not (found := re.search(r"strategy: ([a-z0-9-]+)", line)) or found[1] in self.plugins]
        if kept == lines:
            return path
        path = os.path.join(self.scratch, os.path.basename(path))
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(kept)
        return path

    def one_arm_a_sample(self, name, rows, grader="exact", fields=None):
        """Replays each recorded sample once, and takes the best of all: a model and an arm for each place in the lists.

        `rows` are (question, target, [(text, is right)]). With `fields`, an object a row, evalh's own grader finds out what is
        right, and sees them. Returns a report with the arms s0, s1, … and `any`.
        """
        count = len(rows[0][2])
        places = [f"s{place}" for place in range(count)]
        path = os.path.join(self.scratch, name + "-each.jsonl")
        with open(path, "w", encoding="utf-8") as file:
            for place, (question, target, samples) in enumerate(rows):
                row = {"question": question, "ground_truth": target, **(fields[place] if fields else {})}
                row.update({arm: {"solution": text, "is_correct": right} for arm, (text, right) in zip(places, samples)})
                file.write(json.dumps(row) + "\n")
        kept = ["--keep", ",".join(fields[0])] if fields else []
        pool = self.pool(name + "-each", path, "--shape", "models", *kept)
        arms = [{"id": place, "strategy": "greedy", "model": place} for place in places]
        arms.append({"id": "any", "strategy": "oracle"})
        suite = {"evalh": 1, "name": "each", "arms": arms, "sampling": {"temperature": 0, "max_tokens": 4096}, "grader": grader if isinstance(grader, dict) else {"use": grader}}
        suite["arms"][0].pop("model")
        path = os.path.join(self.scratch, name + "-each.yaml")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(suite, file)
        roles = [option for place in places[1:] for option in ("--role", f"{place}={place}")]
        scores = [] if fields else ["--recorded-scores"]
        return self.replay(pool, path, "--role", "main=s0", *roles, *scores), places
