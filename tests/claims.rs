//! The claims of the article hold, and each would fail if the events that bear it out were taken away.

use demarche::dataset::{File, Options, built_in, read_folder};
use demarche::session::{Reply, Session};
use demarche::store::Store;
use demarche::value::days;

const CLAIMS: &str = include_str!("../examples/claims.dmq");
const EVENTS: &str = include_str!("../src/dataset/putin-2024/events.jsonl");

fn no_file(_: &str, _: &str) -> Result<(String, String), String> {
    Err("no file".to_owned())
}

fn replies(store: Store, text: &str) -> Vec<Reply> {
    let mut session = Session::new(store, days(2024, 7, 11)).expect("derived fields are expressions");
    session.run("script", text, &no_file)
}

/// The sentences of the claims that do not hold, by their place; a claim in error does not hold either.
fn failed(store: Store) -> Vec<usize> {
    let replies = replies(store, CLAIMS);
    replies.iter().enumerate().filter(|(_, reply)| !matches!(reply, Reply::Met(_))).map(|(place, _)| place).collect()
}

/// The built-in data without some of its events, and without what refers to them.
fn without(is_gone: impl Fn(&serde_json::Value) -> bool) -> Store {
    let mut gone = Vec::new();
    let mut left = Vec::new();
    for line in EVENTS.lines() {
        let event: serde_json::Value = serde_json::from_str(line).expect("an event is JSON");
        if is_gone(&event) { gone.push(event["id"].clone()) } else { left.push(event) }
    }
    for event in &mut left {
        if gone.contains(&event["occasion"]) {
            event["occasion"] = serde_json::Value::Null;
        }
    }
    let events: String = left.iter().map(|event| format!("{event}\n")).collect();
    let file = |name: &str, text: &str| File { name: name.to_owned(), bytes: text.to_owned().into() };
    let files = vec![
        file("dataset.json", include_str!("../src/dataset/putin-2024/dataset.json")),
        file("leaders.jsonl", include_str!("../src/dataset/putin-2024/leaders.jsonl")),
        file("places.jsonl", include_str!("../src/dataset/putin-2024/places.jsonl")),
        file("events.jsonl", &events),
    ];
    read_folder("putin-2024", files, &Options::default()).expect("the rest is a data set").0
}

#[test]
fn every_claim_holds() {
    assert_eq!(failed(built_in()), [0; 0]);
}

/// Claims about the tables of countries and leaders, which no event bears out.
const OF_TABLES: [&str; 3] = ["bloc of 27", "leads Hungary", "BRICS has expanded"];

#[test]
fn each_claim_fails_without_one_of_its_events() {
    let mut bound: Vec<bool> = vec![false; replies(built_in(), CLAIMS).len()];
    for line in EVENTS.lines() {
        let one: serde_json::Value = serde_json::from_str(line).expect("an event is JSON");
        for place in failed(without(|event| event["id"] == one["id"])) {
            bound[place] = true;
        }
    }
    let claims = replies(built_in(), CLAIMS);
    let free: Vec<&str> = claims
        .iter()
        .zip(&bound)
        .filter_map(|(reply, bound)| match reply {
            Reply::Met(sentence) if !bound => Some(sentence.as_str()),
            _ => None,
        })
        .filter(|sentence| !OF_TABLES.iter().any(|of| sentence.contains(of)))
        .collect();
    // "More than 20" holds of 21 and no more: it fails without any two of them, and without one it is 20.
    assert_eq!(free, [""; 0]);
}

#[test]
fn the_tour_runs() {
    for reply in replies(built_in(), include_str!("../examples/tour.dmq")) {
        assert!(matches!(reply, Reply::Answer(_) | Reply::Bound(_) | Reply::Met(_)), "{reply:?}");
    }
}
