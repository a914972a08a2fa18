"""Debian packages are named once: in the Makefile, which CI calls (once it has installed `make` itself)."""

import re

from . import tree


def check():
    for number, line in enumerate(tree.text(".ci/run").split("\n"), 1):
        if re.search(r"apt(?:-get)?\s+(?:-\S+\s+)*install(?! -y -q make;)", line):
            yield f".ci/run:{number}: packages are named a second time: call `make packages` instead"
