//! The engine inside a program: queries prepared once, parameters of many kinds, rows as structs, threads, limits.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use demarche::answer::Answer;
use demarche::dataset::{File, Options, built_in, read_file};
use demarche::session::{Prepared, Session};
use demarche::value::{Date, Value, days, parse_period};
use serde::Deserialize;

fn session() -> Session {
    Session::new(built_in(), days(2024, 7, 11)).expect("derived fields are expressions")
}

fn ask(query: &str) -> Answer {
    session().ask(query).unwrap_or_else(|trouble| panic!("{query}: {trouble}"))
}

/// The only number that a prepared query gives.
fn count(session: &Session, query: &Prepared, parameters: &[(&str, Value)]) -> i64 {
    let counts: Vec<i64> = query.run(session, parameters).expect("it runs").rows_as().expect("it is a number");
    assert_eq!(counts.len(), 1);
    counts[0]
}

#[test]
fn a_query_is_parsed_once_and_run_with_other_values() {
    let session = session();
    let query = session.prepare("meetings with $who since $from | count").expect("it parses");
    assert!(query.parameters().eq(["who", "from"]));
    let from = Value::from(Date::day(days(2024, 5, 7)));
    assert_eq!(count(&session, &query, &[("who", "Xi Jinping".into()), ("from", from.clone())]), 2);
    assert_eq!(count(&session, &query, &[("who", "Орбан".into()), ("from", from)]), 1);
    let june = Value::from(parse_period("2024-06").expect("it is a month"));
    assert_eq!(count(&session, &query, &[("who", String::from("Xi").into()), ("from", june)]), 1);
    assert_eq!(session.parameters.len(), 0);
}

#[test]
fn what_a_query_was_planned_for_before_is_not_what_it_is_run_for_now() {
    let shown = |session: &Session, query: &Prepared| -> String {
        let answer = query.run(session, &[]).unwrap_or_else(|trouble| panic!("{}: {trouble}", query.text()));
        answer.rows[0][0].to_string()
    };
    let first = session();
    let mut session = first.clone();
    let query = first.prepare("meetings | take 1 | select x = $x").expect("it parses");
    let values: [(Value, &str); 8] = [
        (1.into(), "1"),
        (2.into(), "2"),
        (2.0.into(), "2"),
        ("2".into(), "2"),
        (0.0.into(), "0"),
        ((-0.0).into(), "-0"),
        (vec![0.0].into(), "0"),
        (vec![-0.0].into(), "-0"),
    ];
    for (value, expected) in values {
        session.parameters.insert("x".to_owned(), value);
        assert_eq!((shown(&session, &query), shown(&session, &query)), (expected.to_owned(), expected.to_owned()));
    }
    assert!(query.run(&first, &[]).is_err(), "the first session has no `x`");
    session.parameters.clear();
    session.parameters.insert("y".to_owned(), 3.into());
    assert!(query.run(&session, &[]).is_err(), "`x` was taken away");

    let mut session = first.clone();
    let today = session.prepare("meetings | take 1 | select x = today").expect("it parses");
    assert_eq!(shown(&session, &today), "2024-07-11");
    session.today += 1;
    assert_eq!(shown(&session, &today), "2024-07-12");
    assert_eq!(shown(&first, &today), "2024-07-11");

    let named = session.prepare("it | count").expect("it parses");
    assert!(named.run(&session, &[]).is_err(), "`it` is bound later");
    for (text, expected) in [("let it = meetings | take 3", "3"), ("let it = meetings | take 4", "4")] {
        let replies = session.run("names", text, &|_, _| Err("there are no files".to_owned()));
        assert!(matches!(replies.as_slice(), [demarche::session::Reply::Bound(_)]));
        assert_eq!(shown(&session, &named), expected);
    }

    let table = |text: &str| {
        let file = File { name: "some.csv".to_owned(), bytes: text.as_bytes().to_vec().into() };
        let (store, _) = read_file(file, &Options::default()).expect("it is a data set");
        Session::new(store, days(2024, 7, 11)).expect("it has no derived fields")
    };
    let both = [table("date,kind\n2024-05-07,call\n"), table("kind,date\nvisit,2024-05-07\nvisit,2024-05-08\n")];
    let kinds = both[0].prepare("events | distinct kind").expect("it parses");
    assert_eq!(both.each_ref().map(|session| shown(session, &kinds)), ["call", "visit"]);
}

