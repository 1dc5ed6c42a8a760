#!/usr/bin/env python3
"""What a hybrid adds to the recipes that it is made of: their lists side by side, user by user.

    cmake --build --preset release --target palate
    tools/bench/hybrid.py FOLDER SET [--validation] [--recipes NAME ...] [--set KEY=VALUE ...] [--threads 2] [--keep DIR]

SET is a file or folder in FOLDER:
  ml-1m: the newest 20 % of the ratings are the test, whatever came before is the history; genres and years from movies.dat.
  retailrocket-multibehavior: views, carts and purchases alike are the history, one purchase of each user is the test.
  sasrec/ml-1m, s3rec/Beauty and whatever else tools/bench/next_item.py reads: the last item of each user is the test.
All items are ranked, less those of the history. --validation measures on a part of the training data laid out likewise: what
settings are chosen by. --set is for the hybrid, and for single recipes as far as they have the field's table.
Prints a table in Markdown; behind the hybrid, by how much it is better than each of the others, with 95 % paired bootstrap
intervals over the users. --keep leaves the CSV files and models in DIR, and takes models that are there.
"""

import argparse
import csv
import json
import pathlib
import tempfile

import datasets
import next_item
from command_line import PALATE, run, seconds_of
from datasets import fields, write

MEASURES = (("10", "recall"), ("10", "ndcg"), ("20", "recall"), ("20", "ndcg"))


def movies(path, rename):
    """Rows (item, title, genres, year) of movies.dat, under the names that the log has for them."""
    for number, title, genres in fields(path, "::"):
        if number in rename:
            yield rename[number], title, genres, title.rstrip()[-5:-1]


def by_time(place, validation, folder):
    log = datasets.find(place)[place.name]
    train, test = datasets.convert(log, folder)
    if validation:
        with open(train, newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        rows.sort(key=lambda row: int(row[2]))
        border = round(len(rows) * (1 - datasets.NEWEST_SHARE))
        write(train, header, rows[:border])
        write(test, header, rows[border:])
    (folder / "history.csv").write_bytes(train.read_bytes())
    numbers = {number: number for number, *_ in fields(place / "movies.dat", "::")}
    write(folder / "items.csv", ("item", "title", "genres", "year"), movies(place / "movies.dat", numbers))


def purchases(place, validation, folder):
    def rows(name):
        return [tuple(line) for line in fields(place / name)]

    bought = rows("buy.tsv")
    test = dict(bought) if validation else dict(rows("test.tsv"))  # of each user the last
    train = [row for name in ("view.tsv", "cart.tsv") for row in rows(name)] + bought
    if validation:
        train = [(user, item) for user, item in train if test.get(user) != item]
    write(folder / "train.csv", ("user", "item"), train)
    write(folder / "history.csv", ("user", "item"), train)
    write(folder / "test.csv", ("user", "item"), test.items())


def last_item(place, validation, folder):
    next_item.lay_out(place, validation, folder)
    names = place.with_name(place.name + ".item_map.tsv")
    if names.exists():
        rename = {number: name for name, number, *_ in fields(names, "\t", "utf-8")}
        write(folder / "items.csv", ("item", "title", "genres", "year"),
              movies(place.parents[1] / place.name / "movies.dat", rename))


def settings_for(recipe, settings):
    """Those whose table the recipe has."""
    tables = {recipe.replace("-", "_")} if recipe != "hybrid" else None
    return [part for setting in settings if tables is None or setting.split(".")[0] in tables for part in ("--set", setting)]


def train(recipe, flags, folder):
    """(model, what `palate train` printed)"""
    model, log, items = folder / f"{recipe}.palate", folder / f"{recipe}.txt", folder / "items.csv"
    if not model.exists():
        log.write_text(run([PALATE, "train", "--interactions", folder / "train.csv", "--recipe", recipe, "--output", model,
                            "--threads", flags.threads, *(["--items", items] if items.exists() else []),
                            *settings_for(recipe, flags.set)]), encoding="utf-8")
    return model, log.read_text(encoding="utf-8")


def evaluate(model, folder, against=None):
    report = folder / "report.json"
    run([PALATE, "evaluate", "--model", model, "--histories", folder / "history.csv", "--test", folder / "test.csv", "--k", "10,20",
         "--json", report, *(["--against", against] if against else [])])
    return json.loads(report.read_text(encoding="utf-8"))


def row(recipe, flags, folder):
    model, log = train(recipe, flags, folder)
    lists = dict(zip(("10", "20"), evaluate(model, folder)["model"]))
    return [recipe, f"{seconds_of(log, 'time'):.0f}", f"{seconds_of(log, 'CPU time'):.0f}", f"{model.stat().st_size:,}",
            *(f"{lists[k][name]:.4f}" for k, name in MEASURES)]


def difference(recipe, folder):
    found = evaluate(folder / "hybrid.palate", folder, folder / f"{recipe}.palate")["against"]["differences"]
    at = dict(zip(("10", "20"), found))
    cells = []
    for k, name in MEASURES:
        interval = at[k][name]["interval"]
        low, high = interval.values() if isinstance(interval, dict) else interval
        cells.append(f"{at[k][name]['mean']:+.4f} ({low:+.4f} to {high:+.4f})")
    return [f"hybrid against {recipe}", "", "", "", *cells]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("name", metavar="SET")
    parser.add_argument("--validation", action="store_true")
    parser.add_argument("--recipes", nargs="*", default=["popular", "transitions", "item-item", "ials"])
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--keep", type=pathlib.Path)
    flags = parser.parse_args()
    place = flags.folder / flags.name
    lay_out = by_time if (place / "movies.dat").exists() else purchases if (place / "buy.tsv").exists() else last_item
    with tempfile.TemporaryDirectory() as scratch:
        folder = flags.keep or pathlib.Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        lay_out(place, flags.validation, folder)
        titles = [f"{name.upper() if name == 'ndcg' else 'Recall'}@{k}" for k, name in MEASURES]
        print(f"| recipe | wall s | CPU s | bytes | {' | '.join(titles)} |\n" + "| --- " * 8 + "|")
        for recipe in [*flags.recipes, "hybrid"]:
            print("| " + " | ".join(row(recipe, flags, folder)) + " |", flush=True)
        for recipe in flags.recipes:
            print("| " + " | ".join(difference(recipe, folder)) + " |", flush=True)


if __name__ == "__main__":
    main()
