#!/usr/bin/env python3
"""Splits the runtime in two: the core, which every page loads, and the rest, which a page loads when it first asks for it.

    split.py BINARYEN WHOLE CORE REST

BINARYEN is the folder of wasm-opt and wasm-split; WHOLE is a module with the names of its functions. The rest are the
functions that nothing reaches but bindings of `Rest` (bindings.cc), what is called through `seldom` (core/include/palate/seldom.h) and
virtual functions of classes whose objects these alone make; it shares memory and table with the core. Words that are said to
be seldom read (core/include/palate/words.h) come with it.
"""

import collections
import hashlib
import pathlib
import re
import subprocess
import sys
import tempfile

import segments

# As the names of bindings of the rest have it, and of its virtual functions, escaped as Binaryen does.
APART = [r"::Binding<palate::\28anonymous\20namespace\29::Rest\2c", "palate::Seldom<",
         *(f"palate::internal::{name}::" for name in (
             "Cosines", "ItemWeightsRetrieval", "LearnedChoices", "ListSearch", "ValueFoldInEncoder",
             "WeightedMeanEncoder")),
         "palate::internal::VectorRetrieval::similar", r"palate::\28anonymous\20namespace\29::PopularItems::"]
# What Emscripten's compiler may use; wasm-opt cannot read it from a linked module.
FEATURES = ["bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int", "relaxed-simd", "sign-ext", "simd"]

NODE = re.compile(r'^ *"(?P<name>[^"]+)" \[style="(?P<style>[^"]+)"(, fillcolor="(?P<color>\w+)")?\];')
EDGE = re.compile(r'^ *"(?P<caller>[^"]+)" -> "(?P<callee>[^"]+)"; // call')


def is_apart(name):
    return any(part in name for part in APART)


def functions_apart(graph):
    """Names of the functions that only bindings apart reach, from what wasm-opt prints of the calls."""
    calls, imports, names, roots = collections.defaultdict(set), set(), set(), set()
    for line in graph.splitlines():
        if node := NODE.match(line):
            names.add(node["name"])
            if node["color"] == "turquoise":
                imports.add(node["name"])
            # Exported, or in the table: called from JavaScript, or through a pointer.
            if (node["color"] == "gray" or "rounded" in node["style"]) and not is_apart(node["name"]):
                roots.add(node["name"])
        elif edge := EDGE.match(line):
            calls[edge["caller"]].add(edge["callee"])
    core, waiting = set(roots), list(roots)
    while waiting:
        for callee in calls[waiting.pop()] - core:
            core.add(callee)
            waiting.append(callee)
    return names - core - imports


def custom_section(name, content):
    """By this a page knows that two parts are of one build. All lengths are below 128."""
    section = bytes([len(name)]) + name + content
    return bytes([0, len(section)]) + section


def main():
    binaryen, whole, core, rest = map(pathlib.Path, sys.argv[1:])
    features = [f"--enable-{feature}" for feature in FEATURES]
    graph = subprocess.run([binaryen / "wasm-opt", *features, whole, "--print-call-graph", "-o", "/dev/null"],
                           check=True, stdout=subprocess.PIPE, text=True).stdout
    apart = functions_apart(graph)
    for part in APART:
        if not any(part in name for name in apart):
            sys.exit(f"{whole} has no function of {part}: is it without names?")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("\n".join(sorted(apart)))
        listed.flush()
        subprocess.run([binaryen / "wasm-split", *features, whole, "--split-funcs", f"@{listed.name}",
                        "--placeholder-namespace=rest", "-o1", core, "-o2", rest], check=True)
    build = hashlib.sha256(whole.read_bytes()).digest()[:8]
    for part in (core, rest):
        # What was one module has more to give once it is two.
        subprocess.run([binaryen / "wasm-opt", *features, "-Oz", part, "-o", part], check=True)
    words = segments.addresses(whole.read_bytes(), b"words")
    if not words:
        sys.exit(f"{whole} has no section of words: is it without names?")
    for part, module in zip((core, rest), segments.move(words, core.read_bytes(), rest.read_bytes())):
        part.write_bytes(module + custom_section(b"palate", build))


if __name__ == "__main__":
    main()
