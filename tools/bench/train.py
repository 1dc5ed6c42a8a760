#!/usr/bin/env python3
"""What each recipe costs and gives on each data set of a folder, beside a plain iALS in Eigen.

    cmake --build --preset release --target palate plain_ials
    tools/bench/train.py FOLDER [--sets NAME ...] [--recipes NAME ...] [--threads 2] [--days N] [--no-yardstick] [--json FILE]

FOLDER, or each folder in it, holds a train and a test file, or a single log (ratings*, interactions*, log*) whose newest
20 % become the test, or the first N days of these: CSV, TSV, `::` or adjacency lists (`user item item ...`), plain or .gz.
Nothing is written there.
Prints a table in Markdown. CPU seconds are those of the training, without reading and writing; those an epoch stand
where the training has one kind of epoch. Memory is the peak of the whole process. Quality is what `palate evaluate`
finds in the model file: the whole catalogue is ranked, less what the user has touched.
The yardstick runs with one thread and with two; "to equal quality" is when both its measures first come within 0.2 % of
those of the recipe `ials`.
"""

import argparse
import json
import math
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib

import datasets
from command_line import PALATE, ROOT, seconds_of

YARDSTICK = ROOT / "build/release/tools/bench/plain_ials"
NEEDS_ITEMS = "hybrid"
RANKS_NOTHING = "click"
RECIPES = sorted({path.stem for path in (ROOT / "models/recipes").glob("*.toml")} - {NEEDS_ITEMS, RANKS_NOTHING})
EQUAL = 0.998
MOST_EPOCHS = 24


def run(command):
    """Runs to the end: (stdout, stderr, wall seconds, usage)."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as log:
        began = time.monotonic()
        process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - began
        out.seek(0), log.seek(0)
        if process.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))}\n{log.read()}")
        return out.read(), log.read(), wall, usage


def measure_recipe(recipe, train, test, threads, folder):
    model, report = folder / "m.palate", folder / "report.json"
    out, log, _, usage = run([PALATE, "train", "--interactions", train, "--recipe", recipe, "--output", model,
                              "--threads", threads])
    run([PALATE, "evaluate", "--model", model, "--histories", train, "--test", test, "--k", 20, "--json", report])
    facts = json.loads(run([PALATE, "inspect", model, "--json"])[0])
    ranking = json.loads(report.read_text(encoding="utf-8"))["model"][0]
    cpu, wall = (seconds_of(out, line) for line in ("CPU time", "time"))
    stages = re.findall(r"^\S+ ([\d,]+) of [\d,]+ epochs? in", log, re.MULTILINE)
    epochs = int(stages[0].replace(",", "")) if len(stages) == 1 else None
    chosen = facts["training"]["recipe"]
    return {
        "recipe": recipe if recipe == chosen else f"{recipe}: {chosen}", "threads": threads, "epochs": epochs, "cpu": cpu, "wall": wall,
        "cpu_epoch": cpu / epochs if epochs else None, "wall_epoch": wall / epochs if epochs else None,
        "memory_mib": usage.ru_maxrss / 1024, "bytes": model.stat().st_size,
        "bytes_item": model.stat().st_size / facts["items"],
        "recall": ranking["recall"], "ndcg": ranking["ndcg"], "toml": facts["training"]["recipe_toml"],
        "fold_in": facts.get("fold_in"),
    }


def measure_yardstick(train, test, threads, palate):
    """The plain iALS with the settings of the recipe, for as many epochs as it needs without momentum."""
    recipe = tomllib.loads(palate["toml"])["ials"]
    objective = {name.replace("_", "-"): value for name, value in palate["fold_in"].items()}
    flags = objective | {
        "dimension": recipe["dimension"], "stddev": recipe["initial_stddev"], "threads": threads,
        "epochs": MOST_EPOCHS, "goal-recall": EQUAL * palate["recall"], "goal-ndcg": EQUAL * palate["ndcg"],
    }
    command = [YARDSTICK, train, test] + [part for name, value in flags.items() for part in ("--" + name, value)]
    out, _, _, usage = run(command)
    epochs = [json.loads(line) for line in out.splitlines()]
    last = epochs[-1]
    equal = all(last[measure] >= EQUAL * palate[measure] for measure in ("recall", "ndcg"))
    steps = {unit: [b[unit] - a[unit] for a, b in zip([{unit: 0}] + epochs, epochs)] for unit in ("cpu", "wall")}
    return {
        "recipe": "plain iALS" + ("" if equal else " (equal quality not reached)"), "threads": threads,
        "epochs": last["epoch"], "cpu": last["cpu"], "wall": last["wall"],
        "cpu_epoch": statistics.median(steps["cpu"]), "wall_epoch": statistics.median(steps["wall"]),
        "memory_mib": usage.ru_maxrss / 1024, "bytes": None, "bytes_item": None,
        "recall": last["recall"], "ndcg": last["ndcg"],
    }


COLUMNS = {
    "data": ("data", "{}"), "recipe": ("recipe", "{}"), "threads": ("threads", "{}"), "epochs": ("epochs", "{}"),
    "cpu_epoch": ("CPU s an epoch", "{:.3f}"), "wall_epoch": ("wall s an epoch", "{:.3f}"),
    "cpu": ("CPU s", "{:.2f}"), "wall": ("wall s", "{:.2f}"), "memory_mib": ("peak MiB", "{:.0f}"),
    "bytes": ("model, bytes", "{:,}"), "bytes_item": ("bytes an item", "{:.0f}"),
    "recall": ("Recall@20", "{:.4f}"), "ndcg": ("NDCG@20", "{:.4f}"),
}


def markdown(rows):
    lines = ["| " + " | ".join(title for title, _ in COLUMNS.values()) + " |", "| --- " * len(COLUMNS) + "|"]
    for row in rows:
        cells = ("" if row[key] is None else form.format(row[key]) for key, (_, form) in COLUMNS.items())
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def measure_set(files, flags, folder):
    """A row a recipe, and after `ials` one of the yardstick for each number of threads."""
    train, test = datasets.convert(files, folder, flags.days)
    for recipe in flags.recipes:
        row = measure_recipe(recipe, train, test, flags.threads, folder)
        yield row
        if recipe == "ials" and not flags.no_yardstick:
            yield from (measure_yardstick(train, test, threads, row) for threads in (1, 2))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--sets", nargs="+", help="only these data sets, by the names of their folders")
    parser.add_argument("--recipes", nargs="+", default=RECIPES, help="default: " + " ".join(RECIPES))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--days", type=float, default=math.inf, help="of the test of a single log; default: all")
    parser.add_argument("--no-yardstick", action="store_true", help="leave the plain iALS out")
    parser.add_argument("--json", type=pathlib.Path)
    flags = parser.parse_args()
    found = datasets.find(flags.folder)
    names = flags.sets or list(found)
    if not names or not set(names) <= set(found):
        sys.exit(f"{flags.folder}: there are the data sets {', '.join(found) or 'none'}")
    rows = []
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            for row in measure_set(found[name], flags, pathlib.Path(folder)):
                rows.append({"data": name} | row)
                print(markdown(rows[-1:]).splitlines()[-1], file=sys.stderr, flush=True)
    print(markdown(rows))
    if flags.json:
        flags.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
