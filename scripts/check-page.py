#!/usr/bin/env python3
"""check-page.py [--environment DIR]

Reads the report page's scripts and style sheets with a parser: V8's for JavaScript, tinycss2 for CSS. The parsers are
installed from PyPI into a virtual environment outside the repository.

Exit codes: 0 all can be read, 1 something cannot, 77 the parsers cannot be had.
"""
import argparse
import json
import os
import subprocess
import sys

from pypi_environment import prepare

PACKAGES = ["mini-racer==0.14.1", "tinycss2==1.5.1"]
ASSETS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Sources", "Reporting", "Page", "Assets")


def read(name):
    with open(os.path.join(ASSETS, name), encoding="utf-8") as file:
        return file.read()


def script_faults(names):
    import py_mini_racer

    engine = py_mini_racer.MiniRacer()
    for name in names:
        try:
            # Compiled, not run.
            engine.eval(f"new Function({json.dumps(read(name))})")
        except py_mini_racer.JSEvalException as problem:
            yield f"{name}: {str(problem).strip().splitlines()[0]}"


def style_faults(names):
    import tinycss2

    def faults(nodes):
        for node in nodes:
            if node.type == "error":
                yield node.source_line, node.message
            elif node.type == "at-rule" and node.content is not None and node.lower_at_keyword == "media":
                yield from faults(tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True))
            elif node.type in ("qualified-rule", "at-rule") and node.content is not None:
                yield from faults(
                    tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True))

    for name in names:
        sheet = tinycss2.parse_stylesheet(read(name), skip_comments=True, skip_whitespace=True)
        for line, message in faults(sheet):
            yield f"{name}:{line}: {message}"
        # CSS closes what is open at a file's end; the next file would be taken for its inside.
        if read(name).count("{") != read(name).count("}"):
            yield f"{name}: braces do not pair"


def check():
    names = sorted(os.listdir(ASSETS))
    scripts = [name for name in names if name.endswith(".js")]
    styles = [name for name in names if name.endswith(".css")]
    found = list(script_faults(scripts)) + list(style_faults(styles))
    for fault in found:
        print(f"Sources/Reporting/Page/Assets/{fault}")
    print(f"{len(scripts)} scripts and {len(styles)} style sheets read, {len(found)} faults")
    return 1 if found or not scripts or not styles else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    parser.add_argument("--environment", default=os.path.join(cache, "evalh", "page-parsers"), help="where it goes")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return check()
    python = prepare(options.environment, *PACKAGES)
    return subprocess.run([python, os.path.abspath(__file__), "--inside"]).returncode


if __name__ == "__main__":
    sys.exit(main())
