//! Sequences: a table of small cases after the published rules of Event Query Language, answers on the built-in data, what
//! is wrong with a sequence, and random time lines on which both evaluators must agree.
//!
//! A time line is drawn as `a1 b2 a3x`: the kind of an event, its day, and its keys if it has any. `b3~5` happened on some
//! day from the third to the fifth, and `b?` nobody knows when. In a query `[a]` is an event of kind a, `[ab]` one of kind
//! a or b, `[*]` any.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use demarche::dataset::{File, Options, built_in, read_file};
use demarche::exec::{Run, execute, reference};
use demarche::plan::optimise;
use demarche::render::{delimited, report};
use demarche::session::Session;
use demarche::value::days;
use regex::Regex;

/// A case of the table: what it shows, a time line, a query, and its matches, ` | ` between them.
type Case = (&'static str, &'static str, &'static str, &'static str);

/// The data of a time line. It tells up to its last event.
fn session_of(line: &str) -> Session {
    let event = Regex::new(r"^([a-z])(\?|\d+)(?:~(\d+))?([a-z]*)$").expect("it is a pattern");
    let several = line.split(' ').any(|word| event.captures(word).is_some_and(|found| found[4].len() > 1));
    let rows: Vec<String> = line
        .split(' ')
        .map(|word| {
            let found = event.captures(word).unwrap_or_else(|| panic!("{word} is no event"));
            let day = |text: &str| format!("2024-01-{text:0>2}");
            let date = match (&found[2], found.get(3)) {
                ("?", _) => "null".to_owned(),
                (first, Some(last)) => format!("\"[{}..{}]\"", day(first), day(last.as_str())),
                (first, None) => format!("\"{}\"", day(first)),
            };
            let keys: Vec<String> = found[4].chars().map(|key| format!("\"{key}\"")).collect();
            let who = match keys.as_slice() {
                [] => "null".to_owned(),
                keys if several => format!("[{}]", keys.join(",")),
                keys => keys.concat(),
            };
            format!("{{\"name\":\"{word}\",\"kind\":\"{}\",\"date\":{date},\"who\":{who}}}\n", &found[1])
        })
        .collect();
    let file = File { name: "line.jsonl".to_owned(), bytes: rows.concat().into() };
    let options = Options { date: Some("date".to_owned()), ..Options::default() };
    let (store, _) = read_file(file, &options).unwrap_or_else(|wrong| panic!("{line}: {wrong:?}"));
    Session::new(store, days(2024, 7, 11)).expect("it has no derived fields")
}

/// A query of the table in the language: each step is made of events of a kind, and the names of a match are shown.
fn written(query: &str) -> String {
    let step = Regex::new(r"(not )?\[([a-z*]+)([^\]]*)\](?:\{(\d+)\})?").expect("it is a pattern");
    let (steps, until) = query.split_once(" until ").unwrap_or((query, ""));
    let (mut count, mut ends_open) = (0, false);
    for found in step.captures_iter(steps) {
        ends_open = found.get(1).is_some();
        count += if ends_open { 0 } else { found.get(4).map_or(1, |times| times.as_str().parse().expect("a number")) };
    }
    let events = |text: &str| {
        let replaced = step.replace_all(text, |found: &regex::Captures<'_>| {
            let kinds: Vec<String> = found[2].chars().map(|kind| format!("kind = \"{kind}\"")).collect();
            let kinds = if &found[2] == "*" { "true".to_owned() } else { kinds.join(" or ") };
            let not = found.get(1).map_or("", |not| not.as_str());
            let times = found.get(4).map_or(String::new(), |times| format!("{{{}}}", times.as_str()));
            format!("{not}[events where {kinds}{}]{times}", &found[3])
        });
        replaced.into_owned()
    };
    let until = if until.is_empty() { String::new() } else { format!(" until {}", events(until)) };
    let names: Vec<String> = (1..=count).map(|number| format!("{number}.name")).collect();
    let open = if ends_open { ", open" } else { "" };
    format!("{}{until} | select {}{open}", events(steps), names.join(", "))
}

