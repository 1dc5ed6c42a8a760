#!/usr/bin/env python3
"""Kernel files export only their own symbols.

    kernels.py BUILD    e.g. build/release

A kernel file is compiled for instructions that the machine may lack. An inline function that it shared by name with
another file could be merged into that file's callers by the linker, and crash there. So every symbol that a kernel file
defines for others must be its table.
"""
import pathlib
import re
import subprocess
import sys

HARMLESS = {"DW.ref.__gxx_personality_v0"}  # a pointer, no code


def symbols(object_file):
    names = subprocess.run(["nm", "--defined-only", "--extern-only", "--demangle", "--format=posix", object_file],
                           check=True, capture_output=True, text=True).stdout
    # NAME TYPE VALUE SIZE, where a demangled name may hold spaces
    return [re.sub(r" [A-Za-z]( [0-9a-f]+)*\s*$", "", line) for line in names.splitlines()]


def main():
    foreign = 0
    for source in sorted(pathlib.Path("core").glob("*/*/*.cc")):
        table = re.search(r"#define PALATE_(?:SCAN_)?KERNELS (\w+)", source.read_text())
        if not table:
            continue
        table = table[1]
        library, folder = source.parts[1:3]
        object_file = pathlib.Path(sys.argv[1], "core", library, f"CMakeFiles/palate_{library}.dir", folder,
                                   source.name + ".o")
        if not object_file.exists():
            continue  # for another processor
        names = symbols(object_file)
        if f"palate::internal::{table}" not in names:
            sys.exit(f"{object_file}: {table} is not there")
        for name in names:
            if name in HARMLESS or table in name:
                continue
            print(f"{source}: exports {name}, which another file may define too")
            foreign += 1
    sys.exit(1 if foreign else 0)


if __name__ == "__main__":
    main()
