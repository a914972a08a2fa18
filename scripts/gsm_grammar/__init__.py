"""A grammar of grade-school word problems, our own: 410 stories on five levels, told with varying names, things and numbers.

    from gsm_grammar import generate
    for problem in generate(seed=1, split="train"):   # endless; take what is needed
        print(problem.question, problem.answer)

A template's id is `LEVEL-NUMBER`. Odd numbers are the training split, even numbers the test split; each odd story has an even
sibling of about the same arithmetic in another setting, so a model trained on one split has seen the sums but not the stories of the
other. `suites/data/gsm-mini.jsonl` holds the test split only.
"""
from .engine import Problem, TEMPLATES, generate, split_of

__all__ = ["Problem", "TEMPLATES", "generate", "split_of"]
