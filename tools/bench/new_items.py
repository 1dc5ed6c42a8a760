#!/usr/bin/env python3
"""Where items that nobody has touched come to stand: a part of the items is kept out of the training and placed by what is
known of them.

    cmake --build --preset release --target palate
    tools/bench/new_items.py LOG ITEMS [--recipes NAME ...] [--share 0.1] [--users 300] [--set KEY=VALUE ...] [--threads 2]

LOG and ITEMS are what palate train reads (.gz too), with columns user or userId and item or movieId; a title that ends in a
year gives one where the items have none. The share of the items, drawn by chance, loses all its interactions; the model is
trained on the rest with --new-items. Each user with interactions of both kinds is listed the whole catalogue less their
history. Prints a table in Markdown, means over the users with 95 % bootstrap intervals:
  place        of the new items that the user did touch, in per cent of the list (chance: 50; popularity: the last 10)
  among new    the chance that such an item stands above a new one that the user did not touch (chance: 50 %)
  recall@100   of them, beside 100 drawn by chance
"""

import argparse
import csv
import pathlib
import random
import re
import tempfile

from command_line import PALATE, run
from datasets import opened, write

DRAWS = 1000


def rows_of(path):
    with opened(path) as file:
        header, *rows = csv.reader(file)
    renamed = {"userId": "user", "movieId": "item", "rating": "value"}
    return [renamed.get(name, name) for name in header], rows


def with_years(header, rows):
    if "year" in header or "title" not in header:
        return header, rows
    title = header.index("title")
    found = (re.search(r"\((\d{4})\)\s*$", row[title]) for row in rows)
    return [*header, "year"], [[*row, match[1] if match else ""] for row, match in zip(rows, found)]


def interval(values, draw):
    means = sorted(sum(draw.choices(values, k=len(values))) / len(values) for _ in range(DRAWS))
    return f"{sum(values) / len(values):.1f} ({means[DRAWS // 40]:.1f} to {means[-DRAWS // 40]:.1f})"


def measure(listed, touched, new):
    """Of one user: the mean place in per cent, the share of pairs in order in per cent, recall@100 in per cent."""
    places = {item: place for place, item in enumerate(listed)}
    wanted = [places[item] for item in touched if item in places]
    others = [places[item] for item in new - touched if item in places]
    if not wanted or not others:
        return None
    place = 100 * sum(wanted) / len(wanted) / (len(listed) - 1)
    pairs = sum(a < b for a in wanted for b in others) / (len(wanted) * len(others))
    recall = sum(a < 100 for a in wanted) / len(wanted)
    return place, 100 * pairs, 100 * recall, 100 * 100 / len(listed)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", type=pathlib.Path)
    parser.add_argument("items", type=pathlib.Path)
    parser.add_argument("--recipes", nargs="+", default=["ials", "two-tower", "rating", "hybrid"])
    parser.add_argument("--share", type=float, default=0.1)
    parser.add_argument("--users", type=int, default=300)
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--threads", default="2")
    flags = parser.parse_args()
    draw = random.Random(1)
    header, log = rows_of(flags.log)
    user_at, item_at = header.index("user"), header.index("item")
    facts_header, facts = with_years(*rows_of(flags.items))
    known = sorted({row[item_at] for row in log} & {row[facts_header.index("item")] for row in facts})
    new = set(draw.sample(known, round(flags.share * len(known))))
    touched = {}
    for row in log:
        if row[item_at] in new:
            touched.setdefault(row[user_at], set()).add(row[item_at])
    train = [row for row in log if row[item_at] not in new]
    users = sorted({row[user_at] for row in train} & touched.keys())
    users = set(draw.sample(users, min(flags.users, len(users))))
    print(f"{len(new):,} new of {len(known):,} items, {len(users)} users\n")
    print("| recipe | place | among new | recall@100 | by chance |\n| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write(folder / "train.csv", header, train)
        write(folder / "history.csv", header, [row for row in train if row[user_at] in users])
        write(folder / "items.csv", facts_header, facts)
        for recipe in flags.recipes:
            settings = [part for pair in flags.set for part in ("--set", pair)]
            model, lists = folder / "model.palate", folder / "lists.csv"
            run([PALATE, "train", "--interactions", folder / "train.csv", "--items", folder / "items.csv", "--recipe", recipe,
                 "--new-items", "--threads", flags.threads, "--output", model, *settings])  # fmt: skip
            run([PALATE, "recommend", "--model", model, "--histories", folder / "history.csv", "--k", "1000000",
                 "--threads", flags.threads, "--output", lists])  # fmt: skip
            listed = {}
            with open(lists, newline="", encoding="utf-8") as file:
                for row in csv.DictReader(file):
                    listed.setdefault(row["user"], []).append(row["item"])
            found = [one for user in sorted(users) if (one := measure(listed[user], touched[user], new))]
            place, pairs, recall, chance = zip(*found)
            cells = [interval(place, draw), interval(pairs, draw), interval(recall, draw)]
            print(f"| {recipe} | {' | '.join(cells)} | {sum(chance) / len(chance):.1f} |", flush=True)


if __name__ == "__main__":
    main()
