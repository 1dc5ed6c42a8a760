"""Reads the files of data sets; finds data sets in a folder and lays each out as train.csv and test.csv."""

import csv
import gzip
import math
import pathlib
import re

NEWEST_SHARE = 0.2
ROLES = {"train": ("train", "data"), "test": ("test",), "log": ("ratings", "interactions", "log")}
SUFFIXES = (".csv", ".tsv", ".dat", ".txt")


def opened(path, encoding="utf-8"):
    """The text of a file, or of the one with .gz behind its name."""
    if not path.exists():
        path = path.with_name(f"{path.name}.gz")
    return (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding=encoding, newline="")


def fields(path, separator=None, encoding="latin-1"):
    """Those of each line, between white space where no separator is given."""
    with opened(path, encoding) as file:
        for line in file:
            yield line.strip().split(separator)


def write(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def find(folder):
    """Name -> (train, test) or (log,): of `folder` itself, or of each folder in it."""
    folder = pathlib.Path(folder)
    found = {}
    for place in [folder, *sorted(p for p in folder.iterdir() if p.is_dir())]:
        files = _files_by_role(place)
        if "train" in files and "test" in files:
            found[place.name] = (files["train"], files["test"])
        elif "log" in files:
            found[place.name] = (files["log"],)
    return found


def convert(files, folder, days=math.inf):
    """Writes train.csv and test.csv into `folder`; a single log, whose times are seconds, is split by time, and its test ends
    after so many days."""
    parts = [_rows(file) for file in files]
    if len(parts) == 1:
        train, test = _split_by_time(parts[0], files[0])
        end = float(test[0][3]) + days * 86400
        parts = train, [row for row in test if float(row[3]) <= end]
    paths = []
    for name, rows in zip(("train", "test"), parts):
        paths.append(pathlib.Path(folder) / f"{name}.csv")
        columns = {"user": 0, "item": 1} | ({"timestamp": 3} if len(rows[0]) == 4 else {})
        write(paths[-1], columns, ([row[column] for column in columns.values()] for row in rows))
    return paths


def _files_by_role(folder):
    """The first file whose name begins with a word of a role, by the order of the words."""
    files = {}
    for role, words in ROLES.items():
        for word in words:
            for path in sorted(folder.iterdir()):
                name = path.name.removesuffix(".gz")
                if path.is_file() and name.startswith(word) and name.endswith(SUFFIXES):
                    files.setdefault(role, path)
    return files


def _rows(path):
    """(user, item, further columns) from a table, from `user item value` lines or from adjacency lists."""
    with opened(path, "latin-1") as file:
        lines = [re.split(r"::|[,\t; ]+", line.strip()) for line in file if line.strip()]
    if not lines[0][0].lstrip("-").isdigit() and not lines[0][-1].isdigit():
        return _table_rows(lines)
    if len({len(line) for line in lines}) == 1 and len(lines[0]) in (2, 3, 4):
        return lines
    return [(line[0], item) for line in lines for item in line[1:]]


def _table_rows(lines):
    """The columns that a header calls user, item, value and timestamp, in this order."""
    header = [name.lower() for name in lines[0]]
    columns = []
    for names in (("user", "userid"), ("item", "itemid", "movieid"), ("rating", "value"), ("timestamp", "time")):
        columns += [header.index(name) for name in names if name in header]
    return [[line[column] for column in columns] for line in lines[1:]]


def _split_by_time(rows, path):
    if len(rows[0]) != 4:
        raise ValueError(f"{path}: a log without times cannot be split; give a train and a test file")
    rows = sorted(rows, key=lambda row: float(row[3]))
    border = len(rows) - round(len(rows) * NEWEST_SHARE)
    return rows[:border], rows[border:]