#[test]
fn values_of_rust_are_values_of_the_language() {
    let session = session();
    let given: [(&str, Value, &str); 9] = [
        ("$x + 1", 41.into(), "42"),
        ("$x + 1", 41_i64.into(), "42"),
        ("$x * 2", 1.25.into(), "2.5"),
        ("$x", f64::NAN.into(), ""),
        ("not $x", true.into(), "false"),
        ("upper($x)", "xi".into(), "XI"),
        ("$x + 1 day", Date::day(days(2024, 2, 28)).into(), "2024-02-29"),
        ("coalesce($x, 7)", None::<i64>.into(), "7"),
        ("2 in $x", vec![1, 2].into(), "true"),
    ];
    for (expression, value, expected) in given {
        let query = session.prepare(&format!("meetings | take 1 | select x = {expression}")).expect("it parses");
        let answer = query.run(&session, &[("x", value)]).unwrap_or_else(|trouble| panic!("{expression}: {trouble}"));
        assert_eq!(answer.rows[0][0].to_string(), expected, "{expression}");
    }
}

#[test]
fn a_value_is_never_read_as_language() {
    let session = session();
    let query = session.prepare("meetings where occasion = $x | count").expect("it parses");
    let trouble = query.run(&session, &[("x", "\" or true or \"".into())]).expect_err("no occasion has that name");
    assert_eq!(trouble.diagnostics[0].code.text(), "D0204");
}

#[test]
fn what_is_wrong_is_told_when_it_can_be_known() {
    let session = session();
    let wrong = |text: &str| session.prepare(text).expect_err(text).to_string();
    assert!(wrong("meetings with $who |").starts_with("D0101: "), "{}", wrong("meetings with $who |"));
    assert_eq!(wrong("let a = meetings"), "D0101: expected a query");
    assert_eq!(wrong(""), "D0101: expected a query");
    let query = session.prepare("meetings with $who").expect("names are looked up later");
    let unbound = query.run(&session, &[]).expect_err("it has no value");
    assert_eq!(unbound.diagnostics[0].span.map(|span| span.of(query.text())), Some("$who"));
    let unknown = query.run(&session, &[("who", "Erdogn".into())]).expect_err("nobody is called so");
    assert!(unknown.to_string().ends_with("did you mean `\"Recep Tayyip Erdogan\"`?"), "{unknown}");
}

#[test]
fn a_prepared_query_sees_what_the_session_has_bound() {
    let mut session = session();
    let no_file = |_: &str, _: &str| Err("no file".to_owned());
    session.run("input", "let term = meetings since 2024-05-07", &no_file);
    session.parameters.insert("venue".to_owned(), "home".into());
    let query = session.prepare("let n = term where venue = $venue; n | count").expect("it parses");
    assert_eq!(count(&session, &query, &[]), 9);
    assert_eq!(count(&session, &query, &[("venue", "abroad".into())]), 12);
    assert!(session.names().eq(["term"]));
}

#[test]
fn sessions_and_prepared_queries_go_between_threads() {
    fn goes_between_threads<T: Send + Sync + Clone + 'static>() {}
    goes_between_threads::<Session>();
    goes_between_threads::<Prepared>();
    goes_between_threads::<Answer>();

    let session = session();
    let query = session.prepare("meetings with $who since 2024-05-07 | count").expect("it parses");
    let counts = std::thread::scope(|scope| {
        let ask = |who: &'static str| scope.spawn(|| count(&session, &query, &[("who", who.into())]));
        [ask("China"), ask("Hungary"), ask("Asia")].map(|thread| thread.join().expect("it does not panic"))
    });
    assert_eq!(counts, [2, 1, 15]);
}