/// The matches of a query, by both evaluators, and how many more are possible.
fn matches(session: &Session, query: &str) -> String {
    let answer = session.ask(query).unwrap_or_else(|trouble| panic!("{}", report(&trouble, false, 100)));
    check_agreement(session, query);
    let row = |cells: &[String]| cells.join(" ").replace(" true", " (open)").replace(" false", "");
    let rows: Vec<String> =
        answer.rows.iter().map(|cells| row(&cells.iter().map(ToString::to_string).collect::<Vec<_>>())).collect();
    let possible = answer.notes.iter().find(|note| note.contains("possibly match: "));
    let possible = possible.map_or(String::new(), |note| {
        assert!(!note.contains("add `possibly`"), "there is no such thing as `within possibly`");
        format!("; {} possible", note.split(' ').next().expect("a count"))
    });
    format!("{}{possible}", rows.join(" | "))
}

/// Checks that both evaluators answer a query alike.
fn check_agreement(session: &Session, query: &str) {
    let plan = session.plan(query).unwrap_or_else(|trouble| panic!("{}", report(&trouble, false, 100))).plan;
    let interrupt = AtomicBool::new(false);
    let run = Run::new(session.store(), &interrupt, 1_000_000);
    let (better, _) = optimise(session.store(), plan.clone());
    let (slow, fast) = (reference::execute(&run, &plan), execute(&run, &better));
    assert_eq!(slow, fast, "{query}");
}

