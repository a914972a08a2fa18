"""The plugin ABI as its header says it: constants, structs, functions, and what stands beside each.

It reads the C that evalh_plugin.h is written in, not C at large: `#define NAME value`, `typedef struct NAME {...} NAME;`,
`typedef RETURN (*NAME)(...);`, and comments in `/* */`. Whatever else it meets is an error with file and line, so that
nothing of the header is passed over.
"""

import dataclasses
import os
import re

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
INCLUDE = os.path.join(ROOT, "Sources", "CEvalhPlugin", "include")


@dataclasses.dataclass
class Member:
    """A member of a struct, or a parameter (without a doc). `function` is set if it is a function pointer."""
    name: str
    type: str
    doc: str = ""
    function: "Function | None" = None


@dataclasses.dataclass
class Function:
    returns: str
    parameters: list


@dataclasses.dataclass
class Constant:
    name: str
    value: str
    doc: str


@dataclasses.dataclass
class Struct:
    name: str
    members: list
    doc: str

    @property
    def grows(self):
        """Whether it starts with struct_size, its own or that of its header."""
        return bool(self.members) and self.members[0].name in ("struct_size", "header")


@dataclasses.dataclass
class FunctionType:
    name: str
    function: Function
    doc: str


@dataclasses.dataclass
class Remark:
    """A comment that belongs to what follows it up to an empty line, or to nothing in particular."""
    doc: str


@dataclasses.dataclass
class Part:
    path: str
    title: str
    doc: str
    items: list


class NotUnderstood(Exception):
    pass


def parts(include=INCLUDE):
    """The header's parts, in the order in which evalh_plugin.h includes them."""
    head = os.path.join(include, "evalh_plugin.h")
    with open(head, encoding="utf-8") as file:
        names = re.findall(r'^#include "(.*)"', file.read(), re.M)
    return [_part(include, name) for name in names]


def rules(include=INCLUDE):
    """The comment at the top of evalh_plugin.h, as paragraphs."""
    with open(os.path.join(include, "evalh_plugin.h"), encoding="utf-8") as file:
        return _comment(re.match(r"/\*.*?\*/", file.read(), re.S).group(0))


def _part(include, name):
    with open(os.path.join(include, name), encoding="utf-8") as file:
        text = file.read()
    first = re.match(r"/\*.*?\*/", text, re.S)
    doc = _comment(first.group(0))
    title, _, rest = doc.partition("\n")
    title = title.split(": ", 1)[1]
    return Part(name, title, _without_boilerplate(rest), _Reader(name, text, first.end()).items())


def _without_boilerplate(text):
    lines = [line for line in text.split("\n") if not line.startswith(("SPDX-", "Include evalh_plugin.h"))]
    return "\n".join(lines).strip()


def _comment(text):
    """A comment's text, without stars and margins; lines stay lines."""
    body = text[2:-2]
    lines = [re.sub(r"^\s*\*? ?", "", line) if index else line.strip() for index, line in enumerate(body.split("\n"))]
    lines = [line.rstrip() for line in lines]
    margin = min((len(line) - len(line.lstrip()) for line in lines[1:] if line), default=0)
    return "\n".join([lines[0]] + [line[margin:] for line in lines[1:]]).strip()


class _Reader:
    def __init__(self, path, text, start):
        self.path, self.text, self.at = path, text, start

    def fail(self, what):
        line = self.text.count("\n", 0, self.at) + 1
        raise NotUnderstood(f"{self.path}:{line}: {what}: {self.text[self.at:self.at + 60]!r}")

    def match(self, pattern):
        found = re.compile(pattern, re.S).match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def items(self):
        found, pending = [], None  # pending: a comment and where it ends
        while True:
            gap = self.match(r"\s*").group(0)
            if pending and gap.count("\n") > 1:
                found.append(Remark(pending))
                pending = None
            if self.at == len(self.text):
                break
            if comment := self.match(r"/\*.*?\*/"):
                if pending:
                    found.append(Remark(pending))
                pending = _comment(comment.group(0))
                continue
            if self.match(r"#(ifndef|endif|include|ifdef)[^\n]*|extern \"C\" \{|\}(?=\s*#endif)"):
                continue
            if self.match(r"#define EVALH_PLUGIN_\w+_H\b"):
                continue
            item = self.item(pending)
            pending = None
            if item:
                found.append(item)
        if pending:
            found.append(Remark(pending))
        return found

    def trailing(self):
        """The comment on the rest of this line, if there is one."""
        comment = self.match(r"[ \t]*(/\*.*?\*/)")
        return _comment(comment.group(1)) if comment else ""

    def item(self, doc):
        doc = doc or ""
        if define := self.match(r"#define (\w+)[ \t]+((?:\"[^\"\n]*\"|[^/\n\"])+)"):
            beside = self.trailing()
            name, value = define.group(1), define.group(2).strip()
            if beside and doc:
                # What stands above a run of constants is about all of them.
                return Constant(name, value, beside + "\n\0" + doc)
            if doc and re.compile(r"[ \t]*\n#define ").match(self.text, self.at):
                return Constant(name, value, "\n\0" + doc)
            return Constant(name, value, beside or doc)
        if self.match(r"struct \w+;"):
            return None
        if head := self.match(r"typedef struct (\w+) \{"):
            members = self.members()
            if not self.match(r"\} " + head.group(1) + ";"):
                self.fail("a struct's end")
            return Struct(head.group(1), members, doc)
        if head := self.match(r"typedef ([\w *]+?)\(\*(\w+)\)\(([^()]*)\);"):
            return FunctionType(head.group(2), _function(head.group(1), head.group(3)), doc)
        self.fail("is nothing that this reader knows")
        return None

    def members(self):
        members, pending = [], ""
        while True:
            self.match(r"\s*")
            if self.text.startswith("}", self.at):
                return members
            if comment := self.match(r"/\*.*?\*/"):
                pending = (pending + "\n" if pending else "") + _comment(comment.group(0))
                continue
            if pointer := self.match(r"([\w *]+?)\(\*(\w+)\)\(([^()]*)\);"):
                function = _function(pointer.group(1), pointer.group(3))
                member = Member(pointer.group(2), "", pending, function)
            elif plain := self.match(r"([\w *]+?)(\w+);"):
                member = Member(plain.group(2), _type(plain.group(1)), pending)
            else:
                self.fail("is no member of a struct that this reader knows")
            beside = self.trailing()
            member.doc = "\n".join(text for text in (member.doc, beside) if text)
            pending = ""
            members.append(member)


def _type(text):
    """A type in one spelling: `const X *const *`."""
    text = re.sub(r"\bstruct ", "", re.sub(r"\s+", " ", text.strip()))
    return re.sub(r"\s*\*\s*", " *", text).replace("* *", "**").replace("*const *", "*const *").strip()


def _function(returns, parameters):
    found = []
    for text in re.split(r",\s*", parameters.strip()):
        if text == "void":
            continue
        declared = re.match(r"(.*?)(\w+)$", text.strip(), re.S)
        found.append(Member(declared.group(2), _type(declared.group(1))))
    return Function(_type(returns), found)


def sentence(doc):
    """A doc as one line, and apart from it what its first comment says of all constants that follow."""
    own, _, common = doc.partition("\n\0")
    return re.sub(r"\s+", " ", own).strip(), re.sub(r"\s+", " ", common).strip()
