"""Code is within 120 columns, so that two files stand side by side.

Left out: templates, where a line's end is one in the page; and what stands in raw literals, which is JSON or C as it
is, not ours to break.
"""

from . import tree

LIMIT = 120
# Word lists of Python scripts are data, and read better unbroken.
ENDINGS = (".swift", ".c", ".h", ".inc", ".js", ".css")


def _raw_lines(path):
    """Lines of a Swift file on which a raw literal stands."""
    lines = set()
    if path.endswith(".swift"):
        source = tree.text(path)
        for literal in tree.STRING_OR_COMMENT.finditer(source):
            if literal.group(0).startswith("#"):
                first = tree.line_of(source, literal.start())
                lines.update(range(first, first + literal.group(0).count("\n") + 1))
    return lines


def check():
    for path in tree.files():
        if not path.endswith(ENDINGS):
            continue
        raw = _raw_lines(path)
        for number, line in enumerate(tree.text(path).split("\n"), 1):
            if len(line) > LIMIT and number not in raw:
                yield f"{path}:{number}: {len(line)} columns, {LIMIT} are allowed: break the line"
