"""Whether binary plugins built against an earlier header still fit today's: by abidiff, and constants by their values."""

import os
import re
import shutil
import subprocess
import tempfile

from . import parse

KEPT = os.path.join(parse.ROOT, "Tests", "ABI")
HEADER = "Sources/CEvalhPlugin/include"
# Members may be appended to structs that say their size; all else is a break.
SUPPRESSED = """[suppress_type]
  type_kind = struct
  name_not_regexp = ^({frozen})$
  has_data_member_inserted_at = end
"""
TAGS = ("[any thread]", "[instance]", "[in a call]")
# What a plugin of the kept release is built with: small, and in need of nothing but the host's process.
SMALL = [
    "-std=c11", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror", "-Os", "-nostdlib", "-shared", "-fPIC",
    "-fvisibility=hidden", "-fno-asynchronous-unwind-tables", "-fcf-protection=none", "-fno-stack-protector", "-s",
    "-Wl,--build-id=none", "-Wl,-z,noseparate-code", "-Wl,--hash-style=gnu",
]


class Skipped(Exception):
    pass


def compiler():
    found = shutil.which("gcc") or shutil.which("cc")
    if not found:
        raise Skipped("there is no C compiler")
    return found


def _structs(include):
    return [item for part in parse.parts(include) for item in part.items if isinstance(item, parse.Struct)]


def _carrier(include, folder, name):
    """A library whose functions take every struct of a header, with debug information."""
    lines = ["#include <evalh_plugin.h>"]
    for struct in _structs(include):
        lines.append(f"EVALH_EXPORT void take_{struct.name}(const {struct.name} *it);")
        lines.append(f"void take_{struct.name}(const {struct.name} *it) {{ (void)it; }}")
    lines.append("EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *host);")
    lines.append("const evalh_library *evalh_plugin_v1(const evalh_host_info *host) { (void)host; return 0; }\n")
    source, library = os.path.join(folder, name + ".c"), os.path.join(folder, name + ".so")
    with open(source, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    subprocess.run([compiler(), "-std=c11", "-g", "-Og", "-shared", "-fPIC", "-fvisibility=hidden", "-I", include,
                    "-o", library, source], check=True)
    return library


def baseline(folder):
    """What is compared with: the header of the last tag, else the one kept for the release to come."""
    tag = subprocess.run(["git", "describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"], cwd=parse.ROOT,
                         capture_output=True, text=True, check=False).stdout.strip()
    if tag:
        archive = subprocess.run(["git", "archive", tag, HEADER], cwd=parse.ROOT, capture_output=True, check=True)
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        return f"the tag {tag}", os.path.join(folder, HEADER)
    releases = sorted(name for name in os.listdir(KEPT) if re.fullmatch(r"\d+\.\d+", name))
    name = releases[-1]
    return f"Tests/ABI/{name} (there is no tag yet)", os.path.join(KEPT, name, "include")


def _constants(include):
    return {item.name: item.value for part in parse.parts(include) for item in part.items
            if isinstance(item, parse.Constant) and not item.name.startswith("EVALH_ABI_")}


def differences():
    """Gives what it was compared with, and lines that say what would break; none: nothing."""
    if not shutil.which("abidiff"):
        raise Skipped("there is no abidiff: apt install abigail-tools")
    with tempfile.TemporaryDirectory() as folder:
        name, old = baseline(folder)
        found = []
        now = _constants(parse.INCLUDE)
        for constant, value in _constants(old).items():
            if now.get(constant) != value:
                found.append(f"{constant} was {value} and is {now.get(constant, 'gone')}")
        frozen = "|".join(struct.name for struct in _structs(old) if not struct.grows)
        # What every event and action begins with.
        frozen += "|evalh_event|evalh_action"
        rules = os.path.join(folder, "rules.ini")
        with open(rules, "w", encoding="utf-8") as file:
            file.write(SUPPRESSED.format(frozen=frozen))
        told = subprocess.run(
            ["abidiff", "--suppressions", rules, _carrier(old, folder, "old"),
             _carrier(parse.INCLUDE, folder, "new")], capture_output=True, text=True, check=False)
        # A struct more is a function more, which is no change of what was.
        if told.returncode & 0b0011:
            found.append(f"abidiff failed: {told.stderr.strip()}")
        elif told.returncode & 0b1100 and re.search(r"[1-9]\d* (Removed|Changed)", told.stdout):
            found += told.stdout.strip().split("\n")
        return name, found


def untagged():
    """Functions of the header that do not say how they are called."""
    for part in parse.parts():
        for item in part.items:
            if isinstance(item, parse.FunctionType):
                if not item.doc.startswith(TAGS):
                    yield f"{part.path}: {item.name}"
            elif isinstance(item, parse.Struct):
                for member in item.members:
                    if member.function and not member.doc.startswith(TAGS):
                        yield f"{part.path}: {item.name}.{member.name}"


def freeze():
    """Keeps today's header, and a plugin built with it, under its version."""
    values = {item.name: item.value for part in parse.parts() for item in part.items
              if isinstance(item, parse.Constant)}
    version = f"{values['EVALH_ABI_MAJOR']}.{values['EVALH_ABI_MINOR']}"
    kept = os.path.join(KEPT, version)
    shutil.rmtree(os.path.join(kept, "include"), ignore_errors=True)
    shutil.copytree(parse.INCLUDE, os.path.join(kept, "include"), ignore=shutil.ignore_patterns("module.modulemap"))
    with tempfile.TemporaryDirectory() as folder:
        library = os.path.join(folder, "plugin.so")
        subprocess.run([compiler(), *SMALL, "-I", parse.INCLUDE, "-o", library, os.path.join(kept, "plugin.c")],
                       check=True)
        text = subprocess.run(["base64", "-w", "120", library], capture_output=True, text=True, check=True).stdout
    with open(os.path.join(kept, "plugin.so.base64"), "w", encoding="utf-8") as file:
        file.write(text)
    return f"Tests/ABI/{version}"
