#!/usr/bin/env python3
"""The questions in DuckDB, each in every good form; the fastest counts.   duckdb_peer.py EVENTS.parquet META.json RESULT.json"""
import json, statistics, sys, time
import duckdb

FORMS = {
    "Q1": ["SELECT count(*) FROM e WHERE kind='meeting' AND region='Africa' AND venue='abroad'"],
    "Q2": ["SELECT id, date, actor, target, city, summary FROM e WHERE kind='{q2_kind}' AND actor_country='{q2_country}' ORDER BY date DESC, id DESC LIMIT 20"],
    "Q3": ["SELECT date_trunc('month', date) m, count(*) n FROM e WHERE kind='meeting' GROUP BY m ORDER BY m",
           "SELECT date_trunc('month', date) m, sum(n)::BIGINT n FROM (SELECT date, count(*) n FROM e WHERE kind='meeting' GROUP BY date) GROUP BY m ORDER BY m"],
    "Q4": ["SELECT actor_country, count(*) n, avg(tone) FROM e GROUP BY actor_country ORDER BY n DESC, actor_country LIMIT 10"],
    "Q5": ["SELECT kind, region, count(*) n FROM e GROUP BY kind, region"],
    "Q6": ["SELECT actor, count(DISTINCT target) n FROM e GROUP BY actor ORDER BY n DESC, actor LIMIT 10",
           "SELECT actor, count(*) n FROM (SELECT actor, target FROM e GROUP BY actor, target) GROUP BY actor ORDER BY n DESC, actor LIMIT 10"],
    "Q7": ["SELECT * FROM e WHERE actor='{q7_leader}' AND date BETWEEN DATE '{q7_from}' AND DATE '{q7_to}' ORDER BY date, id"],
    "Q8": ["SELECT count(*) FROM e WHERE summary ILIKE '%{q8_word}%'",
           "SELECT count(*) FROM e WHERE contains(lower(summary), '{q8_word}')",
           "SELECT count(*) FROM e WHERE regexp_matches(summary, '{q8_word}', 'i')"],
    "Q9": ["SELECT year(date) y, count(*) n FROM e WHERE list_contains(topic, '{q9_topic}') GROUP BY y ORDER BY y"],
    "Q10": ["WITH a AS (SELECT DISTINCT actor_country ac, target_country tc, date FROM e WHERE kind='agreement'), v AS (SELECT DISTINCT actor_country ac, target_country tc, date FROM e WHERE kind='visit') "
            "SELECT count(DISTINCT (v.ac, v.tc)) FROM v ASOF JOIN a ON v.ac=a.ac AND v.tc=a.tc AND v.date < a.date WHERE a.date - v.date <= 30"],
    "Q10b": ["WITH a AS (SELECT actor_country ac, target_country tc, date FROM e WHERE kind='agreement'), v AS (SELECT actor_country ac, target_country tc, date FROM e WHERE kind='visit') "
             "SELECT count(*) FROM v ASOF JOIN a ON v.ac=a.ac AND v.tc=a.tc AND v.date < a.date WHERE a.date - v.date <= 30"],
    "Q11": ["SELECT count(*) FROM (SELECT date - lag(date) OVER (PARTITION BY actor, target ORDER BY date) gap FROM e WHERE kind='meeting') WHERE gap > {q11_gap}"],
    "Q12": ["SELECT actor, target, count(*) n FROM e GROUP BY actor, target ORDER BY n DESC, actor, target LIMIT 20"],
    "Q13": ["SELECT target FROM e WHERE kind='meeting' AND actor='{q13_x}' INTERSECT SELECT target FROM e WHERE kind='meeting' AND actor='{q13_y}' ORDER BY 1",
            "SELECT target FROM e WHERE kind='meeting' AND actor IN ('{q13_x}','{q13_y}') GROUP BY target HAVING count(DISTINCT actor)=2 ORDER BY 1"],
}
NAMES = ["kind", "region", "venue", "actor_country", "target_country", "actor", "target", "city"]


def main():
    events, meta, result = sys.argv[1:]
    meta = {k: v for k, v in json.load(open(meta)).items() if not isinstance(v, list)}
    results = {}
    for variant in ("plain", "enum"):
        connection = duckdb.connect(":memory:")
        connection.execute("SET threads=2; SET enable_progress_bar=false")
        columns = "*"
        if variant == "enum":
            for name in NAMES:
                connection.execute(f"CREATE TYPE t_{name} AS ENUM (SELECT DISTINCT {name} FROM read_parquet('{events}') ORDER BY 1)")
            columns = "* REPLACE (" + ", ".join(f"{name}::t_{name} AS {name}" for name in NAMES) + ")"
        connection.execute(f"CREATE TABLE e AS SELECT {columns} FROM read_parquet('{events}')")
        for question, forms in FORMS.items():
            best = min((timed(connection, form.format(**meta)) for form in forms), key=lambda timing: timing["median_ms"])
            results.setdefault(question, {})[variant] = best
            print(f"{variant:6} {question:4} {best['median_ms']:10.3f} ms", flush=True)
    json.dump(results, open(result, "w"), default=str, ensure_ascii=False)


def timed(connection, query, fewest=9, seconds=1.5):
    rows, times, started = connection.execute(query).fetchall(), [], time.perf_counter()
    while len(times) < fewest or time.perf_counter() - started < seconds:
        start = time.perf_counter()
        connection.execute(query).fetchall()
        times.append((time.perf_counter() - start) * 1e3)
    return dict(median_ms=statistics.median(times), min_ms=min(times), rows=rows)


main()
