#!/usr/bin/env python3
"""How well a recipe predicts values, over the folds of a folder.

    cmake --build --preset release --target palate
    tools/bench/rating.py FOLDER [--recipe rating] [--validation] [--items FILE] [--set key=value ...] [--threads 2]

FOLDER holds folds as MovieLens-100K has them: u1.base and u1.test to u5.base and u5.test, plain or .gz, a line
`user item value time` each. Trains on each base and predicts its test, the history of a user being the base.
--validation leaves the tests alone, for choosing settings: of each base half of the users lose two fifths of their
values, about as the tests take theirs. Items that the base lacks are predicted by its mean value; they count too.
"""

import argparse
import json
import math
import pathlib
import random
import statistics
import subprocess
import tempfile

from command_line import PALATE
from datasets import fields, write

COLUMNS = ("user", "item", "rating", "timestamp")


def hold_out(rows, seed):
    chance = random.Random(seed)
    held_users = {user for user in sorted({row[0] for row in rows}) if chance.random() < 0.5}
    parts = ([], [])
    for row in rows:
        parts[row[0] in held_users and chance.random() < 0.4].append(row)
    return parts


def measure(train, test, flags, folder):
    """(RMSE, MAE) over all rows of the test."""
    files = {name: folder / name for name in ("train.csv", "test.csv", "model.palate", "report.json")}
    write(files["train.csv"], COLUMNS, train)
    write(files["test.csv"], COLUMNS, test)
    options = [part for setting in flags.set for part in ("--set", setting)]
    options += ["--items", flags.items] if flags.items else []
    run = lambda *command: subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
    run(PALATE, "train", "--interactions", files["train.csv"], "--recipe", flags.recipe, "--threads", flags.threads,
        "--output", files["model.palate"], *options)
    run(PALATE, "evaluate", "--model", files["model.palate"], "--histories", files["train.csv"], "--test",
        files["test.csv"], "--k", 10, "--bootstrap", 0, "--json", files["report.json"])
    values = json.loads(files["report.json"].read_text(encoding="utf-8"))["values"]
    known = {row[1] for row in train}
    mean = statistics.fmean(float(row[2]) for row in train)
    unknown = [float(row[2]) - mean for row in test if row[1] not in known]
    count = values["count"] + len(unknown)
    squared = values["mse"] * values["count"] + sum(error * error for error in unknown)
    absolute = values["mae"] * values["count"] + sum(abs(error) for error in unknown)
    return math.sqrt(squared / count), absolute / count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--recipe", default="rating")
    parser.add_argument("--validation", action="store_true")
    parser.add_argument("--items")
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--threads", type=int, default=2)
    flags = parser.parse_args()
    results = []
    for fold in range(1, 6):
        train, test = (list(fields(flags.folder / f"u{fold}.{part}")) for part in ("base", "test"))
        if flags.validation:
            train, test = hold_out(train, fold)
        with tempfile.TemporaryDirectory() as folder:
            results.append(measure(train, test, flags, pathlib.Path(folder)))
        print(f"u{fold}    RMSE {results[-1][0]:.4f}  MAE {results[-1][1]:.4f}", flush=True)
    rmse, mae = (statistics.fmean(column) for column in zip(*results))
    print(f"mean  RMSE {rmse:.4f}  MAE {mae:.4f}")


if __name__ == "__main__":
    main()
