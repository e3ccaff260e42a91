"""What the peers share: two threads, timing, answers that can be compared, memory at rest, and SQL that all understand."""
import gc, hashlib, importlib.metadata, json, multiprocessing, os, statistics, sys, time

THREADS = 2
NAMES = ["kind", "region", "venue", "actor_country", "target_country", "actor", "target", "city"]

# What DuckDB, ClickHouse, DataFusion and SQLite are asked in the same words; each adds to it, or says it in its own.
SQL = {
    "Q1": ["SELECT count(*) FROM e WHERE kind='meeting' AND region='Africa' AND venue='abroad'"],
    "Q2": ["SELECT id, date, actor, target, city, summary FROM e WHERE kind='{q2_kind}' AND actor_country='{q2_country}' "
           "ORDER BY date DESC, id DESC LIMIT 20"],
    "Q4": ["SELECT actor_country, count(*) n, avg(tone) FROM e GROUP BY actor_country ORDER BY n DESC, actor_country LIMIT 10"],
    "Q5": ["SELECT kind, region, count(*) FROM e GROUP BY kind, region"],
    "Q6": ["SELECT actor, count(DISTINCT target) n FROM e GROUP BY actor ORDER BY n DESC, actor LIMIT 10",
           "SELECT actor, count(*) n FROM (SELECT actor, target FROM e GROUP BY actor, target) t "
           "GROUP BY actor ORDER BY n DESC, actor LIMIT 10"],
    "Q7": ["SELECT * FROM e WHERE actor='{q7_leader}' AND date BETWEEN '{q7_from}' AND '{q7_to}' ORDER BY date, id"],
    "Q8": ["SELECT count(*) FROM e WHERE summary ILIKE '%{q8_word}%'"],
    "Q12": ["SELECT actor, target, count(*) n FROM e GROUP BY actor, target ORDER BY n DESC, actor, target LIMIT 20"],
    "Q13": ["SELECT target FROM e WHERE kind='meeting' AND actor='{q13_x}' INTERSECT "
            "SELECT target FROM e WHERE kind='meeting' AND actor='{q13_y}'",
            "SELECT target FROM e WHERE kind='meeting' AND actor IN ('{q13_x}','{q13_y}') "
            "GROUP BY target HAVING count(DISTINCT actor)=2 ORDER BY target"],
}


def compare(package, variants, load, rows=list):
    """Asks a peer all questions, in each of its variants, and writes what was found to the file RESULT.

    `load(variant, events, meta)` gives the forms of each question, all functions without arguments, and what the variant
    keeps outside its process, in megabytes. `rows` makes rows of what a form gives, and is not timed."""
    events, meta, result, *chosen = sys.argv[1:]
    meta = {name: value for name, value in json.load(open(meta)).items() if not isinstance(value, list)}
    found = {"version": importlib.metadata.version(package), "variants": {}}
    write(result, found)
    for variant in chosen or variants:
        # In a process of its own, so that its memory is its own, and the others go on if it fails.
        process = multiprocessing.get_context("spawn").Process(target=ask_all, args=(variant, events, meta, result, load, rows))
        process.start()
        process.join()
        if process.exitcode != 0:
            found = json.load(open(result))
            found["variants"].setdefault(variant, {"questions": {}})["failure"] = f"ended with {process.exitcode}"
            write(result, found)


def ask_all(variant, events, meta, result, load, rows):
    found = json.load(open(result))
    here = found["variants"][variant] = {"before_mb": resident_mb(), "questions": {}}
    started = time.perf_counter()
    forms, outside_mb = load(variant, events, meta)
    here["load_s"] = time.perf_counter() - started
    for question, asks in forms.items():
        here["questions"][question] = [timed(question, ask, rows) for ask in asks]
        here["rest_mb"] = resident_mb() + outside_mb
        write(result, found)
        told = ", ".join(one.get("error") or f"{one['median_ms']:.2f} ms {one['digest']}" for one in here["questions"][question])
        print(f"{variant:11} {question:4} {told}", flush=True)


def timed(question, ask, rows, fewest=9, seconds=0.5):
    """The answer's digest and how long a form takes, warm: nine times and half a second at least, three times if slow, and
    no second time if that would take long."""
    try:
        start = time.perf_counter()
        answer = rows(ask())
        times, started = [], time.perf_counter()
        if started - start > 1:
            fewest = 3
        if started - start > 10:
            times, fewest, seconds = [(started - start) * 1e3], 1, 0
        while len(times) < fewest or time.perf_counter() - started < seconds:
            start = time.perf_counter()
            ask()
            times.append((time.perf_counter() - start) * 1e3)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:300]}
    return {"median_ms": statistics.median(times), "min_ms": min(times), "digest": digest(question, answer), "first": answer[:1]}


def digest(question, rows):
    return hashlib.sha1(json.dumps(canonical(question, rows), ensure_ascii=False).encode()).hexdigest()[:10]


def canonical(question, rows):
    """Months as YYYY-MM, years as numbers, floats to two digits; of Q2 and Q7 the ids. Q5 asks for no order, and the names
    of Q13 have another in each: without diacritics here, by bytes or by code there."""
    if question in ("Q2", "Q7"):
        return [int(row[0]) for row in rows]
    if question == "Q3":
        return [[str(row[0])[:7], row[1]] for row in rows]
    if question == "Q9":
        return [[int(str(row[0])[:4]), row[1]] for row in rows]
    rows = [[round(value, 2) if isinstance(value, float) else value for value in row] for row in rows]
    return sorted(rows) if question in ("Q5", "Q13") else rows


def filled(forms, meta):
    """SQL with the parameters in it."""
    return {question: [form.format(**meta) for form in forms[question]] for question in sorted(forms, key=number)}


def number(question):
    """Q10b after Q10, and both after Q9."""
    return int(question[1:].rstrip("b")), question


def resident_mb():
    gc.collect()
    return next(int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith("VmRSS"))


def write(path, found):
    """At once or not at all, as a peer may end its process at any time."""
    with open(f"{path}.new", "w") as file:
        json.dump(found, file, default=str, ensure_ascii=False)
    os.replace(f"{path}.new", path)
