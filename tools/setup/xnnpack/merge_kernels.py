#!/usr/bin/env python3
"""Merges XNNPACK's kernels, hundreds of small files whose headers take longer than they do, into a few that compile in a
third of the time (argument: its sources). Upstream's CMake then finds the merged files in its own lists."""

import pathlib
import re
import sys

FILES = 24  # in a merged one: enough of them stay to keep every core busy

sources = pathlib.Path(sys.argv[1])
merged = sources / "src/merged"
merged.mkdir()


def merge(match):
    """A list of production kernels, the C files in it merged."""
    files = match[2].split()
    kernels = [file for file in files if file.endswith(".c")]
    rest = [file for file in files if not file.endswith(".c")]
    for start in range(0, len(kernels), FILES):
        path = merged / f"{match[1].lower()}_{start // FILES}.c"
        path.write_text("".join(f'#include "../../{file}"\n' for file in kernels[start : start + FILES]))
        rest.append(str(path.relative_to(sources)))
    return f"SET(PROD_{match[1]}_MICROKERNEL_SRCS\n  " + "\n  ".join(rest) + ")"


for path in (sources / "cmake/gen").glob("*_microkernels.cmake"):
    path.write_text(re.sub(r"SET\(PROD_(\w+)_MICROKERNEL_SRCS\s([^)]*)\)", merge, path.read_text()))
