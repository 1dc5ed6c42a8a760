#!/usr/bin/env python3
"""Runs clang-tidy on the native sources of the release build, but not again on what passed before.

Sources of one folder that are compiled alike are checked as one unit, which takes a third of the time: most of it goes
into the headers that they share. A unit passes for good under a hash of its sources, of every project header they
include, of the compile command and of the settings, kept in the cache of tools/setup.sh. Needs a finished
`cmake --build --preset release`.
"""

import concurrent.futures
import hashlib
import itertools
import json
import os
import pathlib
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/release"
UNITS = BUILD / "tidy"
PASSED = pathlib.Path(os.environ["PALATE_CACHE"]) / "tidy"
FOLDERS = ("core/", "tools/palate/")
TIDY = "clang-tidy-14"
UNIT_SIZE = 10


def included_files():
    """Object -> the files of this checkout that it was compiled from, as ninja remembers them."""
    listing = subprocess.run(
        ["ninja", "-C", BUILD, "-t", "deps"], check=True, capture_output=True, text=True
    ).stdout
    files, current = {}, None
    for line in listing.splitlines():
        if line.startswith("    "):
            path = (BUILD / line.strip()).resolve()
            if path.is_relative_to(ROOT):
                current.append(path)
        elif ": #deps" in line:
            current = files.setdefault(line.split(":")[0], [])
    return files


def split_command(command):
    """The object that a compile command makes, and what of it matters to a source that is only read."""
    words = shlex.split(command)
    flags = [word for word in words if word.startswith(("-D", "-I", "-W", "-f", "-m", "-std"))]
    for option, path in itertools.pairwise(words):
        if option == "-isystem":
            flags += [option, path]
    return words[words.index("-o") + 1], flags


def units():
    """Yields the sources of a unit, its flags and the project's files that it is made of."""
    included = included_files()
    alike = {}
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        source = pathlib.Path(entry["file"])
        if source.is_relative_to(ROOT) and str(source.relative_to(ROOT)).startswith(FOLDERS):
            made, flags = split_command(entry["command"])
            alike.setdefault((source.parent, *flags), []).append((source, included[made]))
    for (_, *flags), group in sorted(alike.items()):
        group.sort()
        for first in range(0, len(group), UNIT_SIZE):
            sources, files = zip(*group[first : first + UNIT_SIZE])
            yield sources, flags, sorted(set(itertools.chain(sources, *files)))


def key(flags, files):
    """The hash under which a unit that passed is remembered, the same in every checkout."""
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    digest.update(pathlib.Path(__file__).read_bytes())
    digest.update(" ".join(flags).replace(str(ROOT), ".").encode())
    for path in files:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def check(name, sources, flags):
    unit = UNITS / f"{name}.cc"
    unit.write_text("".join(f'#include "{source}"\n' for source in sources))
    result = subprocess.run(
        [TIDY, "--quiet", "--checks=-bugprone-suspicious-include", unit, "--", *flags, "-Wno-unknown-warning-option"],
        capture_output=True, text=True, check=False, cwd=BUILD,
    )
    return result.returncode == 0, result.stdout or result.stderr


def main():
    PASSED.mkdir(parents=True, exist_ok=True)
    UNITS.mkdir(parents=True, exist_ok=True)
    todo, known, failed = [], 0, 0
    for sources, flags, files in units():
        mark = PASSED / key(flags, files)
        if mark.exists():
            mark.touch()
            known += len(sources)
        else:
            todo.append((mark, sources, flags))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda unit: check(unit[0].name, *unit[1:]), todo)
        for (mark, sources, _), (passed, findings) in zip(todo, results):
            if passed:
                mark.touch()
                known += len(sources)
            else:
                failed += 1
                print(f"{', '.join(source.name for source in sources)}\n{findings}", flush=True)
    print(f"clang-tidy: {known} sources clean, {failed} units of several not")
    return 1 if failed or not known else 0


if __name__ == "__main__":
    sys.exit(main())
