//! What answered each step of a plan, as `explain` tells it: an index where there is one for it, and else nothing.

use std::fmt::Write as _;
use std::time::Duration;

use demarche::answer::Explanation;
use demarche::dataset::{File, Options, read_file};
use demarche::render::{Format, explanation};
use demarche::session::Session;
use demarche::value::{civil, days};

/// In so many rows texts that hardly repeat are kept as prose, of which there is an index of words.
const ROWS: usize = 12_000;

/// Queries, and what answered each step of their plans, the last first.
const ANSWERED: &[(&str, &[&str])] = &[
    ("events where kind = visit and region = Asia | count", &["", "by the rows of kind and region", ""]),
    ("events where not (kind = visit or region = Asia)", &["by the rows of kind and region", ""]),
    ("events where topic = oil | count", &["", "by the rows of topic", ""]),
    ("events where kind = visit and tone > 3", &["by the rows of kind, then row by row", ""]),
    ("events where tone > 3 | count", &["", "", ""]),
    ("events where summary contains \"talk\" | count", &["", "by the words of summary", ""]),
    (
        "events where summary contains \"talk\" and kind = visit and date >= 2012",
        &["by the order of the dates, by the rows of kind, by the words of summary", ""],
    ),
    ("events where summary ends with \"7\" | count", &["", "", ""]),
    ("events where kind = visit | count by month", &["by the order of the dates", "by the rows of kind", ""]),
    ("events | sort date desc | take 3", &["from the end, stopping early", ""]),
    ("events | sort date | take 3", &["from the start, stopping early", ""]),
    ("events | sort tone | take 3", &["", ""]),
    ("events | count by kind, region", &["counted by codes", ""]),
    ("events | count by actor, target", &["counted by codes, name by name", ""]),
    (
        "events where kind = visit | count by actor, target",
        &["counted by codes, range by range", "by the rows of kind", ""],
    ),
    ("events | summarize avg(tone) by actor, target", &["counted by codes, name by name", ""]),
    ("events | count by tone", &["", ""]),
    ("events where tone > 3 | gap by actor", &["by codes", "", ""]),
    (
        "events where kind = visit | followed by (events where kind = meeting) within 9 days on actor",
        &["in one walk through both, by the order of the dates", "by the rows of kind", "", "by the rows of kind", ""],
    ),
    (
        "events where target in (events where kind = visit | distinct target) | take 3",
        &["", "by the rows of target", ""],
    ),
];

fn session() -> Session {
    let mut text = "date,kind,actor,target,region,tone,topic,summary\n".to_owned();
    for row in 0..ROWS {
        let (year, month, day) = civil(days(2010, 1, 1) + row as i32 / 4);
        let (kind, region) = (["visit", "meeting", "call"][row % 3], ["Asia", "Africa"][row / 3 % 2]);
        let (actor, target, topic) = (row * 7 % 401, row * 11 % 397, ["oil", "gas;oil", ""][row / 5 % 3]);
        let tone = f64::from(row as u32 * 37 % 1000) / 100.0;
        let _ = writeln!(
            text,
            "{year:04}-{month:02}-{day:02},{kind},A{actor},B{target},{region},{tone},{topic},talks of number {row}"
        );
    }
    let file = File { name: "explained.csv".to_owned(), bytes: text.into() };
    let (store, _) = read_file(file, &Options::default()).expect("the table is a data set");
    Session::new(store, days(2024, 7, 11)).expect("it has no derived fields")
}

fn explained(session: &Session, query: &str) -> Explanation {
    session.explain(query, &|| Duration::ZERO).unwrap_or_else(|trouble| panic!("{query}: {trouble:?}"))
}

#[test]
fn each_step_tells_what_answered_it() {
    let session = session();
    for (query, expected) in ANSWERED {
        let steps = explained(&session, query).steps;
        let answered: Vec<&str> = steps.iter().map(|step| step.answered.as_deref().unwrap_or_default()).collect();
        assert_eq!(answered, *expected, "{query}");
    }
}

#[test]
fn programs_are_told_it_too() {
    let explained = explained(&session(), "events where kind = visit");
    let object: serde_json::Value =
        serde_json::from_str(&explanation(&explained, Format::Json, false, 80)).expect("it is JSON");
    assert_eq!(object["steps"][0]["answered"], "by the rows of kind");
    assert!(object["steps"][1]["answered"].is_null());
}
