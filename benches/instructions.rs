//! Does one thing once, of which `instructions.py` counts the instructions, over generated events that are always the same.
//!
//!     instructions NAME
//!
//! Without a name it tells the names. Only what runs within [`measured`] is counted: the rest makes ready for it.

#![expect(clippy::print_stdout, reason = "a benchmark tells its names")]

mod shared;

use std::hint::black_box;

use demarche::dataset::{File, Options, read_file};
use demarche::session::{Prepared, Session};
use demarche::store::Store;
use demarche::syntax::parse;
use demarche::value::{Value, civil, days, parse_period};
use serde_json::{Map, Value as Json, json};
use shared::{QUESTIONS, questions};

/// Few enough for one thread.
const ROWS: u32 = 20_000;

const KINDS: &[&str] = &["meeting", "statement", "visit", "call", "agreement", "threat", "aid", "summit"];
const REGIONS: &[&str] = &["Africa", "Europe", "America", "Middle East", "Central Asia", "South Asia", "Oceania"];
const VENUES: &[&str] = &["home", "abroad", "online"];
const TOPICS: &[&str] = &["trade", "energy", "climate", "sanctions", "borders", "grain", "space", "health"];
const WORDS: &[&str] =
    &["talks,", "Ceasefire", "border", "on", "of", "élysée", "treaty", "minister", "the", "harbour", "Łódź", "accord"];

/// What the questions ask for.
const PARAMETERS: &[(&str, &str)] = &[
    ("q2_kind", "agreement"),
    ("q2_country", "Country 7"),
    ("q7_leader", "Leader 107"),
    ("q7_from", "2010-01-01"),
    ("q7_to", "2019-12-31"),
    ("q8_word", "ceasefire"),
    ("q9_topic", "energy"),
    ("q13_x", "Leader 5"),
    ("q13_y", "Leader 7"),
];

fn main() {
    let name = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    match name.map(|name| work(&name)) {
        Some(work) => measured(work),
        None => {
            ["load-csv", "load-jsonl", "parse", "resolve", "first-time"].iter().for_each(|name| println!("{name}"));
            questions().for_each(|(name, _)| println!("{name}"));
        }
    }
}

/// What is counted, by the name that the tool is told.
#[inline(never)]
fn measured(work: Box<dyn FnOnce()>) {
    work();
}

/// What is done under a name, with all that it needs made ready.
fn work(name: &str) -> Box<dyn FnOnce()> {
    match name {
        "load-csv" => {
            let file = csv();
            Box::new(|| drop(black_box(read(file))))
        }
        "load-jsonl" => {
            let file = jsonl();
            Box::new(|| drop(black_box(read(file))))
        }
        "parse" => Box::new(|| drop(black_box(parse(black_box(QUESTIONS))))),
        "resolve" => {
            let session = session();
            Box::new(move || questions().for_each(|(name, text)| drop(black_box(session.plan(text).expect(name)))))
        }
        // With the indexes, which are made when they are first asked for.
        "first-time" => {
            let session = session();
            let prepared: Vec<_> = questions().map(|(_, text)| prepare(&session, text)).collect();
            Box::new(move || prepared.iter().for_each(|prepared| ask(&session, prepared)))
        }
        name => {
            let session = session();
            let (_, text) = questions().find(|(question, _)| *question == name).expect("it is the name of a question");
            let prepared = prepare(&session, text);
            ask(&session, &prepared);
            Box::new(move || ask(&session, &prepared))
        }
    }
}

fn read(file: File) -> Store {
    read_file(file, &Options::default()).expect("the events are a data set").0
}

fn session() -> Session {
    let mut session = Session::new(read(csv()), days(2026, 1, 1)).expect("the events have no derived fields");
    for (name, text) in PARAMETERS {
        let value = parse_period(text).map_or_else(|| Value::text(*text), Value::Period);
        session.parameters.insert((*name).to_owned(), value);
    }
    session
}

fn prepare(session: &Session, text: &str) -> Prepared {
    session.prepare(text).expect("a question is a query")
}

fn ask(session: &Session, prepared: &Prepared) {
    drop(black_box(prepared.run(session, &[]).expect("a question has an answer")));
}

/// The events as CSV, in which only a summary with a comma is quoted.
fn csv() -> File {
    let cell = |value: &Json| match value {
        Json::Array(items) => items.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(";"),
        Json::String(text) if !text.contains(',') => text.clone(),
        other => other.to_string(),
    };
    let mut text = String::new();
    for (row, event) in events().enumerate() {
        if row == 0 {
            text += &(event.keys().cloned().collect::<Vec<_>>().join(",") + "\n");
        }
        text += &(event.values().map(cell).collect::<Vec<_>>().join(",") + "\n");
    }
    File { name: "events.csv".to_owned(), bytes: text.into() }
}

fn jsonl() -> File {
    let lines: String = events().map(|event| Json::Object(event).to_string() + "\n").collect();
    File { name: "events.jsonl".to_owned(), bytes: lines.into() }
}

/// Events of 26 years, nearly in the order of their dates.
fn events() -> impl Iterator<Item = Map<String, Json>> {
    let mut seed = 20_240_711_u64;
    let mut below = move |limit: u32| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as u32 % limit
    };
    (0..ROWS).map(move |row| {
        let late = if below(50) == 0 { below(60) } else { 0 };
        let (year, month, day) = civil(days(2000, 1, 1) + (row * 9400 / ROWS).saturating_sub(late) as i32);
        // The lower of two, so that some are more frequent than others.
        let mut low = |limit: u32| below(limit).min(below(limit));
        let mut one_of = |names: &[&'static str]| names[low(names.len() as u32) as usize];
        let (kind, region, venue) = (one_of(KINDS), one_of(REGIONS), one_of(VENUES));
        let words: Vec<&str> = (0..8).map(|_| one_of(WORDS)).collect();
        let topics: Vec<&str> = (0..row % 4).map(|_| one_of(TOPICS)).collect();
        let (actor, target) = (low(400), low(400));
        let event = json!({
            "id": row + 1,
            "date": format!("{year:04}-{month:02}-{day:02}"),
            "kind": kind,
            "actor": format!("Leader {actor}"),
            "actor_country": format!("Country {}", actor % 40),
            "target": format!("Leader {target}"),
            "target_country": format!("Country {}", target % 40),
            "region": region,
            "venue": venue,
            "city": format!("City {}", low(200)),
            "tone": f64::from(low(2000) as i32 - 1000) / 100.0,
            "sources": 1 + low(30),
            "topic": topics,
            "summary": format!("{} {row}", words.join(" ")),
        });
        event.as_object().cloned().unwrap_or_default()
    })
}
