"""docs/plugins/reference.md: every rule, struct, function and constant of the header, in its own words."""

import re

from . import parse

HEAD = """# Reference of the plugin ABI

Made from [`evalh_plugin.h`](../../Sources/CEvalhPlugin/include/evalh_plugin.h) and its parts by `scripts/abi write`: do not
edit. What may change when is in [abi.md](../abi.md).

"""


def words(text):
    """A comment as one paragraph of Markdown; what looks like a tag is meant as it stands."""
    text = re.sub(r"\s+", " ", text).strip()
    # Code spans stay as they are.
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([<*])", r"\\\1", part) for part in parts)


def cell(text):
    return words(text).replace("|", "\\|")


def signature(name, function):
    parameters = ", ".join(f"{p.type}{'' if p.type.endswith('*') else ' '}{p.name}" for p in function.parameters)
    returns = function.returns + ("" if function.returns.endswith("*") else " ")
    return f"{returns}{name}({parameters})"


def struct(item):
    grows = " Grows at its end." if item.grows and item.name not in ("evalh_event", "evalh_action") else ""
    out = [f"### `{item.name}`\n\n{words(item.doc)}{grows}\n"]
    out.append("| member | meaning |\n|---|---|")
    for member in item.members:
        declared = signature(member.name, member.function) if member.function else \
            f"{member.type}{'' if member.type.endswith('*') else ' '}{member.name}"
        out.append(f"| `{declared}` | {cell(member.doc)} |")
    return "\n".join(out) + "\n"


def constants(items):
    """A run of constants, with what the header says of all of them before."""
    out, rows = [], []
    for item in items:
        own, _, common = item.doc.partition("\n\0")
        if common:
            if rows:
                out.append("| constant | value | meaning |\n|---|---|---|\n" + "\n".join(rows) + "\n")
                rows = []
            out.append(words(common) + "\n")
        rows.append(f"| `{item.name}` | `{item.value}` | {cell(own)} |")
    if rows:
        out.append("| constant | value | meaning |\n|---|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(out)


def part(told):
    out = [f"## {told.title[0].upper()}{told.title[1:].rstrip('.')}\n\n`{told.path}`\n"]
    if told.doc:
        out.append(words(told.doc) + "\n")
    run = []
    for item in told.items:
        if isinstance(item, parse.Constant):
            run.append(item)
            continue
        if run:
            out.append(constants(run))
            run = []
        if isinstance(item, parse.Struct):
            out.append(struct(item))
        elif isinstance(item, parse.FunctionType):
            out.append(f"### `{item.name}`\n\n`{signature(item.name, item.function)}`\n\n{words(item.doc)}\n")
        elif isinstance(item, parse.Remark):
            out.append(words(item.doc) + "\n")
    if run:
        out.append(constants(run))
    return "\n".join(out)


def rules():
    """The header's rules; its numbered list is one of Markdown's already."""
    text = parse.rules().split("\n", 1)[1]
    text = re.sub(r"SPDX-License-Identifier: \S+\n", "", text).strip()
    return re.sub(r"^ {5,}(\[)", r"    - \1", text, flags=re.M)


def document():
    return HEAD + "## Rules\n\n" + rules() + "\n\n" + "\n".join(part(told) for told in parse.parts())
