"""Fills templates with people, things and numbers until the arithmetic comes out as a school book would have it."""
import random
import re
from dataclasses import dataclass
from fractions import Fraction
from types import SimpleNamespace

from .arithmetic import evaluate, plain, steps, worked
from .words import NUMBER_WORDS, PEOPLE, THINGS

TEMPLATES = {}


class Number:
    """A number of a story: `{a}` shows it as the story tells it, the equation takes it as digits."""

    def __init__(self, value, style="digits"):
        self.value = Fraction(value)
        self.style = style

    @property
    def digits(self):
        """As the equation has it."""
        return f"{self.value.numerator}/{self.value.denominator}" if self.style == "fraction" else plain(self.value)

    def __str__(self):
        if self.style == "fraction":
            return self.digits
        if self.style == "word" and self.value.denominator == 1 and 0 <= self.value < len(NUMBER_WORDS):
            return NUMBER_WORDS[int(self.value)]
        if self.style == "money" and self.value.denominator != 1:
            return f"{float(self.value):,.2f}"
        if self.value.denominator == 1:
            return f"{int(self.value):,}"
        return plain(self.value)


# What the letters of a template stand for


def whole(low, high, step=1):
    return lambda random, _: Number(random.randrange(low, high + 1, step))


def word(low, high):
    """A small number written out, as often in prose."""
    return lambda random, _: Number(random.randint(low, high), "word")


def cents(low, high, step=25):
    """An amount of dollars, from `low` to `high` cents."""
    return lambda random, _: Number(Fraction(random.randrange(low, high + 1, step), 100), "money")


def tenths(low, high, step=1):
    return lambda random, _: Number(Fraction(random.randrange(low, high + 1, step), 10))


def pick(*values):
    def draw(random, _):
        value = random.choice(values)
        return value if isinstance(value, str) else Number(value)

    return draw


def part(*fractions):
    """A proper fraction such as 3/4."""
    return lambda random, _: Number(Fraction(random.choice(fractions)), "fraction")


def from_others(rule, style="digits"):
    """A number that follows from those before it; for amounts that must divide evenly."""
    return lambda _, values: Number(rule(SimpleNamespace(**{k: v.value for k, v in values.items() if isinstance(v, Number)})), style)


@dataclass(frozen=True)
class Template:
    id: str
    texts: tuple
    equation: str
    draws: dict
    need: object
    answers: str

    @property
    def level(self):
        return int(self.id.partition("-")[0])


def template(id, text, equation, need=None, answers="whole", **draws):
    """Declares a story.

    - text: one wording or several, each with any number of choices `[this|that]`; `{A}`, `{B}` are people, `{toy}` and so on things, other names the draws.
    - need: condition on the numbers, as a function of them.
    - answers: "whole": every step is a whole number; "money": the result may have cents; "decimal": up to two decimals;
      "fraction": anything, told as a fraction.
    """
    if id in TEMPLATES:
        raise ValueError(f"the template {id} is there twice")
    texts = (text,) if isinstance(text, str) else tuple(text)
    TEMPLATES[id] = Template(id, texts, equation, draws, need, answers)


def split_of(id):
    """Whether a template belongs to `train` or to `test`."""
    return "train" if int(id.partition("-")[2]) % 2 else "test"


@dataclass(frozen=True)
class Problem:
    question: str
    answer: str
    level: int
    equation: str
    template: str


def acceptable(template, equation):
    if any(step.result <= 0 for step in steps(equation)):
        return False
    if template.answers == "whole":
        return all(step.result.denominator == 1 for step in steps(equation))
    if template.answers == "fraction":
        return True
    return (evaluate(equation) * 100).denominator == 1 and all((step.result * 100).denominator == 1 for step in steps(equation))


def chosen_wording(text, random):
    """Takes one of each `[this|that]`, so that one template is told in many ways."""
    return re.sub(r"\[([^\[\]]*)\]", lambda found: random.choice(found[1].split("|")), text)


def fill(template, random):
    """One telling of a template."""
    while True:
        people = random.sample(PEOPLE, 3)
        shown = {"A": people[0], "B": people[1], "C": people[2]}
        shown |= {kind: random.choice(words) for kind, words in THINGS.items()}
        shown |= {kind + "2": random.choice([word for word in words if word != shown[kind]]) for kind, words in THINGS.items()}
        values = {}
        for name, draw in template.draws.items():
            values[name] = draw(random, values)
        numbers = {name: value for name, value in values.items() if isinstance(value, Number)}
        if template.need and not template.need(SimpleNamespace(**{name: number.value for name, number in numbers.items()})):
            continue
        equation = template.equation.format(**{name: number.digits for name, number in numbers.items()})
        if not acceptable(template, equation):
            continue
        question = chosen_wording(random.choice(template.texts), random).format(**shown, **values)
        question = " ".join(question.split())
        form = template.answers if template.answers in ("money", "fraction") else "decimal"
        return Problem(question, worked(equation, form), template.level, equation, template.id)


def generate(seed, split, newest=None):
    """An endless stream of problems of a split (`train`, `test` or `all`), the same for the same seed.

    No template repeats its numbers while it has others. Levels take turns, and so do the templates of a level, so every
    prefix is balanced. `newest`: templates with a higher number are left out, so that an older stream can be made again.
    """
    if split not in ("train", "test", "all"):
        raise ValueError("split is train, test or all")
    source = random.Random(f"{seed}/{split}")
    by_level = {}
    for id, one in TEMPLATES.items():
        if split in ("all", split_of(id)) and (newest is None or int(id.partition("-")[2]) <= newest):
            by_level.setdefault(one.level, []).append(one)
    queues = {level: [] for level in by_level}
    seen = set()
    while True:
        for level in sorted(by_level):
            if not queues[level]:
                queues[level] = source.sample(by_level[level], len(by_level[level]))
            chosen = queues[level].pop()
            problem = fill(chosen, source)
            for _ in range(100):
                if (chosen.id, problem.equation) not in seen:
                    break
                problem = fill(chosen, source)
            seen.add((chosen.id, problem.equation))
            yield problem


from . import level1, level2, level3, level4, level5, phrasings, settings, training  # noqa: E402,F401  they fill TEMPLATES
