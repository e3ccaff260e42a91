//! Questions and their answers, topic by topic in `tests/scripts/`, from which the language can be learned.
//!
//! Questions stand between lines of `====`, and a line of `----` between one and its answer, on the built-in data with
//! 2024-07-11 for today. Those of one file are one session. A question may be `:explain QUERY`, or `:why ID` of the
//! query before, as at the prompt; the clock then goes on by a millisecond whenever it is looked at. `BLESS=1` writes what
//! is answered now.

use std::cell::Cell;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use demarche::dataset::built_in;
use demarche::render::{self, Format, descriptions, explanation, failure, holes, report};
use demarche::session::{Reply, Session};
use demarche::value::days;

const WIDTH: usize = 80;

/// What a session says to a question, without blanks at the ends of lines.
fn said(session: &mut Session, text: &str) -> String {
    let lookups = Cell::new(0);
    let clock = || {
        lookups.set(lookups.get() + 1);
        Duration::from_millis(lookups.get())
    };
    let command = text.lines().find(|line| !line.starts_with('#')).unwrap_or_default();
    let said = if let Some(query) = command.strip_prefix(":explain ") {
        match session.explain(query, &clock) {
            Ok(explained) => explanation(&explained, Format::Table, false, WIDTH),
            Err(trouble) => report(&trouble, false, WIDTH),
        }
    } else if let Some(id) = command.strip_prefix(":why ") {
        match session.last().expect("a query stands before").why(id) {
            Ok(why) => descriptions(&[why], false, WIDTH),
            Err(trouble) => report(&trouble, false, WIDTH),
        }
    } else {
        replied(session, text)
    };
    said.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn replied(session: &mut Session, text: &str) -> String {
    let replies = session.run("script", text, &|_, _| Err("a script here uses no file".to_owned()));
    replies
        .iter()
        .map(|reply| match reply {
            Reply::Answer(answer) => render::answer(answer, Format::Table, false, false, WIDTH),
            Reply::Bound(name) => format!("{name} is bound\n"),
            Reply::Met(sentence) => format!("holds: {sentence}\n"),
            Reply::Failed(failed) => failure(failed, false, WIDTH),
            Reply::Wrong(trouble) => report(trouble, false, WIDTH),
            Reply::Holes(found) => holes(found, Format::Table, false, WIDTH),
        })
        .collect()
}

#[test]
fn scripts_answer_as_recorded() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    let mut differ = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder of scripts is there") {
        let path = entry.expect("an entry can be read").path();
        let text = fs::read_to_string(&path).expect("a script is text");
        let mut session = Session::new(built_in(), days(2024, 7, 11)).expect("derived fields are expressions");
        let answered = text.split("====\n").map(|case| {
            let question = case.split_once("----\n").map_or(case, |(question, _)| question).trim_end();
            let said = said(&mut session, question);
            format!("{question}\n----\n{said}")
        });
        let answered = answered.collect::<Vec<_>>().join("====\n");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, answered).expect("the script can be written");
        } else if answered != text {
            differ.push(format!("{} differs; BLESS=1 writes what is answered now:\n{answered}", path.display()));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}
