"""Who was met: the leaders whom a text names, where title, country and years leave no doubt who it is."""

import collections
import csv
import pathlib
import re

from people import words

HERE = pathlib.Path(__file__).parent
# Adjectives of the countries whose leaders were met elsewhere.
ADJECTIVES = {
    "Afghan": "Afghanistan", "Australian": "Australia", "Belgian": "Belgium", "British": "United Kingdom",
    "Canadian": "Canada", "Chadian": "Chad", "Chinese": "China", "Colombian": "Colombia", "Danish": "Denmark",
    "Djiboutian": "Djibouti", "East German": "East Germany", "Egyptian": "Egypt", "Ethiopian": "Ethiopia",
    "Finnish": "Finland", "French": "France", "German": "Germany", "Guatemalan": "Guatemala", "Indian": "India",
    "Indonesian": "Indonesia", "Iraqi": "Iraq", "Irish": "Ireland", "Israeli": "Israel", "Italian": "Italy",
    "Ivorian": "Ivory Coast", "Japanese": "Japan", "Kazakhstani": "Kazakhstan", "Kenyan": "Kenya",
    "Lebanese": "Lebanon", "Libyan": "Libya", "Lithuanian": "Lithuania", "Maltese": "Malta", "Mexican": "Mexico",
    "Montenegrin": "Montenegro", "New Zealand": "New Zealand", "Nigerian": "Nigeria", "Norwegian": "Norway",
    "Pakistani": "Pakistan", "Palestinian": "Palestine", "Palestinian Authority": "Palestine", "Portuguese": "Portugal",
    "Russian": "Russia", "Russian Federation": "Russia", "Saudi": "Saudi Arabia", "Saudi Arabian": "Saudi Arabia",
    "Singaporean": "Singapore", "Somali": "Somalia", "Somalian": "Somalia", "South African": "South Africa",
    "South Korean": "South Korea", "Soviet": "Russia", "Spanish": "Spain", "Swedish": "Sweden", "Swiss": "Switzerland",
    "Syrian": "Syria", "Taiwanese": "Taiwan", "Tanzanian": "Tanzania", "Turkish": "Turkey", "Ukrainian": "Ukraine",
    "West German": "Germany", "Yemeni": "Yemen", "U.S.": "United States",
}
# Titles that are one office, by the words of these texts.
OFFICES = {
    "President": "president", "President-elect": "president", "Acting President": "president",
    "Interim President": "president", "Prime Minister": "premier", "Premier": "premier", "Taoiseach": "premier",
    "Interim Prime Minister": "premier", "Acting Prime Minister": "premier", "Chancellor": "chancellor",
    "Federal Chancellor": "chancellor", "Chancellor-elect": "chancellor", "King": "crown", "Queen": "crown",
    "Emperor": "crown", "Shah": "crown", "Sultan": "crown", "Emir": "crown", "Amir": "crown", "Prince": "crown",
    "Grand Duke": "crown", "Grand Duchess": "crown", "Pope": "pope", "Chairman": "chairman",
    "General Secretary": "secretary", "Crown Prince": "heir", "Vice Premier": "deputy",
}
# Offices of which one leader may have held another when he came: at the head of a state or its government; the Soviet
# Union's were its General Secretaries, and the chairmen of its Supreme Soviet and of its ministers.
HEADS = {"president", "premier"}
SOVIET_HEADS = HEADS | {"chairman", "secretary"}
# Who is to be a king is not who is.
ROYAL = {"crown", "heir"}
SPOKEN = sorted((title for title in OFFICES if title != "Prince"), key=len, reverse=True)
SENTENCE_END = re.compile(r"(?<!\b[A-Z])(?<!\bJr)(?<!\bDr)(?<!\bSt)[.;](?=\s|$)")
BRACKETS = re.compile(r" ?\([^)]*\)")
MEETING = re.compile(
    r"\b(?:[Mm]et|[Mm]eet|[Mm]eetings?|[Cc]onferred|[Aa]udiences?|[Tt]alks|[Cc]onsult\w*|[Ll]unch\w*|[Dd]inner|[Dd]ined"
    r"|[Ss]ummit|[Dd]iscuss\w*|[Cc]onference)\b[^.;]*?\bwith\b(.*)"
)
CUT = re.compile(r"\b(?:to|about|on|regarding|concerning|before|after|for|who|ahead|following|honoring)\b")
NAME = (r"(?:(?:[A-Z][\w’'\-]*\.?|al-[\w’'\-]+|ul-\w+|bin|ibn|de|da|la|von|van|der|dos|arap|ben)"
        r"(?: (?=[A-Z]|al-|ul-|bin |ibn |de |da |la |von |van |der |dos |arap |ben )|(?![\w’'])))+")
