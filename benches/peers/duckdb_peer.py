#!/usr/bin/env python3
"""The questions in DuckDB, in memory: with texts as they are, and with names as enumerations.

    duckdb_peer.py EVENTS.parquet META.json RESULT.json [plain] [enum]
"""
import duckdb
from common import NAMES, SQL, THREADS, compare, filled

AGREEMENTS = "SELECT {} actor_country ac, target_country tc, date FROM e WHERE kind='agreement'"
VISITS = "SELECT {} actor_country ac, target_country tc, date FROM e WHERE kind='visit'"
FOLLOWED = "v ASOF JOIN a ON v.ac=a.ac AND v.tc=a.tc AND v.date < a.date WHERE a.date - v.date <= {q10_days}"

FORMS = SQL | {
    "Q3": ["SELECT date_trunc('month', date) m, count(*) FROM e WHERE kind='meeting' GROUP BY m ORDER BY m",
           "SELECT date_trunc('month', date) m, sum(n)::BIGINT FROM "
           "(SELECT date, count(*) n FROM e WHERE kind='meeting' GROUP BY date) GROUP BY m ORDER BY m"],
    "Q8": SQL["Q8"] + ["SELECT count(*) FROM e WHERE contains(lower(summary), '{q8_word}')",
                       "SELECT count(*) FROM e WHERE regexp_matches(summary, '{q8_word}', 'i')"],
    "Q9": ["SELECT year(date) y, count(*) FROM e WHERE list_contains(topic, '{q9_topic}') GROUP BY y ORDER BY y"],
    "Q10": ["WITH a AS (" + AGREEMENTS.format("DISTINCT") + "), v AS (" + VISITS.format("DISTINCT") + ") "
            "SELECT count(DISTINCT (v.ac, v.tc)) FROM " + FOLLOWED,
            "WITH a AS (" + AGREEMENTS.format("") + "), v AS (" + VISITS.format("") + ") "
            "SELECT count(*) FROM (SELECT DISTINCT v.ac, v.tc FROM " + FOLLOWED + ")",
            """SELECT count(*) FROM (SELECT ac, tc FROM (
                 SELECT ac, tc, date, visit, lag(date) OVER w before, lag(visit) OVER w visit_before FROM (
                   SELECT DISTINCT actor_country ac, target_country tc, date, kind='visit' AS visit
                   FROM e WHERE kind IN ('visit', 'agreement'))
                 WINDOW w AS (PARTITION BY ac, tc ORDER BY date, visit))
               WHERE NOT visit AND visit_before AND date - before BETWEEN 1 AND {q10_days} GROUP BY ac, tc)"""],
    "Q10b": ["WITH a AS (" + AGREEMENTS.format("") + "), v AS (" + VISITS.format("") + ") SELECT count(*) FROM " + FOLLOWED,
             "WITH a AS (" + AGREEMENTS.format("DISTINCT") + "), v AS (" + VISITS.format("count(*) c,") + " GROUP BY ALL) "
             "SELECT sum(c)::BIGINT FROM " + FOLLOWED],
    "Q11": ["SELECT count(*) FROM (SELECT date - lag(date) OVER (PARTITION BY actor, target ORDER BY date) gap "
            "FROM e WHERE kind='meeting') WHERE gap > {q11_gap}"],
}


def load(variant, events, meta):
    connection = duckdb.connect(":memory:")
    connection.execute(f"SET threads={THREADS}; SET enable_progress_bar=false")
    columns = "*"
    if variant == "enum":
        for name in NAMES:
            connection.execute(f"CREATE TYPE t_{name} AS ENUM (SELECT DISTINCT {name} FROM read_parquet('{events}') ORDER BY 1)")
        columns = "* REPLACE (" + ", ".join(f"{name}::t_{name} AS {name}" for name in NAMES) + ")"
    connection.execute(f"CREATE TABLE e AS SELECT {columns} FROM read_parquet('{events}')")

    def asks(form):
        return lambda: connection.execute(form).fetchall()

    return {question: [asks(form) for form in forms] for question, forms in filled(FORMS, meta).items()}, 0


if __name__ == "__main__":
    compare("duckdb", ["plain", "enum"], load)
