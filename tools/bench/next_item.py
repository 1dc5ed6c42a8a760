#!/usr/bin/env python3
"""How well a recipe foretells the next item, on the data sets and by the rules that sequential models are published with.

    cmake --build --preset release --target palate
    tools/bench/next_item.py FOLDER SET [--validation] [--recipes NAME ...] [--set KEY=VALUE ...] [--threads 2] [--keep DIR]

SET is a file or folder in FOLDER:
  sasrec/ml-1m, sasrec/Beauty (`user item` a line), s3rec/Beauty and its like (`user item item ...`): of each user the last
      item is the test, the last but one is history only; s3rec's attributes become an items file.
  sessions-diginetica and its like (train_sessions, test_prefix_target): each prefix is a case, seen items stay in the
      list, repeats are kept.
  tafeng (*_history.json, *_future.json: baskets between [-1], in order): of each user the future basket is the test, and
      seen items stay in the list.
All items are ranked. --validation measures on the last but one item, on the last basket of the history, or on every click but
the first of the newest tenth of the training sessions (they are in order), which are not trained on: what settings are chosen
by. Prints a table in Markdown; wall and CPU seconds are those of the training. --keep leaves the CSV files and models in DIR.
"""

import argparse
import json
import pathlib
import tempfile

from command_line import PALATE, run, seconds_of
from datasets import fields, opened, write

NEWEST = 0.1  # the share of the training sessions that is for validation


def histories_of(path):
    """User -> items, from `user item` lines or from adjacency lists."""
    histories = {}
    for user, *items in fields(path):
        histories.setdefault(user, []).extend(items)
    return histories


def leave_last_out(path, validation):
    """(train, histories, targets) of a file of users; a user without enough items only trains."""
    train, histories, targets = {}, {}, {}
    for user, items in histories_of(path).items():
        train[user] = items[:-2] if len(items) > 2 else items
        cut = len(items) - (2 if validation else 1)
        if len(items) > 2:
            histories[user], targets[user] = items[:cut], [items[cut]]
    return train, histories, targets


def sessions(folder, validation):
    """(train, histories, targets) of a folder of sessions; a case is a user of its own."""
    logged = list(fields(folder / "train_sessions.txt"))
    if validation:
        cut = round(len(logged) * (1 - NEWEST))
        cases = [(line[:end], line[end]) for line in logged[cut:] for end in range(1, len(line))]
        logged = logged[:cut]
    else:
        cases = [(prefix.split(), target) for prefix, target in fields(folder / "test_prefix_target.txt", "\t")]
    train = {f"s{k}": items for k, items in enumerate(logged)}
    histories = {f"c{k}": prefix for k, (prefix, _) in enumerate(cases)}
    return train, histories, {f"c{k}": [target] for k, (_, target) in enumerate(cases)}


def baskets(folder, validation):
    """(train, histories, targets) of a folder of baskets."""
    histories, targets = {}, {}
    for name, lists in (("history", histories), ("future", targets)):
        with opened(next(folder.glob(f"*_{name}.json*"))) as file:
            lists |= {user: kept[1:-1] for user, kept in json.load(file).items()}
    if validation:
        targets = {user: [kept.pop()] for user, kept in histories.items() if len(kept) > 1}
    histories, targets = ({user: sum(kept, []) for user, kept in lists.items()} for lists in (histories, targets))
    return histories, histories, targets


def write_attributes(path, out):
    with opened(path) as file:
        attributes = json.load(file)
    write(out, ("item", "attributes"), ((item, "|".join(map(str, of))) for item, of in attributes.items()))


def lay_out(place, validation, folder):
    """Writes train.csv, history.csv, test.csv and perhaps items.csv; True where seen items stay in the lists."""
    keeps_seen = place.is_dir()
    if keeps_seen:
        read = baskets if list(place.glob("*_future.json*")) else sessions
        train, histories, targets = read(place, validation)
    else:
        path = place.with_name(place.name + ".txt.gz")
        train, histories, targets = leave_last_out(path, validation)
        attributes = place.with_name(place.name + "_item2attributes.json.gz")
        if attributes.exists():
            write_attributes(attributes, folder / "items.csv")
    for name, lists in (("train", train), ("history", histories), ("test", targets)):
        write(folder / f"{name}.csv", ("user", "item"), ((user, item) for user, items in lists.items() for item in items))
    return keeps_seen


def measure(recipe, keeps_seen, flags, folder):
    model, report, items = folder / f"{recipe}.palate", folder / f"{recipe}.json", folder / "items.csv"
    settings = [part for setting in flags.set for part in ("--set", setting)]
    if keeps_seen:
        settings += ["--set", "data.repeats=true"]
    out = run([PALATE, "train", "--interactions", folder / "train.csv", "--recipe", recipe, "--output", model,
               "--threads", flags.threads, *(["--items", items] if items.exists() else []), *settings])
    run([PALATE, "evaluate", "--model", model, "--histories", folder / "history.csv", "--test", folder / "test.csv",
         "--k", "10,20", "--json", report, *(["--include-seen"] if keeps_seen else [])])
    at10, at20 = json.loads(report.read_text(encoding="utf-8"))["model"]
    figures = (at10["recall"], at10["ndcg"], at20["recall"], at20["mrr"])
    return [recipe, f"{seconds_of(out, 'time'):.0f}", f"{seconds_of(out, 'CPU time'):.0f}", f"{model.stat().st_size:,}",
            *(f"{figure:.4f}" for figure in figures)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("name", metavar="SET")
    parser.add_argument("--validation", action="store_true")
    parser.add_argument("--recipes", nargs="+", default=["transitions", "sequence"])
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="for every recipe named")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--keep", type=pathlib.Path)
    flags = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = flags.keep or pathlib.Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        keeps_seen = lay_out(flags.folder / flags.name, flags.validation, folder)
        print("| recipe | wall s | CPU s | bytes | Recall@10 | NDCG@10 | Recall@20 | MRR@20 |\n" + "| --- " * 8 + "|")
        for recipe in flags.recipes:
            print("| " + " | ".join(measure(recipe, keeps_seen, flags, folder)) + " |", flush=True)


if __name__ == "__main__":
    main()
