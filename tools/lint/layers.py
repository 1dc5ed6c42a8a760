#!/usr/bin/env python3
"""Checks the one way of the data: no folder includes what lies to its left, none a library that is not its own."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Folder -> folders whose internal headers it may include (besides its own).
INTERNALS = {
    "core/model": [],
    "core/runtime": ["core/model"],
    "core/new_items": ["core/model"],
    "core/log": ["core/model"],
    "core/factor": ["core/model", "core/log"],
    "wasm": [],
    "wasm/items": ["wasm"],
    "wasm/train": ["wasm"],
    "core/data": ["core/model", "core/log"],
    "core/train": ["core/model", "core/runtime", "core/new_items", "core/log", "core/factor", "core/data"],
    "core/evaluate": ["core/model", "core/runtime", "core/log", "core/data"],
    "core/choose": ["core/model", "core/runtime", "core/log", "core/data", "core/train", "core/evaluate"],
    "core/compress": ["core/model", "core/runtime", "core/log", "core/data"],
    "core/delta": ["core/model"],
    "tools/palate": [
        "core/model", "core/runtime", "core/log", "core/data", "core/train", "core/evaluate", "core/choose"],
}

# What a folder sees of the public headers: those of the folders named here.
PUBLIC = {
    "core/model": ["core/model"],
    "core/runtime": ["core/model", "core/runtime"],
    "core/new_items": ["core/model", "core/new_items"],
    "core/log": ["core/model", "core/log"],
    "core/factor": ["core/model", "core/log", "core/factor"],
    "wasm": ["core/model", "core/runtime"],
    "wasm/items": ["core/model", "core/new_items"],
    "wasm/train": ["core/model", "core/log", "core/factor"],
    "core/data": ["core/model", "core/log", "core/data"],
    "core/train": ["core/model", "core/runtime", "core/log", "core/factor", "core/data", "core/train"],
    "core/evaluate": ["core/model", "core/runtime", "core/log", "core/data", "core/evaluate"],
    "core/choose": [
        "core/model", "core/runtime", "core/log", "core/data", "core/train", "core/evaluate", "core/choose"],
    "core/compress": ["core/model", "core/runtime", "core/log", "core/data", "core/compress"],
    "core/delta": ["core/model", "core/delta"],
    "tools/palate": [
        "core/model", "core/runtime", "core/log", "core/data", "core/train", "core/evaluate", "core/choose",
        "core/compress", "core/delta", "core/new_items"],
}

# Public header -> the folder that implements it.
OWNERS = {
    "choose.h": "core/choose",
    "compress.h": "core/compress",
    "dataset.h": "core/data",
    "delta.h": "core/delta",
    "encoder_views.h": "core/model",
    "evaluate.h": "core/evaluate",
    "evaluate_examples.h": "core/evaluate",
    "examples.h": "core/data",
    "factor.h": "core/factor",
    "interactions.h": "core/log",
    "model.h": "core/model",
    "model_writer.h": "core/model",
    "network_views.h": "core/model",
    "new_items.h": "core/new_items",
    "progress.h": "core/log",
    "random.h": "core/log",
    "recipe.h": "core/train",
    "recommender.h": "core/runtime",
    "request.h": "core/runtime",
    "result.h": "core/model",
    "scorer.h": "core/runtime",
    "seldom.h": "core/model",
    "simulate.h": "core/data",
    "table_views.h": "core/model",
    "threads.h": "core/runtime",
    "train.h": "core/train",
    "types.h": "core/model",
    "visitor.h": "core/runtime",
    "words.h": "core/model",
}

# Third-party header (pattern) -> the folders that may include it.
LIBRARIES = {
    r"flatbuffers/|palate_generated\.h": ["core/model", "core/new_items", "core/compress", "core/delta"],
    r"xnnpack\.h|pthreadpool\.h": ["core/runtime"],
    r"emscripten": ["wasm", "wasm/items", "wasm/train"],
    r"duckdb\.h": ["core/data"],
    r"Eigen/": ["core/train"],
    r"toml\+\+": ["core/train"],
    r"zlib\.h": ["core/delta"],
    r"nlohmann/|CLI/": ["tools/palate"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def folder_of(path):
    """The folder of the tables above that holds `path`, by the longest match."""
    name = path.relative_to(ROOT).as_posix()
    if name.startswith("core/include/palate/"):
        return OWNERS.get(path.name)
    return max((folder for folder in INTERNALS if name.startswith(folder + "/")), key=len, default=None)


def fault(path, folder, included):
    """Why `path` of `folder` may not include `included`, or None."""
    if included.startswith("palate/"):
        owner = OWNERS.get(included.removeprefix("palate/"))
        if owner is None:
            return "no such public header; name its folder in tools/lint/layers.py"
        return None if owner in PUBLIC[folder] else f"{folder} must not know {owner}"
    for pattern, folders in LIBRARIES.items():
        if re.match(pattern, included):
            if folder not in folders:
                return f"only {', '.join(folders)} may use this library"
            if "include" in path.parts:
                return "a public header speaks of the standard library alone"
            return None
    owner = next((f for f in INTERNALS if included.startswith(f.removeprefix("core/") + "/")), None)
    if owner and owner != folder and owner not in INTERNALS[folder]:
        return f"{folder} must not include the internals of {owner}"
    return None


def main():
    faults = 0
    files = [f for d in ("core", "wasm", "tools/palate") for f in (ROOT / d).rglob("*.[hc]*")]
    for path in sorted(files):
        folder = folder_of(path)
        if folder is None:
            if path.suffix in (".h", ".cc"):
                print(f"{path.relative_to(ROOT)}: in no folder that tools/lint/layers.py knows")
                faults += 1
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            reason = match and fault(path, folder, match[2])
            if reason:
                print(f"{path.relative_to(ROOT)}:{number}: {match[2]}: {reason}")
                faults += 1
    return 1 if faults or not files else 0


if __name__ == "__main__":
    sys.exit(main())
