#!/usr/bin/env python3
"""Makes the module with threads fit the package: its memory comes from outside, as workers that share it need it, and its
imports have the names of the glue that all modules have in common.

    share.py BINARYEN LINKED COMMON OUTPUT

BINARYEN is the folder of wasm-dis, wasm-as and wasm-opt; LINKED.wasm with its glue LINKED.mjs is what was linked, COMMON.mjs
the glue of the module without threads. Emscripten shortens the names of imports by how often each is called.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

IMPORTS = re.compile(r"var wasmImports=\{([^}]*)\}")
MEMORY = re.compile(r"^ \(memory (\S+) (\d+ \d+ shared)\)\n", re.M)
FEATURES = [f"--enable-{name}" for name in (
    "bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int", "relaxed-simd", "sign-ext", "simd", "threads")]


def imports_of(glue):
    """What the glue calls each import, by the function that it gives for it; and the glue without that."""
    names = dict(reversed(pair.split(":")) for pair in IMPORTS.search(glue)[1].split(","))
    return names, IMPORTS.sub("", glue)


def main():
    binaryen, linked, common, output = map(pathlib.Path, sys.argv[1:])
    own_names, own_glue = imports_of(linked.with_suffix(".mjs").read_text())
    names, glue = imports_of(common.with_suffix(".mjs").read_text())
    if own_glue != glue or own_names.keys() != names.keys():
        sys.exit(f"the glue of {linked} and of {common} differ in more than the names of imports")
    renamed = {own_names[function]: names[function] for function in names}
    text = subprocess.run([binaryen / "wasm-dis", *FEATURES, linked.with_suffix(".wasm")],
                          check=True, stdout=subprocess.PIPE, text=True).stdout
    text = re.sub(r'^ \(import "a" "(\w+)"', lambda found: f' (import "a" "{renamed[found[1]]}"', text, flags=re.M)
    memory = MEMORY.search(text)
    text = MEMORY.sub("", text).replace(
        " (import ", f' (import "palate" "memory" (memory {memory[1]} {memory[2]}))\n (import ', 1)
    with tempfile.NamedTemporaryFile("w", suffix=".wat") as wat:
        wat.write(text)
        wat.flush()
        subprocess.run([binaryen / "wasm-as", *FEATURES, wat.name, "-o", output], check=True)
    subprocess.run([binaryen / "wasm-opt", *FEATURES, "-Oz", "--strip-debug", output, "-o", output], check=True)


if __name__ == "__main__":
    main()
