#!/usr/bin/env python3
"""The questions in SQLite, in memory, by apsw: without indexes, and with one for each question, the words' among them.

    sqlite_peer.py EVENTS.csv META.json RESULT.json [plain] [indexed]
"""
import csv
import apsw
from common import SQL, compare, filled

TABLE = """CREATE TABLE e (id INTEGER PRIMARY KEY, date TEXT, kind TEXT, actor TEXT, actor_country TEXT, target TEXT,
  target_country TEXT, region TEXT, venue TEXT, city TEXT, tone REAL, sources INTEGER, topic TEXT, summary TEXT)"""
INDEXES = ["kind, region, venue", "kind, actor_country, date", "actor, date", "actor, target", "kind, actor, target, date",
           "kind, actor_country, target_country, date", "kind, date", "actor_country, tone"]
# It has no lists: topics are a text, joined by semicolons.
FORMS = SQL | {
    "Q3": ["SELECT substr(date, 1, 7) m, count(*) FROM e WHERE kind='meeting' GROUP BY m ORDER BY m"],
    "Q8": ["SELECT count(*) FROM e WHERE summary LIKE '%{q8_word}%'"],
    "Q9": ["SELECT substr(date, 1, 4) y, count(*) FROM e WHERE instr(';'||topic||';', ';{q9_topic};') > 0 GROUP BY y ORDER BY y"],
    "Q10": ["""SELECT count(*) FROM (SELECT DISTINCT ac, tc FROM (
                 SELECT ac, tc, date, visit, lag(date) OVER w before, lag(visit) OVER w visit_before FROM (
                   SELECT DISTINCT actor_country ac, target_country tc, date, kind='visit' AS visit
                   FROM e WHERE kind IN ('visit', 'agreement'))
                 WINDOW w AS (PARTITION BY ac, tc ORDER BY date, visit))
               WHERE NOT visit AND visit_before AND date > before AND date <= date(before, '+{q10_days} days'))"""],
    "Q10b": ["""SELECT count(*) FROM (
                  SELECT kind, min(CASE WHEN kind='agreement' THEN date END) OVER (PARTITION BY actor_country, target_country
                    ORDER BY julianday(date) RANGE BETWEEN 1 FOLLOWING AND {q10_days} FOLLOWING) agreed
                  FROM e WHERE kind IN ('visit', 'agreement'))
                WHERE kind='visit' AND agreed IS NOT NULL"""],
    "Q11": ["SELECT count(*) FROM (SELECT julianday(date) - julianday(lag(date) OVER (PARTITION BY actor, target ORDER BY date)) "
            "gap FROM e WHERE kind='meeting') WHERE gap > {q11_gap}"],
}
INDEXED = {
    "Q8": ["SELECT count(*) FROM words('{q8_word}')"],
    "Q10b": FORMS["Q10b"] + ["""SELECT count(*) FROM e v WHERE kind='visit' AND EXISTS (
        SELECT 1 FROM e a WHERE a.kind='agreement' AND a.actor_country=v.actor_country AND a.target_country=v.target_country
        AND a.date > v.date AND a.date <= date(v.date, '+{q10_days} days'))"""],
}


def load(variant, events, meta):
    connection = apsw.Connection(":memory:")
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "temp_store=MEMORY"):
        connection.execute("PRAGMA " + pragma).fetchall()
    connection.execute(TABLE)
    with connection, open(events, encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        marks = ", ".join("?" for _ in next(lines))
        connection.executemany(f"INSERT INTO e VALUES ({marks})", lines)
    forms = FORMS
    if variant == "indexed":
        forms = FORMS | INDEXED
        for number, columns in enumerate(INDEXES):
            connection.execute(f"CREATE INDEX i{number} ON e({columns})")
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(summary, content='', detail=none)")
        connection.execute("INSERT INTO words(rowid, summary) SELECT id, summary FROM e")
        connection.execute("ANALYZE")

    def asks(form):
        return lambda: connection.execute(form).fetchall()

    return {question: [asks(form) for form in forms] for question, forms in filled(forms, meta).items()}, 0


if __name__ == "__main__":
    compare("apsw", ["plain", "indexed"], load)
