"""Declarations that nothing uses but tests, and type names that stand in two modules."""

import collections
import os
import re

from . import tree

ALLOWED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "allowed.txt")
DECLARATION = re.compile(
    r"^(?P<indent>[ \t]*)(?:@\w+(?:\([^)\n]*\))?\s+)*(?P<words>(?:[a-z]+(?:\([a-z]+\))?\s+)*?)"
    r"(?P<kind>func|struct|enum|class|actor|protocol|typealias|var|let)\s+(?P<name>`?[A-Za-z_]\w*`?)", re.M)
TYPE_KINDS = {"struct", "enum", "class", "actor", "protocol", "typealias"}
WORD = re.compile(r"[A-Za-z_]\w*")


def _allowed(rule):
    """Lines `rule name: reason` of allowed.txt, by name."""
    allowed = {}
    with open(ALLOWED, encoding="utf-8") as file:
        for line in file:
            match = re.match(rf"{rule} (\w+): (\S.*)$", line.strip())
            if match:
                allowed[match.group(1)] = match.group(2)
    return allowed


def _declarations(path):
    """(name, kind, words before it, line, depth) of what a file declares for others: not what stands in a function."""
    source = tree.code(path)
    for match in DECLARATION.finditer(source):
        words = match.group("words").split()
        if "override" in words or "private" in words or "fileprivate" in words:
            continue
        depth = len(match.group("indent").expandtabs(4)) // 4
        if match.group("kind") in ("var", "let") and depth > 1:
            continue
        yield match.group("name").strip("`"), match.group("kind"), words, tree.line_of(source, match.start("name")), depth


def check_unused():
    """A declaration of Sources or Plugins whose name stands nowhere else in what is shipped."""
    shipped = tree.swift("Sources", "Plugins", "examples")
    uses = collections.Counter()
    for path in shipped:
        uses.update(WORD.findall(tree.code(path)))
    tested = collections.Counter()
    for path in tree.swift("Tests"):
        tested.update(WORD.findall(tree.code(path)))
    declared = collections.defaultdict(list)
    for path in tree.swift("Sources", "Plugins"):
        for name, kind, words, line, _ in _declarations(path):
            declared[name].append((path, line, kind, words))
    allowed = _allowed("unused")
    for name, places in sorted(declared.items()):
        if uses[name] > len(places) or name in allowed:
            continue
        for path, line, kind, words in places:
            if "public" in words:
                continue
            who = "only tests use" if tested[name] else "nothing uses"
            yield f"{path}:{line}: {who} {kind} {name}: delete it, or say in scripts/tidiness/allowed.txt why it stays"
    for name in sorted(set(allowed) - set(declared)):
        yield f"scripts/tidiness/allowed.txt: there is no declaration {name}: delete the line"


def check_names():
    """A type of the same name in two modules; nested ones bear their outer type's name as well."""
    modules = collections.defaultdict(dict)
    for path in tree.swift("Sources"):
        for name, kind, _, line, depth in _declarations(path):
            if kind in TYPE_KINDS and depth == 0:
                modules[name].setdefault(tree.module(path), (path, line))
    allowed = _allowed("twice")
    for name, places in sorted(modules.items()):
        if len(places) > 1 and name not in allowed:
            where = ", ".join(sorted(places))
            for path, line in places.values():
                yield f"{path}:{line}: type {name} stands in {where}: rename one, or give the reason in allowed.txt"
    for name in sorted(allowed):
        if len(modules.get(name, {})) < 2:
            yield f"scripts/tidiness/allowed.txt: {name} stands in one module: delete the line"