fn check_table(cases: &[Case]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(name, line, query, expected)| {
            let found = matches(&session_of(line), &written(query));
            (found != *expected)
                .then(|| format!("{name}\n  {line}\n  {query}\n  expected {expected}\n  found    {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The state machine: each step is a state, one open match in each, and a newer one replaces an older one.
const STATES: &[Case] = &[
    ("one match", "a1 b2", "sequence [a] [b]", "a1 b2"),
    ("the order counts", "b1 a2", "sequence [a] [b]", ""),
    ("other events between do not matter", "a1 c2 c3 b4", "sequence [a] [b]", "a1 b4"),
    ("nothing without a second", "a1 a2 a3", "sequence [a] [b]", ""),
    ("nothing without a first", "b1 b2", "sequence [a] [b]", ""),
    ("many to one: a newer start replaces", "a1 a2 a3 a4 b5", "sequence [a] [b]", "a4 b5"),
    ("one to many: the match is taken by the first", "a1 b2 b3", "sequence [a] [b]", "a1 b2"),
    ("a match opens anew after one is done", "a1 b2 a3 b4", "sequence [a] [b]", "a1 b2 | a3 b4"),
    ("each start is used once", "a1 a2 b3 b4", "sequence [a] [b]", "a2 b3"),
    ("three steps", "a1 b2 c3", "sequence [a] [b] [c]", "a1 b2 c3"),
    ("three steps out of order", "a1 c2 b3", "sequence [a] [b] [c]", ""),
    ("a newer start leaves a later state alone", "a1 b2 a3 c4", "sequence [a] [b] [c]", "a1 b2 c4"),
    ("a newer match replaces one in a later state", "a1 b2 a3 b4 c5", "sequence [a] [b] [c]", "a3 b4 c5"),
    ("a second b without a new start changes nothing", "a1 b2 b3 c4", "sequence [a] [b] [c]", "a1 b2 c4"),
    (
        "a waiting start goes on after a match is done",
        "a1 b2 a3 c4 b5 c6",
        "sequence [a] [b] [c]",
        "a1 b2 c4 | a3 b5 c6",
    ),
    ("an event ends one match and starts the next", "a1 a2 a3 a4", "sequence [a] [a]", "a1 a2 | a2 a3 | a3 a4"),
    ("one event is never two steps", "a1", "sequence [a] [a]", ""),
    ("one to many of any", "a1 b2 b3 b4", "sequence [a] [*] [*]", "a1 b2 b3"),
    ("first of three narrow", "a1 a2 a3 b4 b5", "sequence [a] [*] [*]", "a1 a2 a3 | a2 a3 b4 | a3 b4 b5"),
    ("second of three narrow", "a1 a2 a3 b4 b5", "sequence [*] [a] [*]", "a1 a2 a3 | a2 a3 b4"),
    ("last of three narrow", "a1 a2 a3 b4 b5", "sequence [*] [*] [a]", "a1 a2 a3"),
    (
        "first of four narrow",
        "a1 a2 a3 a4 b5 b6 b7 b8",
        "sequence [a] [*] [*] [*]",
        "a1 a2 a3 a4 | a2 a3 a4 b5 | a3 a4 b5 b6 | a4 b5 b6 b7",
    ),
    (
        "second of four narrow",
        "a1 a2 a3 a4 b5 b6 b7",
        "sequence [*] [a] [*] [*]",
        "a1 a2 a3 a4 | a2 a3 a4 b5 | a3 a4 b5 b6",
    ),
    ("third of four narrow", "a1 a2 a3 a4 b5 b6", "sequence [*] [*] [a] [*]", "a1 a2 a3 a4 | a2 a3 a4 b5"),
    ("last of four narrow", "a1 a2 a3 a4 b5 b6", "sequence [*] [*] [*] [a]", "a1 a2 a3 a4"),
    ("`latest` is what is meant without a word", "a1 a2 b3", "sequence latest [a] [b]", "a2 b3"),
    ("one step alone", "a1 b2 a3", "sequence [a]", "a1 | a3"),
    ("the data need not be in order", "b2 a1", "sequence [a] [b]", "a1 b2"),
    ("events of one day are in the order of the data", "a1 b1", "sequence [a] [b]", "a1 b1"),
    ("and not in another", "b1 a1", "sequence [a] [b]", ""),
    ("an event without a date takes no part", "a? a1 b? b2", "sequence [a] [b]", "a1 b2"),
];

/// `by`: a machine for each key.
const KEYS: &[Case] = &[
    (
        "the example of the manual",
        "a1r a2r b3e b4r b5r a6e a7r b8e c9r c10e c11r",
        "sequence by who [a] [b] [c]",
        "a2r b4r c9r | a6e b8e c10e",
    ),
    ("keys are apart", "a1x b2y", "sequence by who [a] [b]", ""),
    ("each key has its own open match", "a1x a2y b3x b4y", "sequence by who [a] [b]", "a1x b3x | a2y b4y"),
    ("a newer start of another key replaces nothing", "a1x a2y b3x", "sequence by who [a] [b]", "a1x b3x"),
    ("matches come in the order of their starts", "a1x a2y b3y b4x", "sequence by who [a] [b]", "a1x b4x | a2y b3y"),
    ("an event without a key takes no part", "a1 b2 a3x b4x", "sequence by who [a] [b]", "a3x b4x"),
    ("a missing key equals no other", "a1 b2", "sequence by who [a] [b]", ""),
    ("two keys", "a1x a2x b3x", "sequence by who, kind [a] [a]", "a1x a2x"),
    ("two keys that differ", "a1x b2x", "sequence by who, kind [a] [b]", ""),
    ("an event belongs to each of its keys", "a1xy b2x b3y", "sequence by who [a] [b]", "a1xy b2x | a1xy b3y"),
    ("a pair that shares two keys matches for each", "a1xy b2xy", "sequence by who [a] [b]", "a1xy b2xy | a1xy b2xy"),
    ("one key of several in common", "a1xy b2yz", "sequence by who [a] [b]", "a1xy b2yz"),
    ("a computed key", "a1x b2x b3y", "sequence by upper(who) [a] [b]", "a1x b2x"),
];

/// `within`: counted from the first step, inclusive.
const LIMITS: &[Case] = &[
    ("in time", "a1 b3", "sequence within 5 days [a] [b]", "a1 b3"),
    ("the last day is in time", "a1 b6", "sequence within 5 days [a] [b]", "a1 b6"),
    ("a day later is not", "a1 b7", "sequence within 5 days [a] [b]", ""),
    ("it counts from the first step", "a1 b4 c7", "sequence within 5 days [a] [b] [c]", ""),
    ("not from the step before", "a1 b4 c6", "sequence within 5 days [a] [b] [c]", "a1 b4 c6"),
    ("what is too late is gone", "a1 b9 b3", "sequence within 5 days [a] [b]", "a1 b3"),
    ("a newer start is in time", "a1 a5 b8", "sequence within 5 days [a] [b]", "a5 b8"),
    ("no time at all is the same day", "a1 b1 a2 b3", "sequence within 0 days [a] [b]", "a1 b1"),
    ("by key", "a1x a5y b8x b8y", "sequence by who within 5 days [a] [b]", "a5y b8y"),
    ("what is too late replaces nothing", "a1 b2 a3 b30 c4", "sequence within 5 days [a] [b] [c]", "a1 b2 c4"),
    ("an expired match does not come back", "a1 b8 c9 b10", "sequence within 5 days [a] [b] [c]", ""),
    ("certainly in time", "a1 b3~5", "sequence within 5 days [a] [b]", "a1 b3~5"),
    ("possibly in time", "a1 b3~9", "sequence within 5 days [a] [b]", "; 1 possible"),
    ("certainly too late", "a1 b8~9", "sequence within 5 days [a] [b]", ""),
    ("an uncertain start", "a1~4 b7", "sequence within 5 days [a] [b]", "; 1 possible"),
    ("uncertain dates need no limit", "a1~4 b3~9", "sequence [a] [b]", "a1~4 b3~9"),
    ("by the earliest day first", "b2 a1~9", "sequence [a] [b]", "a1~9 b2"),
    ("then by the latest", "a1~9 b1~3", "sequence [b] [a]", "b1~3 a1~9"),
];

/// `until`: it drops what is open of its key.
const ENDS: &[Case] = &[
    ("nothing ends it", "a1 b2", "sequence [a] [b] until [c]", "a1 b2"),
    ("after the match it does not matter", "a1 b2 c3", "sequence [a] [b] until [c]", "a1 b2"),
    ("between the steps it ends the match", "a1 c2 b3", "sequence [a] [b] until [c]", ""),
    ("before the start it does not matter", "c1 a2 b3", "sequence [a] [b] until [c]", "a2 b3"),
    ("a start after it is new", "a1 c2 a3 b4", "sequence [a] [b] until [c]", "a3 b4"),
    ("it drops every state", "a1 b2 a3 d4 c5 b6 c7", "sequence [a] [b] [c] until [d]", ""),
    ("of its key alone", "a1x a2y c3x b4x b5y", "sequence by who [a] [b] until [c]", "a2y b5y"),
    ("of each of its keys", "a1x a2y c3xy b4x b5y", "sequence by who [a] [b] until [c]", ""),
    ("without a key it ends nothing", "a1x c2 b3x", "sequence by who [a] [b] until [c]", "a1x b3x"),
    ("an event that is both ends first", "a1 b2", "sequence [a] [b] until [b]", ""),
    ("and may start anew", "a1 a2 b3", "sequence [a] [b] until [a]", "a2 b3"),
    (
        "the three lines of the manual",
        "a1x b2x a3y b4y c5y a6z c7z b8z",
        "sequence by who [a] [b] until [c]",
        "a1x b2x | a3y b4y",
    ),
];

/// `{N}`: so many running.
const RUNS: &[Case] = &[
    ("three running", "a1 a2 a3", "sequence [a]{3}", "a1 a2 a3"),
    ("two are not three", "a1 a2", "sequence [a]{3}", ""),
    ("runs overlap", "a1 a2 a3 a4", "sequence [a]{3}", "a1 a2 a3 | a2 a3 a4"),
    ("once is once", "a1 b2", "sequence [a]{1} [b]", "a1 b2"),
    ("then another", "a1 a2 b3", "sequence [a]{2} [b]", "a1 a2 b3"),
    ("the latest run", "a1 a2 a3 b4", "sequence [a]{2} [b]", "a2 a3 b4"),
    ("after another", "b1 a2 a3", "sequence [b] [a]{2}", "b1 a2 a3"),
    ("by key", "a1x a2y a3x a4y", "sequence by who [a]{2}", "a1x a3x | a2y a4y"),
    ("in time", "a1 a2 a9 a10", "sequence within 3 days [a]{2}", "a1 a2 | a9 a10"),
    ("until", "a1 c2 a3 a4", "sequence [a]{2} until [c]", "a3 a4"),
];

/// `not`: none came in between, or after the last.
const ABSENT: &[Case] = &[
    ("none came", "a1 b3", "sequence [a] not [c] [b]", "a1 b3"),
    ("one came", "a1 c2 b3", "sequence [a] not [c] [b]", ""),
    ("before or after does not matter", "c1 a2 b3 c4", "sequence [a] not [c] [b]", "a2 b3"),
    ("a newer start after it", "a1 c2 a3 b4", "sequence [a] not [c] [b]", "a3 b4"),
    ("of another key", "a1x c2y b3x", "sequence by who [a] not [c] [b]", "a1x b3x"),
    ("between its two steps alone", "a1 b2 c3 d4", "sequence [a] not [c] [b] [d]", "a1 b2 d4"),
    ("it spares what is beyond", "a1 b2 a3 c4 b5 d6", "sequence [a] not [c] [b] [d]", "a1 b2 d6"),
    ("two of them", "a1 d2 b3", "sequence [a] not [c] not [d] [b]", ""),
    ("an event is not between itself and another", "a1 b2", "sequence [a] not [ab] [b]", "a1 b2"),
    ("none within the time after", "a1 c9", "sequence within 5 days [a] not [b]", "a1"),
    ("one within the time after", "a1 b3 c9", "sequence within 5 days [a] not [b]", ""),
    ("on the last day of it", "a1 b6 c9", "sequence within 5 days [a] not [b]", ""),
    ("a day later", "a1 b7 c9", "sequence within 5 days [a] not [b]", "a1"),
    ("the data ends first", "a1 c3", "sequence within 5 days [a] not [b]", "a1 (open)"),
    ("the data ends on the last day", "a1 c6", "sequence within 5 days [a] not [b]", "a1"),
    ("time counts from the first step", "a1 b4 c7 d9", "sequence within 5 days [a] [b] not [c]", "a1 b4"),
    ("before the last step it does not matter", "a1 c2 b3 d9", "sequence within 5 days [a] [b] not [c]", "a1 b3"),
    ("each start waits", "a1 a2 c9", "sequence within 5 days [a] not [b]", "a1 | a2"),
    ("possibly in time", "a1 b3~8 c9", "sequence within 5 days [a] not [b]", "; 1 possible"),
    ("what is done does not end by `until`", "a1 d2 c9", "sequence within 5 days [a] not [b] until [d]", "a1"),
];

/// `all`: every start with its nearest continuation.
const ALL: &[Case] = &[
    ("every start is paired", "a1 a2 b3", "sequence all [a] [b]", "a1 b3 | a2 b3"),
    ("with the nearest", "a1 b2 b3", "sequence all [a] [b]", "a1 b2"),
    ("an older start goes on too", "a1 b2 a3 b4 c5", "sequence all [a] [b] [c]", "a1 b2 c5 | a3 b4 c5"),
    ("the nearest of the nearest", "a1 a2 b3 c4 c5", "sequence all [a] [b] [c]", "a1 b3 c4 | a2 b3 c4"),
    ("what is too late is left out", "a1 a4 b7", "sequence all within 5 days [a] [b]", "a4 b7"),
    ("and nothing instead of it", "a1 b2~9 b3", "sequence all within 5 days [a] [b]", "; 1 possible"),
    ("by key", "a1x a2y b3x a4x b5x b6y", "sequence all by who [a] [b]", "a1x b3x | a2y b6y | a4x b5x"),
    ("until", "a1 c2 a3 b4", "sequence all [a] [b] until [c]", "a3 b4"),
    ("not between", "a1 c2 a3 b4", "sequence all [a] not [c] [b]", "a3 b4"),
    ("one event is never two steps", "a1 a2 a3", "sequence all [a] [a]", "a1 a2 | a2 a3"),
    ("none after", "a1 a4 b8 c20", "sequence all within 5 days [a] not [b]", "a1"),
];

#[test]
fn the_states_are_those_of_event_query_language() {
    check_table(STATES);
}

#[test]
fn each_key_has_its_own_states() {
    check_table(KEYS);
}

#[test]
fn a_limit_counts_from_the_first_step() {
    check_table(LIMITS);
}

#[test]
fn until_drops_what_is_open_of_its_key() {
    check_table(ENDS);
}

#[test]
fn a_repeated_step_is_so_many_running() {
    check_table(RUNS);
}

#[test]
fn absent_events_did_not_come() {
    check_table(ABSENT);
}

#[test]
fn all_pairs_every_start() {
    check_table(ALL);
}

#[test]
fn the_table_is_large_enough() {
    let after_published_rules = [STATES, KEYS, LIMITS, ENDS, RUNS, ABSENT];
    assert!(after_published_rules.iter().map(|cases| cases.len()).sum::<usize>() >= 60);
}

fn session() -> Session {
    Session::new(built_in(), days(2024, 7, 11)).expect("derived fields are expressions")
}

/// Checks the rows of an answer with their header, cells by `,` and rows by ` / `.
fn check(query: &str, expected: &str) {
    let session = session();
    match session.ask(query) {
        Ok(answer) => {
            assert_eq!(delimited(&answer, b',').trim_end().replace('\n', " / "), expected, "{query}");
            check_agreement(&session, query);
        }
        Err(trouble) => panic!("{}", report(&trouble, false, 100)),
    }
}

#[test]
fn a_match_has_its_keys_its_steps_and_its_span() {
    check(
        "sequence by country [visits as trip] [meetings] | take 3",
        "country,trip,2,span / North Korea,2000-07-19,2000-07-19,P0D / China,2024-05-16,2024-05-16,P0D \
         / Belarus,2024-05-23,2024-05-24,P1D",
    );
    check("sequence [visits]{3} | first", "1,2,3,span / 2000-07-19,2024-05-16,2024-05-23,P8709D");
}

#[test]
fn steps_are_called_by_number_or_by_name() {
    check(
        "sequence by country [visits as trip] [meetings] | select trip.date, 1.date, 2.leader.country.capital | take 1",
        "trip.date,1.date,2.leader.country.capital / 2000-07-19,2000-07-19,Pyongyang",
    );
    check(
        "sequence by country [visits as trip] [meetings] | count by trip.month | take 1",
        "trip.month,count / 2000-07,1",
    );
    check(
        "sequence by country [visits] [meetings] | select 1.date, place = 2.place | sort 1.date desc | take 1",
        "1.date,place / 2024-07-03,Astana",
    );
    check(
        "sequence [visits as trip]{2} | select trip, trip.place, 2.place | take 1",
        "trip,trip.place,2.place / 2000-07-19; 2024-05-16,Pyongyang; Beijing,Beijing",
    );
}

#[test]
fn every_stage_works_on_matches() {
    check(
        "sequence by country [visits] [meetings] | where span > 0 days | select country",
        "country / Belarus / Uzbekistan",
    );
    check("sequence by country [visits] [meetings] | summarize n = count(), days = sum(span)", "n,days / 7,P2D");
    check("sequence by country [visits] [meetings] | last | select country", "country / Kazakhstan");
    check("sequence by country [visits] [meetings] | gap by country | where gap is present | count", "count / 1");
    check("(sequence by country [visits] [meetings]) | count", "count / 7");
    check("countries where name in (sequence by country [visits] [meetings] | distinct country) | count", "count / 6");
}

#[test]
fn a_story_that_did_not_happen_shows_how_many_events_there_were() {
    let query = "sequence by country within 1 year [meetings] [visits as trip] [agreements as pact] \
                 | select country, trip.date, pact.date";
    check(query, "country,trip.date,pact.date");
    let answer = session().ask(query).expect("it answers");
    assert_eq!(answer.notes, ["27 meetings; 7 visits; 1 agreements"]);
}

#[test]
fn membership_is_as_of_the_event_that_is_asked_about() {
    check(
        "sequence by country [visits] [meetings as talk] | where talk.country in BRICS | select country",
        "country / China",
    );
    let explained = session().explain("sequence [visits] [meetings] | where 2.country in BRICS", &|| Duration::ZERO);
    let steps = explained.expect("it is a query").steps;
    assert!(steps.iter().any(|step| step.text.contains("in BRICS as of 2.date")), "{steps:?}");
}

#[test]
fn each_step_is_told_from_a_side_and_without_what_is_planned() {
    check(
        "sequence by country [visits of Orban] [meetings of Orban] | select country",
        "country / Ukraine / Russia / China",
    );
    let orban = session().ask("sequence [visits of Orban] [meetings]").expect("it answers");
    assert_eq!(orban.header.side.as_deref(), Some("Viktor Orban, Vladimir Putin"));
    let held = session().ask("sequence by leader [meetings] [meetings]").expect("it answers");
    assert_eq!(held.header.left_out, [("planned".to_owned(), 8)]);
    check(
        "sequence by leader [meetings] [meetings where status = planned] | select leader, 2.status | take 1",
        "leader,2.status / Xi Jinping,planned",
    );
}

#[test]
fn nothing_came_after_or_it_is_open() {
    check(
        "sequence by leader within 9 months [meetings before 2022] not [meetings] | select leader, 1.date, open | take 2",
        "leader,1.date,open / Kim Jong Il,2000-07-19,false / Narendra Modi,2019-11-13,false",
    );
    check(
        "sequence by leader within 9 months [meetings] not [meetings] | count by open",
        "open,count / false,5 / true,20",
    );
}

#[test]
fn the_sources_of_all_events_are_cited_once() {
    let answer = session().ask("sequence by country [visits] [meetings] | first 2 | cite").expect("it answers");
    assert_eq!(answer.rows[0].last().map(ToString::to_string).as_deref(), Some("[1], [2], [3]"));
    assert_eq!(answer.citations.len(), 7);
}

#[test]
fn explain_says_which_rule_decided() {
    let query = "sequence all by country within 1 year [visits] not [statements] [meetings] until [calls]";
    let explained = session().explain(query, &|| Duration::ZERO).expect("it is a query");
    assert_eq!(
        explained.steps[1].text,
        "Sequence all of 1, not 2, 3 by leader.country within 1 year until 4, events of one date in the order of the data"
    );
}

#[test]
fn both_evaluators_tell_sides_and_keys_alike() {
    let session = session();
    for query in [
        "sequence by country [visits] [meetings]",
        "sequence all by country [visits of anyone] [meetings of anyone]",
        "sequence latest by country, venue within 2 months [meetings of (Putin, Orban)] [meetings of (Putin, Orban)]",
        "sequence all by bloc [meetings] not [visits] [meetings] until [statements]",
        "sequence by leader, region within 3 years [meetings]{2} not [meetings]",
        "sequence [meetings of (Orban, Putin)]",
        "sequence all by topics [events of anyone]{3}",
        "sequence by month [events of anyone] [events of anyone where place is present]",
    ] {
        check_agreement(&session, query);
    }
}

/// A small generator: the same time lines on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    /// Some events of few kinds on few days, now and then with an uncertain date, with none, or without a key.
    fn line(&mut self) -> String {
        let event = |random: &mut Self| {
            let day = 1 + random.below(9);
            let date = match random.below(12) {
                0 => "?".to_owned(),
                1 | 2 => format!("{day}~{}", day + 1 + random.below(4)),
                _ => day.to_string(),
            };
            let key = random.pick(&["x", "x", "y", "y", "xy", ""]);
            format!("{}{date}{key}", random.pick(&["a", "b", "c"]))
        };
        let count = 1 + self.below(12);
        let others: Vec<String> = (0..count).map(|_| event(self)).collect();
        // A column of dates has a date, one of keys a key.
        format!("a1x {}", others.join(" "))
    }

    fn query(&mut self) -> String {
        let limit = self.pick(&["", "within 2 days ", "within 4 days ", "within 0 days "]);
        let mode = self.pick(&["", "latest ", "all "]);
        let keys = self.pick(&["", "by who ", "by who ", "by who, day "]);
        let mut query = format!("sequence {mode}{keys}{limit}");
        for step in 0..=self.below(4) {
            let times = self.pick(&["", "", "", "{2}", "{3}"]);
            let kinds = self.pick(&["a", "b", "c", "ab", "bc", "*"]);
            if step > 0 && self.below(3) == 0 {
                query.push_str(&format!("not [{kinds}] "));
            } else {
                query.push_str(&format!("[{kinds}]{times} "));
            }
        }
        if limit.is_empty() {
            query.push_str("[a] ");
        }
        query + self.pick(&["", "", "until [c]", "until [ab]"])
    }
}

#[test]
fn both_evaluators_agree_on_random_time_lines() {
    let mut random = Random(2024);
    let mut found = 0;
    for _ in 0..1_000 {
        let (line, query) = (random.line(), random.query());
        found += usize::from(!matches(&session_of(&line), &written(query.trim_end())).is_empty());
    }
    assert!(found > 200, "{found}");
}
