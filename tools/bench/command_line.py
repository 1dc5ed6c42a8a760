"""Runs palate for the benches; what its training says that it took."""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PALATE = pathlib.Path(os.environ.get("PALATE", ROOT / "build/release/tools/palate/palate"))


def run(command):
    process = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{process.stderr}")
    return process.stdout


def seconds_of(text, line):
    """Of the training alone, from the line "time" or "CPU time" that `palate train` prints."""
    lap = re.search(rf"^{line} .*\btrain ((?:[\d.]+ (?:h|min|s)\b ?)+)", text, re.MULTILINE)[1]
    return sum(float(number) * {"h": 3600, "min": 60, "s": 1}[unit] for number, unit in re.findall(r"([\d.]+) (\w+)", lap))
