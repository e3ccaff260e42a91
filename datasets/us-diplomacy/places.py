"""Where it was: the places that a row names, each with the country in which it lies today."""

import collections
import csv
import json
import pathlib
import re

from people import fold, straight

HERE = pathlib.Path(__file__).parent
REFERENCE = HERE.parent.parent / "src" / "dataset" / "reference"
# A place of this many times the rows of another of its name keeps the name alone.
OUTWEIGHS = 5
# The state or the man of a city's name: a state stands in brackets or behind a place, but a list of places may go on.
NOT_THE_CITY = re.compile(r"(?:\(|George |President |State of )(?:Washington|New York)\b(?!,? D| City)"
                          r"|, (?:Washington|New York)\b(?!,| D| City)")


def table():
    """The rows of places.tsv by host and spelling; a row without host holds for all."""
    with open(HERE / "places.tsv", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["host"], row["spelling"]): (row["name"], row["country"] or None) for row in rows}


class Places:
    """The places named so far, with their spellings and how many rows name them."""

    def __init__(self):
        self.table = table()
        self.rows = collections.Counter()
        self.spellings = collections.defaultdict(set)
        within = sorted((spelling for host, spelling in self.table if host == "United States"), key=len, reverse=True)
        self.within = re.compile(r"\b(?:%s)(?!\w)(?! University| Conference| Treaty)" % "|".join(map(re.escape, within)))

    def add(self, host, spelling):
        """The key of a place that a row names, of whose host the archive tells."""
        plain = re.sub(r" \([^)]*\)$", "", spelling)
        key = self.table.get((host, spelling)) or self.table.get(("", spelling)) or (straight(plain), host)
        self.rows[key] += 1
        self.spellings[key].update({spelling, plain} - {key[0]})
        return key

    def of_locale(self, host, locale):
        """The places of a trip: the parts of its `locale`, in which Mexico's capital is two."""
        locale = locale.replace("Mexico, D.F.", "Mexico City")
        found = [self.add(host, part.strip()) for part in locale.split(",") if part.strip()]
        return list(dict.fromkeys(found))

    def of_description(self, text):
        """The places in the United States that a description names, in its order."""
        found = [self.add("United States", spelling) for spelling in self.within.findall(NOT_THE_CITY.sub("", text))]
        return list(dict.fromkeys(found))

    def named(self):
        """Each place's name, alone where no other place has it or none of weight."""
        by_name = collections.defaultdict(list)
        for key in self.rows:
            by_name[fold(key[0])].append(key)
        names = {}
        for keys in by_name.values():
            keys.sort(key=lambda key: -self.rows[key])
            alone = len(keys) == 1 or self.rows[keys[0]] >= OUTWEIGHS * self.rows[keys[1]]
            for key in keys:
                names[key] = key[0] if alone and key is keys[0] else f"{key[0]} ({key[1]})"
        return names

    def records(self, names):
        """The lines of places.jsonl; coordinates are those of the reference's capitals, and of no other place."""
        capitals = {}
        for line in (REFERENCE / "countries.jsonl").read_text(encoding="utf-8").splitlines():
            country = json.loads(line)
            if "capital" in country and "latitude" in country:
                capitals[(country["name"], fold(country["capital"]))] = (country["latitude"], country["longitude"])
        for key in sorted(self.rows, key=lambda key: fold(names[key])):
            record = {"name": names[key]}
            others = sorted(other for other in {key[0], *self.spellings[key]} if other != names[key])
            if others:
                record["names"] = others
            if key[1]:
                record["country"] = key[1]
            if (key[1], fold(key[0])) in capitals:
                record["latitude"], record["longitude"] = capitals[(key[1], fold(key[0]))]
            yield record
