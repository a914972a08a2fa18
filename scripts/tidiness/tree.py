"""The files of the repository, and Swift source with its texts and comments blanked."""

import functools
import os
import re
import subprocess

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))


@functools.cache
def files():
    """Paths of all files that git knows or would add, relative to the root."""
    told = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True)
    return [path for path in told.stdout.split("\0") if path and os.path.isfile(os.path.join(ROOT, path))]


@functools.cache
def text(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def swift(*tops):
    """Swift files below the top folders `tops`."""
    return [path for path in files() if path.endswith(".swift") and path.split("/")[0] in tops]


def module(path):
    """The module a file belongs to: the folder below Sources, Plugins or Tests."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else parts[0]


STRING_OR_COMMENT = re.compile(
    r'//[^\n]*|/\*.*?\*/|(?P<raw>#+)"""[\s\S]*?"""(?P=raw)|"""[\s\S]*?(?<!\\)"""'
    r'|(?P<one>#+)"[^\n]*?"(?P=one)|"(?:\\.|[^"\\\n])*"', re.S)
INTERPOLATION = re.compile(r"\\#*\(")


def _blank(match):
    """The same text with nothing but line ends and the code of interpolations."""
    whole = match.group(0)
    kept = [character if character == "\n" else " " for character in whole]
    if whole.startswith("/"):
        return "".join(kept)
    for start in INTERPOLATION.finditer(whole):
        depth, index = 1, start.end()
        while index < len(whole) and depth:
            depth += {"(": 1, ")": -1}.get(whole[index], 0)
            kept[index] = whole[index]
            index += 1
    return "".join(kept)


@functools.cache
def code(path):
    """A Swift file's code: texts and comments are blanks, lines stay where they are."""
    return STRING_OR_COMMENT.sub(_blank, text(path))


def line_of(source, offset):
    return source.count("\n", 0, offset) + 1
