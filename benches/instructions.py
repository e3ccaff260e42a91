#!/usr/bin/env python3
"""How many instructions the things of instructions.rs take, beside how many they took when instructions.json was written.

    python3 benches/instructions.py [--bless] [NAME…]

It counts with valgrind, on one processor and in an empty environment, so that each run counts the same. It fails if
anything takes more than one percent more; --bless writes the counts of now. Counts of another compiler or processor
differ: to compare there, bless before the change. What `callgrind_annotate` shows stands in target/instructions/.
"""
import argparse, json, os, pathlib, re, subprocess, sys

HOME = pathlib.Path(__file__).resolve().parent
COUNTS = HOME / "instructions.json"
FOLDER = HOME.parent / "target" / "instructions"
TOLERANCE = 0.01


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("names", metavar="NAME", nargs="*", help="only these")
    arguments.add_argument("--bless", action="store_true", help="write the counts of now")
    arguments = arguments.parse_args()
    program, made_with = built(), compiler()
    known = subprocess.run([program], capture_output=True, text=True, check=True).stdout.split()
    if unknown := set(arguments.names) - set(known):
        sys.exit(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(known)}")
    then = json.loads(COUNTS.read_text()) if COUNTS.exists() else {"counts": {}}
    counts, more = dict(then["counts"]), []
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(f"{'':12}{'then':>16}{'now':>16}{'ratio':>9}")
    for name in arguments.names or known:
        before, now = counts.get(name), counted(program, name)
        ratio = now / before if before else 1
        print(f"{name:12}{before or 0:16,}{now:16,}{ratio:9.4f}", flush=True)
        counts[name] = now
        more += [name] if ratio > 1 + TOLERANCE else []
    if arguments.bless:
        counts = {name: counts[name] for name in known if name in counts}
        COUNTS.write_text(json.dumps({**made_with, "counts": counts}, indent=2) + "\n")
        return
    for what, now in made_with.items():
        if then.get(what) != now:
            print(f"the counts then were made with {what} {then.get(what)}, those of now with {now}")
    if more:
        sys.exit(f"more instructions than then: {', '.join(more)}")


def built():
    """The path of the program."""
    command = ["cargo", "bench", "--no-run", "--bench", "instructions", "--message-format", "json-render-diagnostics"]
    out = subprocess.run(command, cwd=HOME.parent, stdout=subprocess.PIPE, text=True, check=True).stdout
    made = [json.loads(line) for line in out.splitlines()]
    return next(one["executable"] for one in made if one.get("target", {}).get("name") == "instructions")


def compiler():
    """The version and the target of the compiler."""
    told = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout
    return {"rustc": re.search("release: (.*)", told)[1], "target": re.search("host: (.*)", told)[1]}


def counted(program, name):
    """The instructions that a benchmark takes, those of `measured` alone."""
    command = ["valgrind", "--tool=callgrind", "--collect-atstart=no", "--toggle-collect=*measured*",
               f"--callgrind-out-file={FOLDER / name}", program, name]
    one = {min(os.sched_getaffinity(0))}
    run = subprocess.run(command, capture_output=True, text=True, env={"PATH": os.environ["PATH"]},
                         preexec_fn=lambda: os.sched_setaffinity(0, one))
    collected = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or not collected or collected[1] == "0":
        sys.exit(f"{name} could not be counted:\n{run.stdout}{run.stderr}")
    return int(collected[1])


if __name__ == "__main__":
    main()
