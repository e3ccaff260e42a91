#!/usr/bin/env python3
"""The two raw tables to the data set: reads what stands beside it, writes src/dataset/us-diplomacy.

    python3 datasets/us-diplomacy/convert.py                    write the data set, tell the counts
    python3 datasets/us-diplomacy/convert.py --report FILE      also a line for each row: its event, and what was done
    python3 datasets/us-diplomacy/convert.py --check            write nothing; exit with 1 if it would change a file
"""

import argparse
import collections
import csv
import datetime
import json
import pathlib
import re
import sys

from met import Known
from people import aliases, apart, fold, resolve, untitled, words
from places import Places

HERE = pathlib.Path(__file__).parent
TARGET = HERE.parent.parent / "src" / "dataset" / "us-diplomacy"
UNITED_STATES = "United States"
# Leaders of a state that is no more and of its successor are looked for together.
NATIONS = {"Soviet Union": "Russia", "Czechoslovakia": "Czechia", "Tanganyika": "Tanzania", "North Yemen": "Yemen"}
# The columns of the events, in their order.
COLUMNS = ["id", "kind", "date", "status", "actor", "office", "participants", "country", "place", "places", "protocol",
           "administration", "journey", "source", "summary"]
# Rows that stand twice in the table, by the id that is left out, with the id of the same stay and the reason.
MERGED = {
    "4019": ("3992", "the same row"),
    "4020": ("3993", "the same row"),
    "3994": ("4021", "the same stay in Brussels, with an end a day earlier and fewer remarks"),
}
# A trip's host where the table names a state that was no more: the Soviet Union ended on 1991-12-26.
CORRECTED_HOSTS = {"459": "Russia", "467": "Russia", "469": "Russia"}
PROTOCOLS = [
    ("state", r"(?:official )?state visit"),
    ("official working", r"official working visit"),
    ("official", r"off?ici?al visit"),
    ("working", r"(?:private |informal |included )?working visit"),
    ("informal", r"informal(?:,? unofficial)? visit"),
    ("unofficial", r"unofficial visit"),
    ("private", r"private visit"),
    ("pastoral", r"pastoral visit"),
    ("courtesy", r"courtesy visit"),
    ("goodwill", r"good ?will (?:visit|trip)"),
]
# Names by which presidents and secretaries are known, other than those that follow from the table's.
KNOWN_AS = {
    "William J. Clinton": ["Bill Clinton"], "Jimmy Carter": ["James Carter"], "Franklin D. Roosevelt": ["FDR"],
    "John F. Kennedy": ["JFK"], "Lyndon B. Johnson": ["LBJ"], "George H.W. Bush": ["George H. W. Bush"],
    "Joseph R. Biden": ["Joe Biden"], "David Dean Rusk": ["Dean Rusk"], "Michael R. Pompeo": ["Mike Pompeo"],
    "Hillary Rodham Clinton": ["Hillary Clinton"], "Edmund Sixtus Muskie": ["Ed Muskie"],
    "Antony John Blinken": ["Tony Blinken"], "Dean Gooderham Acheson": ["Dean Acheson"],
}


