"""Who the visitors are: titles taken out of names, and spellings that are certainly one person joined."""

import collections
import csv
import pathlib
import re
import unicodedata

HERE = pathlib.Path(__file__).parent

# Longer titles stand before those that they contain.
TITLES = [
    "President of the Council of Ministers", "Chairman of the Presidency", "Prime Minister",
    "Interim Prime Minister", "Acting Prime Minister", "Interim President", "Acting President", "Provisional President",
    "President-designate", "President-elect", "President", "Vice Premier", "Premier",
    "Governor General", "General Secretary", "First Secretary", "Brigadier General", "Lieutenant General", "General",
    "Federal Chancellor", "Chancellor-elect", "Chancellor", "Chief of State", "Head of State", "Junta Member", "Chairman",
    "Crown Prince", "Regent Prince", "Prince", "King", "Queen", "Emperor", "Shah", "Sultan", "Emir", "Amir", "Pope",
    "Grand Duchess", "Grand Duke", "Taoiseach", "Archbishop", "Sheikh",
]
TITLES.sort(key=len, reverse=True)
# Slips of the source in titles.
SLIPS = [
    (r"^Prime MinisterHaidar", "Prime Minister Haidar"), (r"^Prime Minist(?:er|ere|e?r)\b\.?", "Prime Minister"),
    (r"^Prime Minster\b", "Prime Minister"), (r"^Prime Ministere\b", "Prime Minister"),
    (r"^President- ?(elect|Elect|designate)\b", lambda found: "President-" + found[1].lower()),
    (r"^Premier (?:&|and) Prince\b", "Premier"), (r"^Prime Minister-Prince\b", "Prime Minister"), (r"^Sheik\b", "Sheikh"),
]
# Words before a name that are neither a title of office nor a part of the name.
HONORIFICS = re.compile(r"^(?:Dr\.|Sheikh?|Lord|Archbishop|Dato' Seri)\s+")
# Names that begin with a title that is a part of them.
JOINT = re.compile(r"(?:, | and )(?=(?:%s) )" % "|".join(TITLES))
# Where the family name comes first.
FAMILY_FIRST = {"China", "Taiwan", "North Korea", "South Korea", "Vietnam", "Cambodia"}
# Spellings farther apart than this many years are one person only if people.tsv says so.
APART_SAME, APART_LONGER = 20, 10
PARTICLES = {"al", "el", "bin", "ibn", "ben", "bint", "de", "da", "do", "dos", "del", "della", "van", "von", "der", "den",
             "la", "e", "di", "y", "of", "the"}


def fold(text):
    """The text in lower case and without diacritics."""
    plain = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("ø", "o").replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()


def straight(text):
    """The text with straight apostrophes, as they are typed."""
    return text.replace("’", "'")


def words(name):
    """The words of a name that tell it from others: no initials, particles, honorifics or marks."""
    parts = re.split(r"[\s\-.,()&']+", fold(straight(name)))
    kept = [part for part in parts if part and (len(part) > 1 or part in "iv") and part not in PARTICLES and part != "jr"]
    return tuple(kept) or tuple(part for part in parts if part)


def untitled(text):
    """A visitor's (title, name) pairs; a row names more than one where they came together."""
    for slip, right in SLIPS:
        text = re.sub(slip, right, text)
    people = []
    for part in JOINT.split(text):
        title = next((title for title in TITLES if part.startswith(title + " ")), "")
        if title in ("Sheikh", "Archbishop"):
            title = ""
        name = part[len(title):].strip()
        while HONORIFICS.match(name):
            name = HONORIFICS.sub("", name)
        if title.startswith("Regent"):
            title = "Regent"
        people.append((title, re.sub(r"- (?=\w)", "-", name)))
    return people


class Person:
    """One leader: a nation, and every spelling with the days and titles of its rows."""

    def __init__(self, nation):
        self.nation = nation
        self.spellings = collections.Counter()
        self.rows = []
        self.chosen = None

    def add(self, spelling, day, title, country):
        self.spellings[spelling] += 1
        self.rows.append((day, title, country))

    def years(self):
        return sorted({int(day[:4]) for day, _, _ in self.rows})

    def name(self):
        """What people.tsv says, or a spelling of several words, of these the most frequent, of these the longest."""
        if self.chosen:
            return self.chosen
        return straight(max(self.spellings, key=lambda name: (len(words(name)) > 1, self.spellings[name], len(name))))

    def titles(self):
        """Each title with the years of its rows."""
        spells = {}
        for day, title, _ in sorted(self.rows):
            if title:
                spells.setdefault(title, []).append(day[:4])
        return [f"{title}, {years[0]}" + (f"–{years[-1]}" if years[-1] != years[0] else "")
                for title, years in spells.items()]


