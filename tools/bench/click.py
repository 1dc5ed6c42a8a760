#!/usr/bin/env python3
"""The recipe click on a public log: its network beside its linear head, on rows that were held out.

    cmake --build --preset release --target palate
    tools/bench/click.py DATA/tafeng [--validation] [--set key=value ...] [--threads 2] [--json FILE]
    tools/bench/click.py DATA/ml-1m

tafeng: an example is something that a shopper has bought before; the label is whether it is in the next basket. The
features are counted in the baskets before it alone. A fifth of the shoppers is held out.
ml-1m: an example is a rating; the label is whether it is 4 or 5. Beside what is known of person and film, the features are
what both had been given before that moment. The newest fifth is held out.

--validation leaves the test rows alone, for choosing settings: a fifth of the others takes their place.
"""

import argparse
import collections
import json
import pathlib
import random
import re
import subprocess
import tempfile

from command_line import PALATE
from datasets import fields, opened, write


def baskets(path):
    with opened(path) as file:
        return {user: rows[1:-1] for user, rows in json.load(file).items()}


def tafeng(folder):
    """(Column names, rows); rows of a user stay together."""
    before, after = baskets(folder / "tafeng_history.json"), baskets(folder / "tafeng_future.json")
    counts = {user: collections.Counter(item for basket in rows for item in set(basket)) for user, rows in before.items()}
    buyers, again, sold = collections.Counter(), collections.Counter(), collections.Counter()
    for bought in counts.values():
        for item, times in bought.items():
            buyers[item] += 1
            again[item] += times > 1
            sold[item] += times
    columns = ("user", "label", "item", "times", "share", "since_last", "since_first", "mean_gap", "baskets", "basket_size",
               "last_size", "repeats", "buyers", "sold", "rebuyers")
    rows = []
    for user, visits in before.items():
        places = collections.defaultdict(list)
        for place, basket in enumerate(visits):
            for item in set(basket):
                places[item].append(place)
        next_basket = set(after[user][0])
        size = sum(map(len, visits)) / len(visits)
        repeats = sum(times > 1 for times in counts[user].values()) / len(places)
        for item, at in sorted(places.items()):
            gap = (at[-1] - at[0]) / (len(at) - 1) if len(at) > 1 else ""
            # What the others did: an item's own numbers are those without this shopper.
            others = buyers[item] - 1
            rebuyers = (again[item] - (len(at) > 1)) / others if others else ""
            rows.append((user, int(item in next_basket), item, len(at), len(at) / len(visits), len(visits) - at[-1],
                         len(visits) - at[0], gap, len(visits), size, len(visits[-1]), repeats, others,
                         sold[item] - len(at), rebuyers))
    return columns, rows


def ml_1m(folder):
    people = {user: rest[:3] for user, *rest in fields(folder / "users.dat", "::")}
    films = {item: (re.search(r"\((\d{4})\)", title).group(1), genres)
             for item, title, genres in fields(folder / "movies.dat", "::")}
    ratings = sorted((int(time), user, item, int(value))
                     for user, item, value, time in fields(folder / "ratings.reconstructed.dat", "::"))
    columns = ("user", "label", "timestamp", "item", "gender", "age", "occupation", "year", "genres", "person_count",
               "person_mean", "film_count", "film_mean")
    given, taken = collections.defaultdict(lambda: [0, 0]), collections.defaultdict(lambda: [0, 0])
    rows = []
    for time, user, item, value in ratings:
        (count, total), (film_count, film_total) = given[user], taken[item]
        rows.append((user, int(value >= 4), time, item, *people[user], films[item][0], films[item][1], count,
                     total / count if count else "", film_count, film_total / film_count if film_count else ""))
        given[user] = [count + 1, total + value]
        taken[item] = [film_count + 1, film_total + value]
    return columns, rows


# Name of the folder -> its rows, which columns hold codes, whether the newest rows are held out.
LOGS = {"tafeng": (tafeng, "item", False), "ml-1m": (ml_1m, "item,age,occupation", True)}


def hold_out(rows, columns, by_time, seed):
    """(Train, test): the newest fifth, or that of a fifth of the users."""
    if by_time:
        rows = sorted(rows, key=lambda row: row[columns.index("timestamp")])
        cut = len(rows) * 4 // 5
        return rows[:cut], rows[cut:]
    users = sorted({row[0] for row in rows}, key=int)
    held = set(random.Random(seed).sample(users, len(users) // 5))
    return [row for row in rows if row[0] not in held], [row for row in rows if row[0] in held]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--validation", action="store_true")
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=pathlib.Path)
    flags = parser.parse_args()
    read, categorical, by_time = LOGS[flags.folder.name]
    columns, rows = read(flags.folder)
    train, test = hold_out(rows, columns, by_time, 1)
    if flags.validation:
        train, test = hold_out(train, columns, by_time, 2)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name, part in (("train.csv", train), ("test.csv", test)):
            write(folder / name, columns, part)
        options = [part for setting in flags.set for part in ("--set", setting)]
        run = lambda *command: subprocess.run([str(part) for part in command], check=True)
        run(PALATE, "train", "--interactions", folder / "train.csv", "--recipe", "click", "--categorical", categorical,
            "--threads", flags.threads, "--output", folder / "model.palate", *options)
        run(PALATE, "evaluate", "--model", folder / "model.palate", "--test", folder / "test.csv", "--threads",
            flags.threads, *(["--json", flags.json] if flags.json else []))


if __name__ == "__main__":
    main()
