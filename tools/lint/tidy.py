#!/usr/bin/env python3
"""Runs clang-tidy on the native sources of the release build, but not again on what passed before.

A source passes for good under a hash of its text, of every project header it includes, of its compile command and of the
settings, kept in the cache of tools/setup.sh. Needs a finished `cmake --build --preset release`.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/release"
PASSED = pathlib.Path(os.environ["PALATE_CACHE"]) / "tidy"
FOLDERS = ("core/", "tools/palate/")
TIDY = "clang-tidy-14"


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


def key(command, files):
    """The hash under which a source that passed is remembered, the same in every checkout."""
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    digest.update(pathlib.Path(__file__).read_bytes())
    digest.update(command.replace(str(ROOT), ".").encode())
    for path in sorted(files):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def check(source):
    result = subprocess.run(
        [TIDY, "--quiet", "-p", BUILD, "--extra-arg=-Wno-unknown-warning-option", source],
        capture_output=True, text=True, check=False,
    )
    return result.returncode == 0, result.stdout or result.stderr


def main():
    PASSED.mkdir(parents=True, exist_ok=True)
    included = included_files()
    todo, known, failed = [], 0, 0
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        source = pathlib.Path(entry["file"])
        if not source.is_relative_to(ROOT) or not str(source.relative_to(ROOT)).startswith(FOLDERS):
            continue
        output = re.search(r" -o (\S+)", entry["command"])[1]
        mark = PASSED / key(entry["command"], included[output])
        if mark.exists():
            mark.touch()
            known += 1
        else:
            todo.append((source, mark))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (source, mark), (passed, findings) in zip(todo, pool.map(lambda t: check(t[0]), todo)):
            if passed:
                mark.touch()
            else:
                failed += 1
                print(f"{source.relative_to(ROOT)}\n{findings}", flush=True)
    print(f"clang-tidy: {len(todo) - failed + known} sources clean ({known} known), {failed} not")
    return 1 if failed or not (todo or known) else 0


if __name__ == "__main__":
    sys.exit(main())
