#!/usr/bin/env python3
"""Lists the public symbols of a symbol graph that have no comment of their own; exit status 1 if there are any.

A member that fulfils a protocol's requirement is documented there, and what the compiler makes has no place in a file.
"""

import json
import pathlib
import sys

undocumented = []
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.symbols.json")):
    graph = json.loads(path.read_text())
    # Members that stand in for a requirement, here or in the standard library, and extensions' own entries.
    documented_elsewhere = {
        relation["source"] for relation in graph["relationships"]
        if relation["kind"] in ("defaultImplementationOf", "overrides") or relation.get("sourceOrigin")
    }
    for symbol in graph["symbols"]:
        location = symbol.get("location")
        if "docComment" in symbol or not location or symbol["kind"]["identifier"] == "swift.extension":
            continue
        if symbol["identifier"]["precise"] in documented_elsewhere:
            continue
        name = ".".join(symbol["pathComponents"])
        undocumented.append(f'{location["uri"].rsplit("/", 1)[-1]}:{location["position"]["line"] + 1}: {name}')

for line in sorted(undocumented):
    print(f"{line} has no comment", file=sys.stderr)
sys.exit(1 if undocumented else 0)
