#!/usr/bin/env python3
"""The questions here and in DuckDB, side by side in one run, and whether the answers agree.

    python3 benches/side_by_side.py [ROWS]

It installs DuckDB and what generates the events into an environment of its own under target/, generates ROWS events (a
million unless said), and prints a table. Both are asked the same, warm, in memory, on the same machine; DuckDB has two
threads. Its fastest form counts: `plain` with texts as they are, `enum` with the eight columns of names as enumerations.
"""
import json, pathlib, subprocess, sys

HOME = pathlib.Path(__file__).resolve().parent
FOLDER = HOME.parent / "target" / "side-by-side"
PACKAGES = ["duckdb", "pyarrow", "numpy", "polars"]


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    python = FOLDER / "venv" / "bin" / "python"
    if not python.exists():
        run(sys.executable, "-m", "venv", FOLDER / "venv")
        run(python, "-m", "pip", "install", "--quiet", *PACKAGES)
    events, meta = FOLDER / f"events_{rows}", FOLDER / "meta.json"
    if not events.with_suffix(".jsonl").exists():
        run(python, HOME / "peers" / "generate.py", "--rows", str(rows), "--out", FOLDER, "--formats", "jsonl,parquet")
    ours, theirs = FOLDER / "demarche.json", FOLDER / "duckdb.json"
    run("cargo", "bench", "--bench", "questions", "--", events.with_suffix(".jsonl"), meta, ours, cwd=HOME.parent)
    run(python, HOME / "peers" / "duckdb_peer.py", events.with_suffix(".parquet"), meta, theirs)
    ours, theirs = json.load(open(ours))["questions"], json.load(open(theirs))
    print(f"\n{rows:,} events, median milliseconds\n")
    print(f"| {'':4} | {'Démarche':>9} | {'DuckDB':>9} | {'enum':>9} | ratio to the faster | answers |")
    print("| ---- | --------: | --------: | --------: | ------------------: | ------- |")
    agree = True
    for question, here in ours.items():
        there = theirs[question]
        plain, enum = there["plain"]["median_ms"], there["enum"]["median_ms"]
        ratio = here["median_ms"] / min(plain, enum)
        same = canonical(question, [list(row.values()) for row in here["rows"]]) == canonical(question, there["plain"]["rows"])
        agree &= same
        print(f"| {question:4} | {here['median_ms']:9.2f} | {plain:9.2f} | {enum:9.2f} | {ratio:19.2f} | {'agree' if same else 'DIFFER'} |")
    sys.exit(0 if agree else 1)


def canonical(question, rows):
    """Months as YYYY-MM, years as numbers, floats to two digits; of Q2 and Q7 the ids. Rows of Q5 and names of Q13 are put in one
    order: Q5 asks for none, and text is ordered without diacritics here, by bytes there."""
    if question in ("Q2", "Q7"):
        return [int(row[0]) for row in rows]
    if question == "Q3":
        return [(str(row[0])[:7], row[1]) for row in rows]
    if question == "Q5":
        return sorted(tuple(row) for row in rows)
    if question == "Q9":
        return [(int(str(row[0])[:4]), row[1]) for row in rows]
    if question == "Q13":
        return sorted(row[0] for row in rows)
    return [tuple(round(value, 2) if isinstance(value, float) else value for value in row) for row in rows]


def run(*command, **options):
    subprocess.run([str(part) for part in command], check=True, **options)


main()
