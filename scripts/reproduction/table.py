"""Rows of the table, and what they say about a published number."""
from dataclasses import dataclass
from typing import Optional


@dataclass
class Row:
    """A figure beside the published one. `unit` is % (values are shares) or empty; `digits` are those of the published number."""

    what: str
    published: Optional[float]
    source: str
    ours: float
    interval: Optional[tuple] = None
    unit: str = "%"
    digits: int = 2
    why: str = ""

    def shown(self, value, digits=None):
        digits = self.digits if digits is None else digits
        return f"{value * 100 + 1e-9:.{digits}f} %" if self.unit == "%" else f"{value:,.{digits}f}{self.unit}"

    def interval_text(self):
        if self.interval is None:
            return "exact"
        low, high = self.interval
        scale = 100 if self.unit == "%" else 1
        digits = min(self.digits, 1) if self.unit == "%" else self.digits
        return f"{low * scale:.{digits}f} to {high * scale:.{digits}f}"

    def verdict(self):
        if self.published is None:
            return "no published number"
        scale = 100 if self.unit == "%" else 1
        if abs(self.ours * scale - self.published) <= 0.5 * 10**-self.digits + 1e-9:
            return "agrees"
        if self.interval and self.interval[0] * scale <= self.published <= self.interval[1] * scale:
            return "within interval"
        return "does not agree"

    def line(self):
        published = "–" if self.published is None else f"{self.published:,.{self.digits}f}{' %' if self.unit == '%' else self.unit}"
        verdict = self.verdict() + (f": {self.why}" if self.why else "")
        return f"| {self.what} | {published}{f' ({self.source})' if self.source else ''} | {self.shown(self.ours)} | {self.interval_text()} | {verdict} |"


HEAD = "| what | published (source) | ours | 95 % interval | verdict |\n|---|---|---|---|---|"


@dataclass
class Section:
    title: str
    text: str
    rows: list
    more: str = ""

    def markdown(self):
        parts = [f"## {self.title}", self.text.strip()]
        if self.rows:
            parts.append("\n".join([HEAD] + [row.line() for row in self.rows]))
        if self.more:
            parts.append(self.more.strip())
        return "\n\n".join(parts) + "\n"


def skipped(title, why):
    return Section(title, f"**Skipped**: {why}.", [])


def plain_table(head, rows):
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head)] + ["| " + " | ".join(row) + " |" for row in rows])