PERSON = re.compile(
    r"(?:^|\bwith|\band|,|&) *(?:(%s) )?(%s) (%s)(?!['’])(?: of (%s))?"
    % ("|".join(sorted(ADJECTIVES, key=len, reverse=True)), "|".join(SPOKEN), NAME, r"[A-Z]\w+(?: [A-Z]\w+)?")
)
MONTH = re.compile(r" (?:January|February|March|April|May|June|July|August|September|October|November|December)\b.*")
ACCOMPANIED = re.compile(r"\b(?:[Aa]cc\w*panied|[Jj]oined) (?:U\.S\. )?President (%s)" % NAME)
# How many years before the first and after the last of a leader's rows a name is taken for his: one word with such an
# office, and two words or more.
NEAR, NEAR_IN_FULL = 5, 10


def decided():
    """The rows of met.tsv: by row of the trips and name, the leader who is meant, or nothing if the data has none."""
    with open(HERE / "met.tsv", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["row"], row["name"]): row["leader"] for row in rows}


class Known:
    """The leaders who are known, and who was president of the United States when."""

    def __init__(self, persons, terms, country_of):
        self.by_nation = collections.defaultdict(list)
        for person in persons:
            self.by_nation[person.nation].append(person)
        self.terms = terms
        self.country_of = country_of
        self.decided, self.used = decided(), set()
        self.counts = collections.Counter()
        self.unknown = []

    def presidents(self, first, last):
        """Who was president on some day from `first` to `last`."""
        return [name for name, start, end in self.terms if start <= last and (end is None or first < end or start >= first)]

    def president(self, text, first, last):
        """The president in office on some day of these whom a text names; what follows the name may be a place or a month."""
        wanted = words(text)
        for end in range(len(wanted), 0, -1):
            fits = {name for name in self.presidents(first, last)
                    if set(wanted[:end]) <= set(words(name)) and words(name)[-1] == wanted[end - 1]}
            if len(fits) == 1:
                return fits.pop()
        return None

    def leader(self, row, nation, title, name):
        """The one leader of a nation whom a title and a name mean in a row, or nothing."""
        if (row["id"], name) in self.decided:
            self.used.add((row["id"], name))
            leader = self.decided[(row["id"], name)]
            return next(person for person in self.by_nation[nation] if person.name() == leader) if leader else None
        year, wanted, office = int(row["start_date"][:4]), words(name), OFFICES[title]
        margin = NEAR_IN_FULL if len(wanted) > 1 else NEAR
        fits = {}
        for person in self.by_nation[nation]:
            years = person.years()
            # A family name is looked for in the name, and not in every longer spelling of it.
            known = [words(person.name()), *(words(other) for other in person.spellings)]
            if years[0] - margin <= year <= years[-1] + margin and any(
                is_named(wanted, one) for one in known if len(wanted) > 1 or one is known[0] or len(one) == 1
            ):
                fits[person] = {OFFICES.get(of) for _, of, _ in person.rows}
        if len(wanted) > 1:
            found = [person for person, held in fits.items() if office in held or office not in ROYAL or not held & ROYAL]
        else:
            heads = SOVIET_HEADS if nation == "Russia" else HEADS
            found = [person for person, held in fits.items() if office in held]
            found = found or [person for person, held in fits.items() if office in heads and held & heads]
        return found[0] if len(found) == 1 else None

    def of_trip(self, row, nation, text):
        """The leaders met on a trip, and the president whom a secretary accompanied."""
        found = []
        first, last = row["start_date"], row["end_date"]
        for adjective, title, name, of in self.mentions(text):
            nation_of = ADJECTIVES.get(adjective) or self.country_of.get(of) or nation
            person = None if nation_of == "United States" else self.leader(row, nation_of, title, name)
            president = not person and not adjective and title == "President" and self.president(name, first, last)
            if person:
                self.counts["met"] += 1
                found.append(person.name())
            elif president:
                self.counts["accompanied"] += 1
                found.append(president)
            else:
                self.counts["not met for certain"] += 1
                self.unknown.append((row["id"], nation_of, title, name))
        sentences = SENTENCE_END.split(text) if row["role"] == "secretary" else []
        for name in (name for sentence in sentences for name in ACCOMPANIED.findall(sentence)):
            president = self.president(name, first, last)
            if president:
                self.counts["accompanied"] += 1
                found.append(president)
        return list(dict.fromkeys(found))

    def of_visit(self, row, text):
        """The presidents of the United States whom a visitor met."""
        found = []
        for adjective, title, name, of in self.mentions(text):
            if title == "President" and adjective in ("", "U.S.") and not of:
                president = self.president(name, row["start_date"], row["end_date"])
                if president:
                    self.counts["president met"] += 1
                    found.append(president)
        return list(dict.fromkeys(found))

    @staticmethod
    def mentions(text):
        """Each (adjective, title, name, country) in what follows `met with` and its like."""
        for sentence in SENTENCE_END.split(BRACKETS.sub("", text)):
            meeting = MEETING.search(sentence)
            if meeting:
                for adjective, title, name, of in PERSON.findall(CUT.split(meeting[1])[0].strip()):
                    yield adjective, title, MONTH.sub("", name), of


def is_named(wanted, known):
    """Whether words of a text name the one who is known by these words, in their order, or the other way about."""
    if len(wanted) == 1:
        return wanted[0] in known
    shorter, longer = sorted((wanted, known), key=len)
    rest = iter(longer)
    return len(shorter) > 1 and all(word in rest for word in shorter)