#[test]
fn limits_stop_a_run() {
    let code = |session: &Session, query: &str| match session.ask(query) {
        Ok(_) => "",
        Err(trouble) => trouble.diagnostics[0].code.text(),
    };
    let mut small = session();
    small.most_rows = 20;
    assert_eq!(code(&small, "meetings since 2024-05-07"), "D0303");

    let lines: String = (0..5_000).map(|n| format!("{n}\n")).collect();
    let bytes = format!("n\n{lines}").into_bytes();
    let file = File { name: "numbers.csv".to_owned(), bytes: bytes.into() };
    let (store, _) = read_file(file, &Options::default()).expect("it is a table");
    let many = Session::new(store, days(2024, 7, 11)).expect("it has no derived fields");
    assert_eq!(code(&many, "events where n > 10 | count"), "");
    many.clone().interrupt.store(true, Ordering::Relaxed);
    assert_eq!(code(&many, "events where n > 10 | count"), "D0304");
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Venue {
    Home,
    Abroad,
    Online,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Name(String);

#[derive(Debug, PartialEq, Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    leader: &'a str,
    venue: Option<Venue>,
    previous: Option<String>,
    gap: Option<String>,
    #[serde(default)]
    nothing: u8,
}

#[test]
fn rows_become_structs() {
    let answer = ask("meetings with Erdogan since 2023 | gap by leader | select leader, venue, date, previous, gap");
    let rows: Vec<Row<'_>> = answer.rows_as().expect("the rows fit");
    let last = rows.last().expect("there are meetings");
    assert_eq!(last.leader, "Recep Tayyip Erdogan");
    assert_eq!(
        (&last.venue, last.previous.as_deref(), last.gap.as_deref()),
        (&Some(Venue::Abroad), Some("2023-09-04"), Some("P303D"))
    );
    assert_eq!((&rows[0].previous, &rows[0].gap, rows[0].nothing), (&None, &None, 0));
}

#[test]
fn rows_become_tuples_maps_and_single_values() {
    let pairs: Vec<(String, u8)> = ask("meetings since 2024-05-07 | count by venue").rows_as().expect("pairs");
    assert_eq!(pairs, [("abroad".to_owned(), 12), ("home".to_owned(), 9)]);
    let maps: Vec<BTreeMap<String, serde_json::Value>> =
        ask("meetings since 2024-05-07 | take 1 | select a = 1, b = 0.5, c = (1, 2), d = true, e = missing")
            .rows_as()
            .expect("maps");
    assert_eq!(serde_json::json!(maps[0]), serde_json::json!({"a": 1, "b": 0.5, "c": [1, 2], "d": true, "e": null}));
    let lists: Vec<Vec<f64>> = ask("meetings | take 1 | select x = 1, y = 2").rows_as().expect("lists");
    assert_eq!(lists, [[1.0, 2.0]]);
    let names: Vec<Option<Name>> = ask("meetings since 2024-07 | distinct occasion").rows_as().expect("names");
    assert!(names.contains(&None) && names.contains(&Some(Name("sco-summit-astana".to_owned()))), "{names:?}");
}

#[test]
fn a_row_that_does_not_fit_says_which_and_why() {
    let answer = ask("meetings with Erdogan since 2023 | gap by leader | select date, gap");
    let wrong = answer.rows_as::<(String, i64)>().expect_err("a gap is no integer").to_string();
    assert_eq!(wrong, "row 1, column `gap`: expected i64, and the value is missing");
    let wrong = answer.rows_as::<Row<'_>>().expect_err("there is no `leader`").to_string();
    assert_eq!(wrong, "row 1: missing field `leader`");
    let wrong = answer.rows_as::<String>().expect_err("there are two columns").to_string();
    assert_eq!(wrong, "row 1: a row of 2 columns is no single value");
    let wrong = ask("meetings | select venue").rows_as::<u8>().expect_err("a venue is no number");
    assert_eq!(wrong.to_string(), "row 1: expected u8, found string \"abroad\"");
}
