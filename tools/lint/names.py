#!/usr/bin/env python3
"""Checks that a name means one thing: no compiler tells when two files define a type of one name, and the linker picks one.

Types and constants of an unnamed namespace may not repeat within a folder either: a unity build compiles its files as one.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("core", "wasm", "tools/palate")

OPENING = re.compile(r"^namespace (?:([\w:]+) )?\{$")
CLOSING = re.compile(r"^\}  // namespace")
TYPE = re.compile(r"^(?:struct|class|enum(?: class)?) ([\w:]+)[^;]*\{")
CONSTANT = re.compile(r"^(?:static |inline )*const(?:expr)? [^=(]*?\b(k[A-Z]\w*)(?:\[\w*\])? ?[={]")


def names_of(path):
    """Yields line number and full name of what other files, or in a unity build those of the same folder, see."""
    namespaces = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if opening := OPENING.match(line):
            namespaces.append(opening[1] or str(path.parent.relative_to(ROOT)))
        elif CLOSING.match(line):
            namespaces.pop()
        elif definition := TYPE.match(line) or CONSTANT.match(line):
            yield number, "::".join([*namespaces, definition[1]])


def main():
    places = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.[hc]*")):
            for number, name in names_of(path):
                places.setdefault(name, {})[path.relative_to(ROOT)] = number
    twice = {name: where for name, where in places.items() if len(where) > 1}
    for name, where in twice.items():
        print(f"{name} is defined in {' and '.join(f'{path}:{number}' for path, number in where.items())}; rename one")
    return 1 if twice or not places else 0


if __name__ == "__main__":
    sys.exit(main())