def rows_of(name):
    """The rows of a table of this folder."""
    with open(HERE / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def span(row):
    """A row's days as a date or an interval of ISO 8601-2."""
    first, last = row["start_date"], row["end_date"]
    return first if first == last else f"{first}/{last}"


def protocol(text):
    """The sort of visit, if the text begins with it or says that something was done on or during such a visit."""
    found = []
    for name, pattern in PROTOCOLS:
        at = re.search(rf"^{pattern}\b|\b(?:during|on) an? {pattern}\b", text, re.IGNORECASE)
        if at:
            found.append((at.start(), name))
    return min(found, default=(0, None))[1]


class Conversion:
    """The data set in the making."""

    def __init__(self):
        self.counts = collections.Counter()
        self.report = {}
        self.visits, self.travels = rows_of("us_visits.tsv"), rows_of("us_travels.tsv")
        self.countries = {(row["spelling"], row["id"]): row["country"] for row in rows_of("countries.tsv")}
        self.states = rows_of("states.tsv")
        self.inaugurations = rows_of("inaugurations.tsv")
        starts = [(row["president"], row["date"]) for row in self.inaugurations]
        self.terms = [(name, day, after[1] if after else None) for (name, day), after in zip(starts, starts[1:] + [None])]
        self.places = Places()
        self.events = []

    def told(self, table, row, what):
        """Keeps what was done with a row."""
        self.report.setdefault((table, row["id"]), []).append(what)

    def run(self):
        """All the files, by name."""
        self.people()
        self.visit_events()
        self.trip_events()
        self.inauguration_events()
        self.name_places()
        self.events.sort(key=lambda event: (event["date"][:10], event["id"]))
        lines = {
            "events.jsonl": self.events,
            "leaders.jsonl": self.leaders(),
            "places.jsonl": list(self.places.records(self.place_names)),
            "countries.jsonl": self.country_records(),
        }
        self.count(lines)
        # An event is an array of the values of the columns, which the first line names: so 7,000 keep their size.
        lines["events.jsonl"] = [COLUMNS, *([event.get(name) for name in COLUMNS] for event in self.events)]
        files = {name: "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in of)
                 for name, of in lines.items()}
        files["dataset.json"] = self.manifest()
        return files

    def people(self):
        sightings = []
        for row in self.visits:
            country = self.countries[(row["from"], row["from_id"])]
            for place, (title, name) in enumerate(untitled(row["visitor"])):
                if not title:
                    self.counts["visitors without a title"] += 1
                    self.told("visits", row, "the visitor has no title")
                sightings.append(((row["id"], place), NATIONS.get(country, country), country, name, title, row["start_date"]))
        self.found, counts, unused = resolve(sightings)
        assert not unused, f"people.tsv has spellings that no row has: {unused}"
        self.counts.update(counts)
        self.persons = list(dict.fromkeys(self.found.values()))
        self.american = {row["who"]: re.sub(r" \([^)]*\)", "", row["name"]) for row in self.travels}
        taken = collections.Counter(fold(person.name()) for person in self.persons)
        taken.update(fold(name) for name in {*self.american.values(), *(row["president"] for row in self.inaugurations)})
        for person in self.persons:
            if taken[fold(person.name())] > 1:
                self.counts["leaders told apart by their country"] += 1
                person.chosen = f"{person.name()} ({person.nation})"
        by_name = {name: country for (name, _), country in self.countries.items()}
        self.known = Known(self.persons, self.terms, by_name)

    def event(self, identity, kind, row, actor, office, participants, country, places, text, source):
        in_office = self.known.presidents(row["start_date"], row["start_date"])[-1]
        event = {"id": identity, "kind": kind, "date": span(row), "status": "held", "actor": actor, "office": office}
        # The actor takes part anyway.
        event |= {"participants": [name for name in dict.fromkeys(participants) if name != actor], "country": country}
        event |= {"places": places, "protocol": protocol(text), "administration": in_office, "source": [source], "summary": text}
        self.events.append({key: value for key, value in event.items() if value not in (None, "", [])})
        return self.events[-1]

    def visit_events(self):
        for row in self.visits:
            country = self.countries[(row["from"], row["from_id"])]
            visitors = untitled(row["visitor"])
            names = [self.found[(row["id"], place)].name() for place in range(len(visitors))]
            if len(names) > 1:
                self.counts["rows with two visitors"] += 1
                self.told("visits", row, f"two visitors: {', '.join(names)}")
            met = self.known.of_visit(row, row["description"])
            places = self.places.of_description(row["description"])
            self.event(f"visit-{row['id']}", "visit", row, names[0], visitors[0][0], names[1:] + met, country,
                       places, row["description"], "visits")
            if re.search(r"\bOffical\b", row["description"]):
                self.counts["slips: Offical"] += 1
                self.told("visits", row, "`Offical visit` is read as official")
            self.told("visits", row, f"visit-{row['id']} of {', '.join(names)} from {country}")

    def trip_events(self):
        last = {}
        rows = [row for row in self.travels if row["id"] not in MERGED]
        for row in sorted(rows, key=lambda row: (row["who"], row["start_date"], row["end_date"])):
            host = self.countries[(row["country"], row["country_id"])]
            if row["id"] in CORRECTED_HOSTS:
                self.told("travels", row, f"host {host} is corrected to {CORRECTED_HOSTS[row['id']]}")
                self.counts["hosts corrected"] += 1
                host = CORRECTED_HOSTS[row["id"]]
            elect = "[Visit made as President-elect.]" in row["remarks"]
            office = "Secretary of State" if row["role"] == "secretary" else "President-elect" if elect else "President"
            met = self.known.of_trip(row, NATIONS.get(host, host), row["remarks"])
            places = self.places.of_locale(host, row["locale"])
            event = self.event(f"trip-{row['id']}", "trip", row, self.american[row["who"]], office, met, host, places, row["remarks"],
                               "travels")
            # A stay belongs to the journey of the one before, if it begins at most a day after that has ended.
            journey, until = last.get(row["who"], ("", "0001-01-01"))
            day_after = (datetime.date.fromisoformat(until) + datetime.timedelta(days=1)).isoformat()
            journey = journey if row["start_date"] <= day_after else event["id"]
            last[row["who"]] = (journey, max(until, row["end_date"]))
            event["journey"] = journey
            self.told("travels", row, f"{event['id']} of {event['actor']} to {host}, of the journey {journey}")
        unused = self.known.decided.keys() - self.known.used
        assert not unused, f"met.tsv has names that no row has: {sorted(unused)}"
        for left, (kept, why) in MERGED.items():
            self.told("travels", {"id": left}, f"merged into trip-{kept}: {why}")

    def inauguration_events(self):
        for row in self.inaugurations:
            day = {"start_date": row["date"], "end_date": row["date"]}
            places = [self.places.add(UNITED_STATES, row["place"])] if row["place"] else []
            self.event(f"inauguration-{row['date']}", "inauguration", day, row["president"], "President", [], None,
                       places, row["what"], row["source"])

    def name_places(self):
        self.place_names = self.places.named()
        for event in self.events:
            if "places" in event:
                event["places"] = [self.place_names[key] for key in event["places"]]
                event["place"] = event["places"][0]

    def doubtful(self):
        """Leaders known by one word that another leader of the nation has in his name, at most 20 years away."""
        by_nation = collections.defaultdict(list)
        for person in self.persons:
            by_nation[person.nation].append(person)
        doubtful = []
        for person in self.persons:
            others = [other for other in by_nation[person.nation] if other is not person and apart(person, other) <= 20]
            if not person.chosen and len(words(person.name())) == 1:
                if any(words(person.name())[0] in words(other.name()) for other in others):
                    doubtful.append(person)
        return doubtful

    def leaders(self):
        lines = []
        for person in sorted(self.persons, key=lambda person: fold(person.name())):
            name = person.name()
            lines.append({"name": name, "names": aliases(name, person.spellings, person.nation),
                          "country": max(person.rows)[2], "titles": person.titles(), "source": "visits"})
        spellings = {re.sub(r" \([^)]*\)", "", row["name"]): row["name"] for row in self.travels}
        offices = collections.defaultdict(list)
        for row in self.travels:
            offices[self.american[row["who"]]].append((row["role"], row["start_date"][:4]))
        for name in sorted({*self.american.values(), *(name for name, _, _ in self.terms)}):
            line = {"name": name, "names": [*KNOWN_AS.get(name, []), *aliases(name, [spellings.get(name, name)], UNITED_STATES)],
                    "country": UNITED_STATES}
            years = [year for role, year in offices[name] if role == "secretary"]
            if years:
                line["titles"] = ["Secretary of State, " + (years[0] if years[0] == years[-1] else f"{years[0]}–{years[-1]}")]
                line["source"] = "travels"
            terms = [(start, end) for of, start, end in self.terms if of == name]
            if terms:
                line |= {"office": "President", "since": terms[-1][0], "source": "wikipedia-inauguration"}
                while terms and terms[-1][0] <= line["since"]:
                    line["since"] = terms.pop()[0]
                    if not terms or terms[-1][1] != line["since"]:
                        break
                end = [end for of, _, end in self.terms if of == name][-1]
                if end:
                    line["until"] = end
                line["titles"] = [f"President, {start[:4]}–{end[:4] if end else ''}" for of, start, end in self.joined(name)]
            lines.append(line)
        return [{key: value for key, value in line.items() if value not in (None, "", [])} for line in lines]

    def joined(self, name):
        """A president's terms, those without a break as one."""
        spells = []
        for of, start, end in self.terms:
            if of == name and spells and spells[-1][2] == start:
                spells[-1] = (of, spells[-1][1], end)
            elif of == name:
                spells.append((of, start, end))
        return spells

    def country_records(self):
        spellings = collections.defaultdict(set)
        for (spelling, _), country in self.countries.items():
            if spelling != country:
                spellings[country].add(spelling)
        lines = []
        for state in self.states:
            names = [*filter(None, state["names"].split("; ")), *sorted(spellings.pop(state["name"], set()))]
            line = {"name": state["name"], "names": list(dict.fromkeys(names)), "region": state["region"].split("; "),
                    "founded": state["founded"], "dissolved": state["dissolved"],
                    "successors": state["successors"].split("; "), "note": state["note"], "source": state["source"]}
            lines.append({key: value for key, value in line.items() if value})
        # One spelling stands for two countries: the Republic of China, on the mainland and on Taiwan.
        shared = collections.Counter(spelling for names in spellings.values() for spelling in names)
        reference = {}
        for text in (TARGET.parent / "reference" / "countries.jsonl").read_text(encoding="utf-8").splitlines():
            country = json.loads(text)
            reference[country["name"]] = {fold(name) for name in [country["name"], *country["names"]]}
        taken = {name: country for country, names in reference.items() for name in names}
        for country in sorted(spellings):
            new = sorted(name for name in spellings[country]
                         if shared[name] == 1 and taken.get(fold(name), country) == country and fold(name) not in reference[country])
            if new:
                lines.append({"name": country, "names": new})
        return lines

    def count(self, lines):
        counts, events = self.counts, lines["events.jsonl"]
        counts["rows"] = len(self.visits) + len(self.travels)
        for kind in ("visit", "trip", "inauguration"):
            of = [event for event in events if event["kind"] == kind]
            counts[f"{kind}s"] = len(of)
            counts[f"{kind}s with places"] = sum("places" in event for event in of)
            counts[f"{kind}s with another leader"] = sum("participants" in event for event in of)
            counts[f"{kind}s with protocol"] = sum("protocol" in event for event in of)
        counts["merged rows"] = len(MERGED)
        counts["events"] = len(events)
        counts["journeys"] = len({event["journey"] for event in events if "journey" in event})
        counts |= self.known.counts
        counts["names decided by hand"] = len(self.known.decided)
        counts["foreign leaders"] = len(self.persons)
        counts["foreign leaders known by one name only"] = sum(" " not in person.name() for person in self.persons)
        counts["leaders who may be another"] = len(self.doubtful())
        counts["spellings of foreign leaders"] = sum(len(person.spellings) for person in self.persons)
        counts["American leaders"] = len(lines["leaders.jsonl"]) - len(self.persons)
        counts["places"] = len(lines["places.jsonl"])
        counts["places with coordinates"] = sum("latitude" in place for place in lines["places.jsonl"])
        counts["archive spellings of countries"] = len({spelling for spelling, _ in self.countries})
        counts["countries"] = len(set(self.countries.values()))
        counts["states that are no more"] = len(self.states)
        counts["visits without description"] = sum(not row["description"] for row in self.visits)
        counts["trips without place"] = sum(not row["locale"] for row in self.travels)
        ends = {state["name"]: (state["founded"], state["dissolved"]) for state in self.states}
        for event in events:
            first, last = ends.get(event.get("country"), ("", "9999"))
            if not first <= event["date"][:10] <= last:
                counts["rows outside the dates of their state"] += 1
                table, identity = event["source"][0], {"id": event["id"].split("-")[1]}
                self.told(table, identity, f"{event['country']} was no state on {event['date']}")

    def manifest(self):
        text = (HERE / "manifest.json").read_text(encoding="utf-8")
        numbers = {name: f"{count:,}" for name, count in self.counts.items()}
        return re.sub(r"\{([a-zA-Z][\w ,:]*)\}", lambda found: numbers[found[1]], text)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--report", metavar="FILE", help="write a line for each row of the tables")
    arguments.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a file would change")
    asked = arguments.parse_args()
    conversion = Conversion()
    files = conversion.run()
    if asked.check:
        stale = [name for name, text in files.items() if (TARGET / name).read_text(encoding="utf-8") != text]
        sys.exit(f"not as converted: {', '.join(stale)}" if stale else 0)
    TARGET.mkdir(exist_ok=True)
    for name, text in files.items():
        (TARGET / name).write_text(text, encoding="utf-8")
    for name in sorted(conversion.counts):
        print(f"{conversion.counts[name]:6}  {name}")
    if asked.report:
        unknown = collections.defaultdict(list)
        for identity, nation, title, name in conversion.known.unknown:
            unknown[identity].append(f"{title} {name} ({nation}) is no participant")
        with open(asked.report, "w", encoding="utf-8") as file:
            for (table, identity), told in conversion.report.items():
                more = unknown.get(identity, []) if table == "travels" else []
                print(table, identity, "; ".join(told + more), sep="\t", file=file)


if __name__ == "__main__":
    main()
