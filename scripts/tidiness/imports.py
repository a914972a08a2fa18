"""ARCHITECTURE.md's table of modules says what each module imports, and Package.swift names no more than that."""

import re

from . import tree

IMPORT = re.compile(
    r"^(?:@\w+[ ]+)*(?:(?:internal|package|public|private|fileprivate)[ ]+)?import[ ]+(?:(?:struct|class|func|enum)[ ]+)?(\w+)",
    re.M)
ROW = re.compile(r"^\| `([^|]*)` \|([^|]*)\|([^|]*)\|", re.M)
# What the toolchain brings along, and the modules of packages by what the table calls them.
TOOLCHAIN = {
    "Foundation", "FoundationEssentials", "Dispatch", "Glibc", "Synchronization", "Swift", "Testing", "RegexBuilder",
    "_Differentiation", "Builtin",
}
PACKAGES = {
    "NIOCore": "swift-nio", "NIOPosix": "swift-nio", "NIOHTTP1": "swift-nio",
    "ArgumentParser": "swift-argument-parser", "GRDB": "GRDB", "GRDBSQLite": "GRDB", "Mustache": "swift-mustache",
}


def _table():
    """Module → (line, set of what the table says it imports)."""
    text = tree.text("ARCHITECTURE.md")
    start = text.index("## Modules")
    end = text.index("\n## ", start + 1)
    rows = {}
    for row in ROW.finditer(text, start, end):
        line = tree.line_of(text, row.start())
        for name in re.findall(r"\w[\w-]*", row.group(1).replace("`", " ")):
            rows[name] = (line, set(re.findall(r"`([^`]+)`", row.group(3))))
    return rows


def _imports():
    """Module → set of what its files import."""
    found = {}
    plugins = {tree.module(path) for path in tree.swift("Plugins")}
    for path in tree.swift("Sources"):
        names = set(IMPORT.findall(tree.code(path))) - TOOLCHAIN
        found.setdefault(tree.module(path), set()).update(
            "Plugins" if name in plugins else PACKAGES.get(name, name) for name in names)
    return found


def check():
    table, found = _table(), _imports()
    for module in sorted(found):
        if module not in table:
            yield f"ARCHITECTURE.md: the module {module} is not in the table of modules: add a row"
            continue
        line, told = table[module]
        for name in sorted(found[module] - told):
            yield f"ARCHITECTURE.md:{line}: {module} imports {name}; the table does not say so"
        for name in sorted(told - found[module]):
            yield f"ARCHITECTURE.md:{line}: the table says that {module} imports {name}; no file of it does"
    folders = {tree.module(path) for path in tree.files() if path.startswith("Sources/")}
    for module in sorted(set(table) - folders):
        yield f"ARCHITECTURE.md:{table[module][0]}: there is no folder Sources/{module}"
