#!/usr/bin/env python3
"""The questions in Polars, lazy, in both its engines: with texts as they are, and with names as categories.

    polars_peer.py EVENTS.parquet META.json RESULT.json [string] [categorical]
"""
import datetime, functools, os
from common import NAMES, THREADS, compare

os.environ["POLARS_MAX_THREADS"] = str(THREADS)
import polars as pl
from polars import col

PAIR = ["actor_country", "target_country"]
MEETING = col("kind") == "meeting"


def forms(e, meta):
    def texts(*names):
        """Categories are ordered as the texts that they are."""
        return [col(name).cast(pl.String) for name in names]

    def most(frame, count, *names):
        return frame.with_columns(*texts(*names)).sort([count, *names], descending=[True, *(False for _ in names)])

    def followed(distinct):
        visits = e.filter(col("kind") == "visit").select(*PAIR, "date")
        agreements = e.filter(col("kind") == "agreement").select(*PAIR, "date")
        if distinct:
            visits, agreements = visits.unique(), agreements.unique()
        agreements = agreements.with_columns(col("date").alias("agreed")).sort("date")
        return visits.sort("date").join_asof(
            agreements, on="date", by=PAIR, strategy="forward", tolerance=f"{meta['q10_days']}d", allow_exact_matches=False,
            check_sortedness=False).filter(col("agreed").is_not_null())

    def same(*names):
        return pl.all_horizontal(*(col(name) == col(name).shift(1) for name in names))

    def gap():
        return (col("date") - col("date").shift(1)).dt.total_days()

    latest = e.filter((col("kind") == meta["q2_kind"]) & (col("actor_country") == meta["q2_country"])).select(
        "id", "date", "actor", "target", "city", "summary")
    first, last = (datetime.date.fromisoformat(meta[name]) for name in ("q7_from", "q7_to"))
    month, year = col("date").dt.truncate("1mo"), col("date").dt.year()
    summary, word = col("summary"), meta["q8_word"]
    pairs = e.group_by("actor", "target")
    changes = e.filter(col("kind").is_in(["visit", "agreement"])).select(*PAIR, "date", visit=col("kind") == "visit")
    meetings = e.filter(MEETING).select("actor", "target", "date")
    met = [e.filter(MEETING & (col("actor") == meta[name])).select("target").unique() for name in ("q13_x", "q13_y")]
    return {
        "Q1": [e.filter(MEETING & (col("region") == "Africa") & (col("venue") == "abroad")).select(pl.len())],
        "Q2": [latest.top_k(20, by=["date", "id"]).sort("date", "id", descending=True),
               latest.sort("date", "id", descending=True).head(20)],
        "Q3": [e.filter(MEETING).group_by(month).agg(pl.len()).sort("date"),
               e.filter(MEETING).group_by("date").agg(pl.len()).group_by(month).agg(col("len").sum()).sort("date")],
        "Q4": [most(e.group_by("actor_country").agg(pl.len(), col("tone").mean()), "len", "actor_country").head(10)],
        "Q5": [e.group_by("kind", "region").agg(pl.len()).with_columns(*texts("kind", "region"))],
        "Q6": [most(e.group_by("actor").agg(col("target").n_unique()), "target", "actor").head(10),
               most(pairs.agg().group_by("actor").agg(pl.len()), "len", "actor").head(10)],
        "Q7": [e.filter((col("actor") == meta["q7_leader"]) & col("date").is_between(first, last)).sort("date", "id")],
        "Q8": [e.filter(found).select(pl.len()) for found in (
            summary.str.contains("(?i)" + word), summary.str.to_lowercase().str.contains(word, literal=True),
            summary.str.contains_any([word], ascii_case_insensitive=True))],
        "Q9": [e.filter(col("topic").list.contains(meta["q9_topic"])).group_by(year).agg(pl.len()).sort("date"),
               e.select("date", "topic").explode("topic").filter(col("topic") == meta["q9_topic"])
                .group_by(year).agg(pl.len()).sort("date")],
        "Q10": [followed(False).select(pl.struct(PAIR).n_unique()), followed(True).select(pl.struct(PAIR).n_unique()),
                changes.unique().sort(*PAIR, "date", "visit").filter(
                    ~col("visit") & col("visit").shift(1) & same(*PAIR) & gap().is_between(1, meta["q10_days"]))
                .select(pl.struct(PAIR).n_unique())],
        "Q10b": [followed(False).select(pl.len())],
        "Q11": [meetings.sort("actor", "target", "date").filter(same("actor", "target") & (gap() > meta["q11_gap"]))
                .select(pl.len()),
                meetings.sort("date").group_by("actor", "target")
                .agg((col("date").diff().dt.total_days() > meta["q11_gap"]).sum().alias("long")).select(col("long").sum())],
        "Q12": [most(pairs.agg(pl.len()).filter(col("len") >= col("len").top_k(20).min()), "len", "actor", "target").head(20)],
        "Q13": [met[0].join(met[1], on="target", how="semi").with_columns(*texts("target")).sort("target"),
                e.filter(MEETING & col("actor").is_in([meta["q13_x"], meta["q13_y"]])).group_by("target")
                .agg(col("actor").n_unique()).filter(col("actor") == 2).select(*texts("target")).sort("target")],
    }


def load(variant, events, meta):
    frame = pl.read_parquet(events)
    if variant == "categorical":
        frame = frame.with_columns(*(col(name).cast(pl.Categorical) for name in NAMES))
    asked = forms(frame.rechunk().lazy(), meta)
    engines = "streaming", "in-memory"
    return {question: [functools.partial(form.collect, engine=engine) for form in lazy for engine in engines]
            for question, lazy in asked.items()}, 0


if __name__ == "__main__":
    compare("polars", ["string", "categorical"], load, pl.DataFrame.rows)
