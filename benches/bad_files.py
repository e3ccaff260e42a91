#!/usr/bin/env python3
"""Large files that something is wrong with, opened with the program, and whether it says what is wrong and loses nothing.

    python3 benches/bad_files.py [ROWS]

ROWS is ten million unless said. The files are made under target/bad-files/ and removed one by one.
"""
import gzip, os, pathlib, re, shutil, signal, subprocess, sys, time

HOME = pathlib.Path(__file__).resolve().parent.parent
FOLDER = HOME / "target" / "bad-files"
PROGRAM = HOME / "target" / "release" / "demarche"
ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
HEADER = "date,kind,who,n\n"
BAD = "2024-01-02,meeting,one,1,too many\n"
LONG = 200_000_000


def main():
    subprocess.run(["cargo", "build", "--release"], cwd=HOME, check=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    results = [(case.__name__.replace("_", " "), *attempt(case)) for case in CASES]
    shutil.rmtree(FOLDER)
    for name, failure, seconds in results:
        print(f"{name:40} {'ok' if failure is None else failure}  {seconds:.1f} s")
    sys.exit(any(failure is not None for _, failure, _ in results))


def attempt(case):
    start = time.time()
    try:
        case()
        failure = None
    except AssertionError as error:
        failure = str(error) or "is not as it should be"
    for file in FOLDER.iterdir():
        file.unlink()
    return failure, time.time() - start


def rows(count):
    """So many rows that are right, in some large texts."""
    some = "".join(f"2024-{1 + row % 12:02}-{1 + row % 28:02},meeting,leader {row % 1000},{row}\n" for row in range(100_000))
    for _ in range(count // 100_000):
        yield some


def write(name, *parts):
    path = FOLDER / name
    with open(path, "w") as file:
        for part in parts:
            file.writelines([part] if isinstance(part, str) else part)
    return path


def asked(path, *arguments, query="events | count"):
    command = [PROGRAM, "--color", "never", "--data", path, *arguments, "ask", query]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def holds(what, text):
    assert what in text, f"no {what!r} in {text[:500]!r}"


def bad_rows_at_start_middle_and_end():
    half = ROWS // 2 // 100_000 * 100_000
    path = write("rows.csv", HEADER, BAD, rows(half), BAD, rows(half), BAD)
    code, answer, told = asked(path)
    assert (code, answer) == (2, "")
    for line in (2, half + 3, 2 * half + 4):
        holds(f"rows.csv:{line}:", told)
    code, answer, told = asked(path, "--on-error", "skip")
    assert code == 0
    holds(str(2 * half), answer.replace(",", ""))
    holds("3 rows", told)


def a_cut_gzip():
    path = FOLDER / "cut.csv.gz"
    with gzip.open(path, "wt", compresslevel=1) as file:
        file.write(HEADER)
        file.writelines(rows(ROWS))
    with open(path, "r+b") as file:
        file.truncate(path.stat().st_size * 2 // 3)
    code, answer, told = asked(path)
    assert (code, answer) == (2, "")
    holds("ends too early", told)
    holds("nothing of it was read", told)


def a_header_alone():
    code, answer, told = asked(write("header.csv", HEADER))
    assert (code, answer) == (2, "")
    holds("no rows", told)


def a_line_of_200_megabytes():
    path = write("line.csv", HEADER, "2024-01-01,meeting,", "x" * LONG, ",1\n", rows(100_000))
    code, answer, _ = asked(path, query="events | summarize n = count(), longest = max(length(who))")
    assert code == 0
    holds(str(LONG), answer.replace(",", ""))
    code, answer, told = asked(write("open.csv", HEADER, "2024-01-01,meeting,\"", "x" * LONG, "\n"))
    assert (code, answer) == (2, "") and len(told) < 2000
    holds("the quote is not closed", told)
    code, answer, told = asked(write("line.jsonl", '{"date": "2024-01-01", "who": "', "x" * LONG, '\n'))
    assert (code, answer) == (2, "") and len(told) < 2000
    holds("not JSON", told)


def a_text_in_the_last_row_of_a_column_of_numbers():
    path = write("mixed.csv", HEADER, rows(ROWS), "2024-12-31,meeting,last,n/a\n")
    code, answer, _ = asked(path, query='events where n = "n/a" | select who')
    assert code == 0
    holds("last", answer)
    done = subprocess.run([PROGRAM, "--color", "never", "describe", path], capture_output=True, text=True)
    holds("is not a whole number", re.sub(r"\s+", " ", done.stdout))


def an_interrupt_while_it_is_read():
    path = write("long.csv", HEADER, rows(ROWS))
    before = set(FOLDER.iterdir())
    process = subprocess.Popen([PROGRAM, "--data", path, "ask", "events | count"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    start = time.time()
    answer, told = process.communicate()
    assert (process.returncode, answer) == (2, "")
    holds("stopped while it was read", told)
    assert time.time() - start < 2, "it took long to stop"
    assert set(FOLDER.iterdir()) == before, "it left something behind"


CASES = [bad_rows_at_start_middle_and_end, a_cut_gzip, a_header_alone, a_line_of_200_megabytes,
         a_text_in_the_last_row_of_a_column_of_numbers, an_interrupt_while_it_is_read]

if __name__ == "__main__":
    main()
