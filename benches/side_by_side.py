#!/usr/bin/env python3
"""The questions here and in five other engines, side by side in one run, and whether all answers agree.

    python3 benches/side_by_side.py [ROWS…] [--peers duckdb,polars]

It installs the peers into an environment of its own under target/, generates ROWS events (a million unless said), and asks
all the same, one after another: warm, in memory, on two processors. A peer is taken at its best, the fastest of its right
forms in the fastest of its variants. All that was measured stands in target/side-by-side/ROWS/.
"""
import argparse, json, os, pathlib, statistics, subprocess, sys
from peers.common import digest

HOME = pathlib.Path(__file__).resolve().parent
FOLDER = HOME.parent / "target" / "side-by-side"
PYTHON = FOLDER / "venv" / "bin" / "python"
PEERS = {  # its name, what is to be installed, the events that it loads
    "duckdb": ("DuckDB", ["duckdb"], "parquet"),
    "polars": ("Polars", ["polars"], "parquet"),
    "chdb": ("ClickHouse", ["chdb"], "parquet"),
    "datafusion": ("DataFusion", ["datafusion", "pyarrow"], "parquet"),
    "sqlite": ("SQLite", ["apsw"], "csv"),
}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("rows", nargs="*", type=int, default=[1_000_000])
    arguments.add_argument("--peers", type=lambda text: text.split(","), default=list(PEERS), help="of " + ", ".join(PEERS))
    arguments = arguments.parse_args()
    if unknown := set(arguments.peers) - set(PEERS):
        sys.exit(f"no such peer: {', '.join(unknown)}")
    run("cargo", "bench", "--no-run", "--bench", "questions", cwd=HOME.parent)
    run(sys.executable, "-m", "venv", FOLDER / "venv")
    run(PYTHON, "-m", "pip", "install", "--quiet", "numpy", "polars", "pyarrow")
    peers = [peer for peer in arguments.peers if installed(peer)]
    left_out = [f"{PEERS[peer][0]} could not be installed" for peer in arguments.peers if peer not in peers]
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    agree, times = True, {}
    for rows in arguments.rows:
        ours, theirs = measured(rows, peers)
        agree &= compared(rows, ours, theirs, left_out)
        times[rows] = {question: here["median_ms"] for question, here in ours["questions"].items()}
    growth(times)
    sys.exit(0 if agree else 1)


def installed(peer):
    return subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", *PEERS[peer][1]]).returncode == 0


def measured(rows, peers):
    """What we and what each of the peers wrote."""
    folder = FOLDER / str(rows)
    events, meta = folder / f"events_{rows}", folder / "meta.json"
    if not meta.exists():
        run(PYTHON, HOME / "peers" / "generate.py", "--rows", rows, "--out", folder, "--formats", "csv,parquet")
    ours, theirs = folder / "demarche.json", {}
    run("cargo", "bench", "--bench", "questions", "--", events.with_suffix(".csv"), meta, ours, cwd=HOME.parent)
    for peer in peers:
        name, _, format = PEERS[peer]
        result = folder / f"{peer}.json"
        result.unlink(missing_ok=True)
        print(f"\n{name}", flush=True)
        run(PYTHON, HOME / "peers" / f"{peer}_peer.py", events.with_suffix("." + format), meta, result, check=False)
        theirs[name] = json.load(open(result)) if result.exists() else {"version": "", "variants": {}}
    return json.load(open(ours)), theirs


def compared(rows, ours, theirs, left_out):
    """Prints the table and what is missing in it; whether all answers agree."""
    left_out, agree, ratios = list(left_out), True, []
    left_out += [f"{name} could not be started" for name, peer in theirs.items() if not peer["variants"]]
    left_out += [f"{name} {variant} {found['failure']}" for name, peer in theirs.items()
                 for variant, found in peer["variants"].items() if "failure" in found]
    print(f"\n## {rows:,} events, median milliseconds\n")
    table_head("question", "Démarche", *theirs, "fastest peer", "ratio", "answers")
    for question, here in ours["questions"].items():
        answer = [list(row.values()) for row in here["rows"]]
        right, cells, fastest, differ = digest(question, answer), [], [], []
        for name, peer in theirs.items():
            best = []
            for variant, found in peer["variants"].items():
                for form in found["questions"].get(question, []):
                    if "error" in form:
                        left_out.append(f"{name} {variant} {question}: {form['error']}")
                    elif form["digest"] != right:
                        differ.append(f"{name} {variant}")
                    else:
                        best.append((form["median_ms"], f"{name} {variant}"))
            fastest += [min(best)] if best else []
            cells.append(f"{min(best)[0]:.3f}" if best else "–")
        if fastest:
            ratios.append(here["median_ms"] / min(fastest)[0])
        agree &= not differ
        told = "differ: " + ", ".join(dict.fromkeys(differ)) if differ else "agree" if fastest else "–"
        table_row(question, f"{here['median_ms']:.3f}", *cells, min(fastest)[1] if fastest else "–",
                  f"{ratios[-1]:.3f}" if fastest else "–", told if answer else told + ", no rows")
    if ratios:
        table_row("geometric mean", *("" for _ in range(len(theirs) + 2)), f"{statistics.geometric_mean(ratios):.3f}", "")
    print("\nMemory, in MB: before the events are loaded, and at rest after all questions\n")
    table_head("", "before", "at rest")
    table_row("Démarche", *megabytes(ours))
    for name, peer in theirs.items():
        for variant, found in peer["variants"].items():
            table_row(f"{name} {peer['version']} {variant}", *megabytes(found))
    if left_out:
        print("\nLeft out:\n\n" + "\n".join(f"- {' '.join(one.split())}" for one in left_out))
    return agree


def growth(times):
    """How many times more each of our questions costs with more events."""
    steps = list(zip(times, list(times)[1:]))
    if steps:
        print("\n## How many times longer each question takes here\n")
        table_head("question", *(f"{few:,} to {many:,}" for few, many in steps))
        for question in times[steps[0][0]]:
            table_row(question, *(f"{times[many][question] / times[few][question]:.1f}" for few, many in steps))


def megabytes(found):
    return [f"{found[name]:.0f}" if found.get(name) else "–" for name in ("before_mb", "rest_mb")]


def table_head(first, *others):
    table_row(first, *others)
    table_row("---", *("---:" if other not in ("answers", "fastest peer") else "---" for other in others))


def table_row(*cells):
    print("| " + " | ".join(cells) + " |")


def run(*command, check=True, **options):
    subprocess.run([str(part) for part in command], check=check, **options)


if __name__ == "__main__":
    main()
