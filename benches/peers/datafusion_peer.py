#!/usr/bin/env python3
"""The questions in DataFusion, in memory: with texts as views, and with names as dictionaries.

    datafusion_peer.py EVENTS.parquet META.json RESULT.json [view] [dictionary]
"""
import pyarrow.parquet
from datafusion import SessionConfig, SessionContext
from common import NAMES, SQL, THREADS, compare, filled

DAYS = "CAST(CAST(date AS INT) AS BIGINT)"
EITHER = "FROM e WHERE kind IN ('visit', 'agreement')"
FOLLOWED = f"""(SELECT kind, ac, tc, min(CASE WHEN kind='agreement' THEN day END) OVER (
    PARTITION BY ac, tc ORDER BY day RANGE BETWEEN 1 FOLLOWING AND {{q10_days}} FOLLOWING) agreed
    FROM (SELECT kind, actor_country ac, target_country tc, {DAYS} day {EITHER}) t) u
    WHERE kind='visit' AND agreed IS NOT NULL"""

FORMS = SQL | {
    "Q3": ["SELECT date_trunc('month', date) m, count(*) FROM e WHERE kind='meeting' GROUP BY m ORDER BY m",
           "SELECT date_trunc('month', date) m, sum(n) FROM "
           "(SELECT date, count(*) n FROM e WHERE kind='meeting' GROUP BY date) t GROUP BY m ORDER BY m"],
    "Q8": SQL["Q8"] + ["SELECT count(*) FROM e WHERE contains(lower(summary), '{q8_word}')",
                       "SELECT count(*) FROM e WHERE summary ~* '{q8_word}'"],
    "Q9": ["SELECT date_part('year', date) y, count(*) FROM e WHERE array_has(topic, '{q9_topic}') GROUP BY y ORDER BY y"],
    "Q10": [f"""SELECT count(*) FROM (SELECT DISTINCT ac, tc FROM (
                  SELECT ac, tc, day, visit, lag(day) OVER w before, lag(visit) OVER w visit_before FROM (
                    SELECT DISTINCT actor_country ac, target_country tc, {DAYS} day,
                      CASE WHEN kind='visit' THEN 1 ELSE 0 END visit {EITHER}) t
                  WINDOW w AS (PARTITION BY ac, tc ORDER BY day, visit)) u
                WHERE visit = 0 AND visit_before = 1 AND day - before BETWEEN 1 AND {{q10_days}})""",
            f"SELECT count(*) FROM (SELECT DISTINCT ac, tc FROM {FOLLOWED})"],
    "Q10b": [f"SELECT count(*) FROM {FOLLOWED}"],
    "Q11": ["SELECT count(*) FROM (SELECT day - lag(day) OVER (PARTITION BY actor, target ORDER BY day) gap FROM "
            "(SELECT actor, target, CAST(date AS INT) day FROM e WHERE kind='meeting') t) u WHERE gap > {q11_gap}"],
}


def load(variant, events, meta):
    context = SessionContext(SessionConfig().with_target_partitions(THREADS))
    if variant == "view":
        context.register_parquet("file", events)
        context.sql("CREATE TABLE e AS SELECT * FROM file").collect()
    else:
        table = pyarrow.parquet.read_table(events, read_dictionary=NAMES).unify_dictionaries()
        batches = table.to_batches(max_chunksize=8192)
        share = -(-len(batches) // THREADS)
        context.register_record_batches("e", [batches[at:at + share] for at in range(0, len(batches), share)])

    def asks(form):
        return lambda: context.sql(form).collect()

    return {question: [asks(form) for form in forms] for question, forms in filled(FORMS, meta).items()}, 0


def rows(batches):
    return [tuple(row.values()) for batch in batches for row in batch.to_pylist()]


if __name__ == "__main__":
    compare("datafusion", ["view", "dictionary"], load, rows)
