#!/usr/bin/env python3
"""Checks that no two files of the core define a type of one name in one namespace, which no compiler and no linker tells."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

OPENING = re.compile(r"^namespace (?:([\w:]+) )?\{$")
CLOSING = re.compile(r"^\}  // namespace")
TYPE = re.compile(r"^(?:struct|class|enum(?: class)?) ([\w:]+)[^;]*\{")


def types_of(path):
    """Yields line number and full name of each type that other files could see."""
    namespaces = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if opening := OPENING.match(line):
            namespaces.append(opening[1])
        elif CLOSING.match(line):
            namespaces.pop()
        elif (definition := TYPE.match(line)) and None not in namespaces:
            yield number, "::".join([*namespaces, definition[1]])


def main():
    places = {}
    for folder in ("core", "wasm", "tools/palate", "tests/core"):
        for path in sorted((ROOT / folder).rglob("*.[hc]*")):
            for number, name in types_of(path):
                places.setdefault(name, []).append(f"{path.relative_to(ROOT)}:{number}")
    twice = {name: where for name, where in places.items() if len(where) > 1}
    for name, where in twice.items():
        print(f"{name} is defined in {' and '.join(where)}; rename one or give it an unnamed namespace")
    return 1 if twice or not places else 0


if __name__ == "__main__":
    sys.exit(main())