def apart(one, other):
    """The years between the nearest appearances of two."""
    return min(abs(a - b) for a in one.years() for b in other.years())


def decided():
    """The rows of people.tsv: by nation and spelling, the person and the years for which that holds."""
    table = {}
    with open(HERE / "people.tsv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            first, _, last = row["years"].partition("-")
            span = (int(first or 0), int(last or first or 9999))
            for spelling in [row["name"], *filter(None, row["spellings"].split("; "))]:
                table.setdefault((row["nation"], fold(spelling)), []).append((row["name"], span))
    return table


def resolve(sightings):
    """Persons for sightings (key, nation, country, name, title, day), by key; and what joined them, as counts.

    A spelling in people.tsv goes to the person named there. Otherwise the same words in one nation are one person unless
    20 years lie between, and a name is that of the one longer name which holds its words if at most 10 years lie between.
    """
    counts = collections.Counter()
    table = decided()
    chosen, used, found = {}, set(), {}
    groups = collections.defaultdict(list)
    for sighting in sorted(sightings, key=lambda sighting: sighting[5]):
        key, nation, country, name, title, day = sighting
        year = int(day[:4])
        fits = [person for person, (first, last) in table.get((nation, fold(name)), []) if first <= year <= last]
        if fits:
            used.add((nation, fold(name)))
            person = chosen.setdefault((nation, fits[0]), Person(nation))
            person.chosen = fits[0]
        else:
            persons = groups[(nation, words(name))]
            if not persons or year - persons[-1].years()[-1] > APART_SAME:
                if persons:
                    counts["same name, too far apart to be certain"] += 1
                persons.append(Person(nation))
            person = persons[-1]
        person.add(name, day, title, country)
        found[key] = person
    names = {(nation, fold(name)) for (nation, _), fits in table.items() for name, _ in fits}
    unused = sorted(key for key in table if key not in used | names)
    persons = list(chosen.values()) + [person for group in groups.values() for person in group]
    merged = {}
    for person in sorted(persons, key=lambda person: (len(words(person.name())), person.years())):
        short = words(person.name())
        if person.chosen:
            continue
        fits = [other for other in persons if other is not person and other.nation == person.nation
                and other not in merged and holds(short, other) and apart(person, other) <= APART_LONGER]
        if len(fits) > 1:
            counts["short name that fits several, kept apart"] += 1
        if len(fits) == 1:
            merged[person] = fits[0]
            counts["shorter name joined to the one longer name"] += 1
    for person, other in merged.items():
        while other in merged:
            other = merged[other]
        for key, of in found.items():
            if of is person:
                found[key] = other
        other.spellings.update(person.spellings)
        other.rows.extend(person.rows)
    counts["spellings decided by hand"] = len(used)
    return found, counts, unused


def holds(short, other):
    """Whether a longer name of a person holds these words, in their order, and ends with the last of them."""
    for spelling in other.spellings:
        long = words(spelling)
        rest = iter(long)
        if len(long) > len(short) and all(word in rest for word in short):
            if len(short) > 1 or long[-1] == short[0] or (other.nation in FAMILY_FIRST and long[0] == short[0]):
                return True
    return False


def aliases(name, spellings, nation):
    """Other names of a person: the spellings, and the family name alone."""
    plain = re.sub(r",? (?:Jr\.?|3rd)$", "", name)
    parts = plain.split()
    others = [spelling for spelling in spellings if fold(spelling) != fold(name)]
    if len(parts) > 1:
        start = len(parts) - 1
        while start > 1 and fold(parts[start - 1]) in PARTICLES | {"le"}:
            start -= 1
        if not re.fullmatch(r"[IVX]+", parts[-1]):
            others.append(" ".join(parts[start:]))
        if nation in FAMILY_FIRST:
            others.append(parts[0])
        others.append(f"{parts[0]} {' '.join(parts[start:])}")
        if re.fullmatch(r"[IVX]+", parts[-1]):
            others.append(" ".join(parts[:-1]))
    seen, kept = {fold(name)}, []
    for other in others:
        if fold(other) not in seen:
            seen.add(fold(other))
            kept.append(other)
    return kept
