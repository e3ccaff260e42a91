#!/usr/bin/env python3
"""The questions in ClickHouse, embedded by chdb: in a table in memory, and in a sorted one with a word index on a RAM disk.

    chdb_peer.py EVENTS.parquet META.json RESULT.json [memory] [mergetree]
"""
import atexit, json, shutil, tempfile
from chdb import session
from common import NAMES, SQL, THREADS, compare, filled

COLUMNS = ["id", "date", "kind", "actor", "actor_country", "target", "target_country", "region", "venue", "city", "tone",
           "sources", "topic", "summary"]
TYPES = {name: "LowCardinality(String)" for name in NAMES} | {
    "id": "UInt32", "date": "Date", "tone": "Float64", "sources": "UInt32", "topic": "Array(LowCardinality(String))",
    "summary": "String"}
WORDS = ", INDEX words lower(summary) TYPE text(tokenizer = splitByNonAlpha)"
TABLES = {"memory": ("", "Memory"), "mergetree": (WORDS, "MergeTree ORDER BY (kind, date)")}

PAIR = "(actor_country, target_country)"
EITHER = "FROM e WHERE kind IN ('visit', 'agreement')"
FOLLOWED = """(SELECT actor_country ac, target_country tc, date FROM e WHERE kind='visit') v
    ASOF JOIN (SELECT actor_country ac, target_country tc, date FROM e WHERE kind='agreement') a
    ON v.ac=a.ac AND v.tc=a.tc AND v.date < a.date WHERE a.date - v.date <= {q10_days}"""
# Two steps a day, agreements on the even ones, so that an agreement on the day of the visit does not follow it.
STEP = "toUInt32(toUInt16(date))*2 + (kind='visit')"

FORMS = SQL | {
    "Q3": ["SELECT toStartOfMonth(date) m, count() FROM e WHERE kind='meeting' GROUP BY m ORDER BY m"],
    "Q8": SQL["Q8"] + ["SELECT count() FROM e WHERE positionCaseInsensitive(summary, '{q8_word}') > 0",
                       "SELECT count() FROM e WHERE multiSearchAnyCaseInsensitive(summary, ['{q8_word}'])",
                       "SELECT count() FROM e WHERE hasTokenCaseInsensitive(summary, '{q8_word}')"],
    "Q9": ["SELECT toYear(date) y, count() FROM e WHERE has(topic, '{q9_topic}') GROUP BY y ORDER BY y"],
    "Q10": [f"SELECT count() FROM (SELECT windowFunnel({{q10_steps}})({STEP}, kind='visit', kind='agreement') reached "
            f"{EITHER} GROUP BY {PAIR}) WHERE reached = 2",
            f"SELECT sum(matched) FROM (SELECT sequenceMatch('(?1)(?t<={{q10_steps}})(?2)')(toDateTime({STEP}), kind='visit', "
            f"kind='agreement') matched {EITHER} GROUP BY {PAIR})",
            f"SELECT uniqExact((v.ac, v.tc)) FROM {FOLLOWED}",
            f"""SELECT uniqExact(pair) FROM (
                  SELECT pair, visit, date - lagInFrame(date) OVER w gap, lagInFrame(visit) OVER w visit_before
                  FROM (SELECT DISTINCT {PAIR} pair, date, kind='visit' visit {EITHER})
                  WINDOW w AS (PARTITION BY pair ORDER BY date, visit ROWS BETWEEN 1 PRECEDING AND CURRENT ROW))
                WHERE visit = 0 AND visit_before = 1 AND gap BETWEEN 1 AND {{q10_days}}"""],
    "Q10b": [f"SELECT count() FROM {FOLLOWED}", f"SELECT count() FROM {FOLLOWED} SETTINGS join_algorithm='full_sorting_merge'"],
    "Q11": ["SELECT count() FROM (SELECT date - lagInFrame(date, 1, date) OVER (PARTITION BY actor, target ORDER BY date "
            "ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) gap FROM e WHERE kind='meeting') WHERE gap > {q11_gap}",
            "SELECT sum(arrayCount(gap -> gap > {q11_gap}, arrayDifference(arraySort(days)))) FROM "
            "(SELECT groupArray(toInt32(date)) days FROM e WHERE kind='meeting' GROUP BY actor, target)"],
    "Q13": ["SELECT DISTINCT target FROM (" + SQL["Q13"][0] + ")", SQL["Q13"][1]],
}
INDEXED = {"Q8": FORMS["Q8"] + ["SELECT count() FROM e WHERE hasToken(lower(summary), '{q8_word}')"]}


def load(variant, events, meta):
    folder = tempfile.mkdtemp(prefix="side_by_side_", dir="/dev/shm")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    here = session.Session(folder)
    here.query("CREATE DATABASE b ENGINE=Atomic")
    here.query("USE b")
    here.query(f"SET max_threads={THREADS}, max_insert_threads={THREADS}, use_query_condition_cache=0")
    index, engine = TABLES[variant]
    here.query(f"CREATE TABLE e ({', '.join(f'{name} {TYPES[name]}' for name in COLUMNS)}{index}) ENGINE={engine}")
    here.query(f"INSERT INTO e SELECT {', '.join(COLUMNS)} FROM file('{events}', 'Parquet')")
    on_disk = 0
    if variant == "mergetree":
        here.query("OPTIMIZE TABLE e FINAL")
        on_disk = int(here.query("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table='e'", "TSV").bytes()) / 2**20

    def asks(form):
        return lambda: here.query(form, "JSONCompactEachRow").bytes()

    asked = filled(FORMS | (INDEXED if variant == "mergetree" else {}), meta | {"q10_steps": 2 * meta["q10_days"] - 1})
    return {question: [asks(form) for form in forms] for question, forms in asked.items()}, on_disk


def rows(lines):
    return [json.loads(line) for line in lines.splitlines()]


if __name__ == "__main__":
    compare("chdb", list(TABLES), load, rows)
