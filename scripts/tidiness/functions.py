"""A function fits a screen: within 60 lines from its head to its last brace."""

import re

from . import tree

LIMIT = 60
HEAD = re.compile(r"^[ \t]*(?:@\w+(?:\([^)\n]*\))?\s+)*(?:[a-z]+(?:\([a-z]+\))?\s+)*(func\s+[^\s(<]+|init[?!]?\s*[(<]|deinit\b)", re.M)


def check():
    for path in tree.swift("Sources", "Plugins", "Tests", "examples"):
        source = tree.code(path)
        for head in HEAD.finditer(source):
            end = _end(source, head.end() - 1)
            if end is None:
                continue
            start = tree.line_of(source, head.start(1))
            length = tree.line_of(source, end) - start + 1
            if length > LIMIT:
                name = head.group(1).rstrip("(< ").split()[-1]
                yield f"{path}:{start}: {name} has {length} lines, {LIMIT} are allowed: give its parts names"


def _end(source, index):
    """Where the body that follows a function's head ends; `None`: it has none."""
    parentheses = 0
    while index < len(source):
        character = source[index]
        if character in "([":
            parentheses += 1
        elif character in ")]":
            parentheses -= 1
        elif parentheses == 0 and character == "{":
            break
        elif parentheses == 0 and character == "}":
            return None
        elif parentheses == 0 and character == "\n" and HEAD.match(source, index + 1):
            return None
        index += 1
    depth = 0
    while index < len(source):
        depth += {"{": 1, "}": -1}.get(source[index], 0)
        if depth == 0 and source[index] == "}":
            return index
        index += 1
    return None
