"""Code is within 120 columns, so that two files stand side by side."""

from . import tree

LIMIT = 120
# Word lists of Python scripts are data, and read better unbroken.
ENDINGS = (".swift", ".c", ".h", ".inc", ".js", ".css", ".mustache")


def check():
    for path in tree.files():
        if not path.endswith(ENDINGS):
            continue
        for number, line in enumerate(tree.text(path).split("\n"), 1):
            if len(line) > LIMIT:
                yield f"{path}:{number}: {len(line)} columns, {LIMIT} are allowed: break the line"
