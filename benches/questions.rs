//! Times the questions of `questions.dmq` over one file of generated events, CSV or JSONL, in memory and warm, and writes
//! the answers and the memory at rest.
//!
//!     cargo bench --bench questions -- EVENTS.csv META.json RESULT.json [Q1 …]
//!
//! `side_by_side.py` runs it beside the peers. Each question is prepared once and run as an embedder runs it: rows out.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark tells its figures")]

mod shared;

use std::path::Path;
use std::time::Instant;

use demarche::answer::Answer;
use demarche::cli::{give_back, mapped};
use demarche::dataset::{File, Options, read_file};
use demarche::render::{json, report};
use demarche::session::Session;
use demarche::value::{Value, parse_period};
use serde_json::{Value as Json, json as object};
use shared::questions;

const FEWEST_RUNS: usize = 9;
const SECONDS: f64 = 0.5;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let [events, meta, result, only @ ..] = arguments.as_slice() else {
        eprintln!("give a file of events, its meta.json and the file to write; benches/side_by_side.py makes them");
        return;
    };
    let before = resident();
    let started = Instant::now();
    let bytes = mapped(Path::new(events)).expect("the events can be read");
    let (store, _) =
        read_file(File { name: events.clone(), bytes }, &Options::default()).expect("the events are a data set");
    let load = started.elapsed().as_secs_f64();
    give_back();
    let mut session = Session::new(store, 20_000).expect("the events have no derived fields");
    let meta: Json = serde_json::from_slice(&std::fs::read(meta).expect("meta.json can be read")).expect("it is JSON");
    for (name, value) in meta.as_object().expect("it is an object") {
        if let Some(text) = value.as_str() {
            let value = parse_period(text).map_or_else(|| Value::text(text), Value::Period);
            session.parameters.insert(name.clone(), value);
        }
    }
    let mut results = serde_json::Map::new();
    for (name, question) in questions().filter(|(name, _)| only.is_empty() || only.iter().any(|one| one == name)) {
        let told = |trouble| -> Answer { panic!("{}", report(&trouble, false, 100)) };
        let prepared = session.prepare(question).unwrap_or_else(|trouble| panic!("{}", report(&trouble, false, 100)));
        let ask = || prepared.run(&session, &[]).unwrap_or_else(told);
        let (answer, times) = timed(ask);
        let rows: Json = serde_json::from_str(&json(&answer, false)).expect("an answer is JSON");
        println!("{name:4} {:10.3} ms  least {:.3}  {} rows", median(&times), times[0], answer.rows.len());
        let entry = object!({"median_ms": median(&times), "min_ms": times[0], "runs": times.len(), "rows": rows});
        results.insert(name.to_owned(), entry);
    }
    // At rest is without what answers needed for a time; the peers' allocators give that back by themselves.
    give_back();
    let rest = resident();
    println!("loaded in {load:.2} s, {:.0} MB at rest", rest.unwrap_or_default());
    let all = object!({"load_s": load, "before_mb": before, "rest_mb": rest, "questions": results});
    std::fs::write(result, all.to_string()).expect("the result can be written");
}

/// The answer, and how long it took each time in milliseconds, the least first.
fn timed(ask: impl Fn() -> Answer) -> (Answer, Vec<f64>) {
    let answer = ask();
    let mut times = Vec::new();
    let started = Instant::now();
    while times.len() < FEWEST_RUNS || started.elapsed().as_secs_f64() < SECONDS {
        let start = Instant::now();
        std::hint::black_box(ask());
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    (answer, times)
}

/// The memory that the process has now, in megabytes, where the system tells it as Linux does.
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok().map(|kilobytes: f64| kilobytes / 1024.0)
}

fn median(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}
