//! Rules of the language that are easily got wrong, each by a few queries on a few rows.

use demarche::dataset::{File, Options, built_in, read_file, read_folder};
use demarche::render::delimited;
use demarche::session::Session;
use demarche::store::Store;
use demarche::value::days;

const ROWS: &str = r#"{"id": "a", "date": "2024-05-01", "n": 1, "x": 1.0, "flag": true, "scores": [0, 10], "tags": ["b"]}
{"id": "b", "date": "2024-05/2024-06", "n": 2, "x": 1.0, "flag": false, "scores": [3, 4], "tags": ["a", "c"]}
{"id": "c", "date": "../2024-07-01", "x": 0.5, "flag": true, "scores": [], "tags": []}
{"id": "d", "n": 3, "scores": [5], "tags": ["a"]}"#;

fn session(store: Store) -> Session {
    Session::new(store, days(2024, 7, 11)).expect("derived fields are expressions")
}

fn rows_of(session: &Session, query: &str) -> String {
    match session.ask(query) {
        Ok(answer) => delimited(&answer, b',').lines().skip(1).collect::<Vec<_>>().join(" / "),
        Err(trouble) => trouble.diagnostics.iter().map(|wrong| wrong.message.clone()).collect::<Vec<_>>().join(" / "),
    }
}

/// Checks the answer to a query on the rows above, or the message of what is wrong with it.
#[track_caller]
fn check(query: &str, expected: &str) {
    check_of(ROWS, query, expected);
}

/// Checks the answer to a query on these rows, or the message of what is wrong with it.
#[track_caller]
fn check_of(rows: &str, query: &str, expected: &str) {
    let file = File { name: "rows.jsonl".to_owned(), bytes: rows.to_owned().into() };
    let session = session(read_file(file, &Options::default()).expect("the rows are right").0);
    assert_eq!(rows_of(&session, query), expected, "{query}");
}

/// Checks the answer to a query on the built-in data.
#[track_caller]
fn check_built_in(query: &str, expected: &str) {
    assert_eq!(rows_of(&session(built_in()), query), expected, "{query}");
}

/// A session on a folder of talks.
fn talks(events: &str) -> Session {
    let manifest = r#"{"name": "x", "show": ["id"], "kinds": [{"name": "talk", "plural": "talks", "sides": "symmetric",
        "meaning": ""}], "fields": [
        {"name": "id", "type": "text", "cardinality": "one", "meaning": ""},
        {"name": "kind", "type": "symbol", "cardinality": "one", "meaning": ""},
        {"name": "date", "type": "date", "cardinality": "one", "meaning": ""},
        {"name": "related", "type": "event", "cardinality": "many", "meaning": ""}]}"#;
    let files = [("dataset.json", manifest), ("events.jsonl", events)];
    let files = files.map(|(name, text)| File { name: name.to_owned(), bytes: text.to_owned().into() });
    session(read_folder("x", files.to_vec(), &Options::default()).expect("the data is right").0)
}

#[test]
fn missing_sorts_last_either_way_and_a_list_of_nothing_is_missing() {
    check("events | sort n, id | select id", "a / b / d / c");
    check("events | sort n desc, id | select id", "d / b / a / c");
    check("events | sort scores | select id", "a / b / d / c");
    check("events | sort scores desc | select id", "d / b / a / c");
    check("events where scores is missing | select id", "c");
}

#[test]
fn every_is_unknown_of_a_list_of_nothing() {
    check("events where every scores > 2 | sort id | select id", "b / d");
    check("events where every scores != 3 | sort id | select id", "a / d");
    check("events where possibly every scores != 3 | sort id | select id", "a / c / d");
    check("events where every tags in (a, c) | sort id | select id", "b / d");
    check("events where every tags not in (b, c) | select id", "d");
}

#[test]
fn not_equal_is_the_exact_negation() {
    check("events where scores = 3 | select id", "b");
    check("events where scores != 3 | sort id | select id", "a / c / d");
    check("events where not scores = 3 | sort id | select id", "a / c / d");
    check("events where n != 1 | sort id | select id", "b / d");
    check("events where possibly n != 1 | sort id | select id", "b / c / d");
}

#[test]
fn one_value_of_a_list_is_between_both_bounds() {
    check("events where scores between 1 and 6 | sort id | select id", "b / d");
    check("events where scores in 1..6 | sort id | select id", "b / d");
    check("events where scores not between 1 and 6 | sort id | select id", "a / c");
    check("events where every scores between 0 and 4 | select id", "b");
    check("events where n between 2 and 3 | sort id | select id", "b / d");
}

#[test]
fn a_list_holds_what_is_there() {
    check("events | where id = a | select x = (n, missing, n + 1)", "1; 2");
    check("events | where id = a | select x = (1, missing)", "1");
}

#[test]
fn a_list_has_no_sign() {
    check("events | select x = -scores", "arithmetic takes single values, found a list of ints");
    check("events | select x = n + (events | where id = a | select scores)", {
        "arithmetic takes single values, found a list of ints"
    });
}

#[test]
fn values_of_one_column_are_of_one_type() {
    check("events | count by value = if(id = a, n, x)", "0.5,1 / 1,2 / ,1");
    check("events | where id in (a, b) | count by value = coalesce(n, x)", "1,1 / 2,1");
}

#[test]
fn one_value_beside_a_list_is_a_list() {
    check("events | sort if(flag, tags, id) desc | select id", "a / b / c / d");
    check("events | select x = if(flag, tags, id) | expand x | sort x | distinct", "b");
}

#[test]
fn a_date_may_be_open() {
    check("events | sort id | select id, certainty(date)", "a,day / b,month / c,range / d,");
    check("events where id = c | select date, month, end(date)", "[..2024-07-01],,2024-07-01");
}

#[test]
fn dates_and_periods_sort_together() {
    check("events | sort if(flag, date, 2024-06) | select id", "c / a / b / d");
}

#[test]
fn what_is_shown_is_what_distinct_compares() {
    check("events | select flag | distinct", "true / false / \"\"");
    check("events | select double = n * 2 | distinct | sort double", "2 / 4 / 6 / \"\"");
}

#[test]
fn what_is_derived_is_shown_and_means_what_it_says() {
    check("events | derive n = \"x\" | select n | distinct", "x");
    check_built_in("meetings of Orban | derive topics = \"x\" | take 1 | select topics", "x");
    let columns = |query: &str| session(built_in()).ask(query).map_or(0, |answer| answer.columns.len());
    assert_eq!(columns("meetings | derive topics = \"x\""), columns("meetings") + 1);
    assert_eq!(columns("meetings | expand topics"), columns("meetings") + 1);
    check_built_in("meetings | derive leader = \"x\" | select country", "there is no field `country`");
    check_built_in("meetings | derive date = leader.`since` | gap by kind", "`gap` needs rows with a date");
    check_built_in("(meetings | derive end = \"x\") during 2024-05 | take 1 | select end", "x");
    check_built_in("meetings | derive source = \"x\" | cite", "these rows name no sources");
}

#[test]
fn a_length_known_within_bounds_stays_so() {
    let bounded = "events where id = b | select x = (2024-07-01 - date)";
    check(bounded, "P31D/P61D");
    check(&format!("{bounded} * 2"), "P62D/P122D");
    check(&format!("{bounded} * (0 - 1)"), "P-61D/P-31D");
    check(&format!("{bounded} / 2"), "P15DT12H/P30DT12H");
}

#[test]
fn a_quantile_has_a_part() {
    check("events | summarize q = quantile(n, 0.5)", "2");
    check("events | summarize q = quantile(n, id)", "expected a number from 0 to 1, found a text");
    check("events | summarize q = quantile(n, missing)", "expected a number from 0 to 1, found `missing`");
}

#[test]
fn a_trailing_time_holds_what_certainly_lies_in_it() {
    let rows = r#"{"id": "some day", "date": "[2024-05-01..2024-06-30]"}
{"id": "tenth", "date": "2024-05-10"}
{"id": "also tenth", "date": "2024-05-10"}
{"id": "july", "date": "2024-07-05"}
{"id": "never"}"#;
    let rolling = |window: &str| format!("events | rolling {window} k = count() | select id, k");
    check_of(rows, &rolling("30 days"), "some day,1 / tenth,1 / also tenth,2 / july,1 / never,");
    check_of(rows, &rolling("70 days"), "some day,1 / tenth,1 / also tenth,2 / july,4 / never,");
    check_of(rows, &rolling("0 days"), "some day,1 / tenth,1 / also tenth,1 / july,1 / never,");
    check_of(rows, &rolling("900000 years"), "some day,1 / tenth,1 / also tenth,2 / july,4 / never,");
}

#[test]
fn what_is_filled_in_is_of_the_kind_of_its_column() {
    let by = "events | where flag is present | summarize";
    check(&format!("{by} t = max(x) by month, flag | pivot flag | fill to 2024-06"), "2024-05,1,1 / 2024-06,, / ,,0.5");
    check(
        &format!("{by} t = count() by month, flag | pivot flag | fill to 2024-06"),
        "2024-05,1,1 / 2024-06,0,0 / ,0,1",
    );
    check("events | count by month | derive count = 'x' | fill to 2024-06", "2024-05,x / 2024-06, / ,x");
    check("events where id = d | count by month | fill", ",1");
    check("events | count by month | fill to (2024-05..)", "`fill` goes from a date to a date");
}

#[test]
fn rows_are_groups_as_long_as_their_keys_are_what_they_were() {
    let by = "events | count by month, flag";
    check(&format!("{by} | derive month = 'x' | fill"), "`fill` needs groups by a part of the date");
    check(&format!("{by} | join events on flag | pivot flag"), "`pivot` needs rows that are groups");
    check("events | summarize t = list(x) by n, flag | expand t | pivot n", "`pivot` needs rows that are groups");
}

#[test]
fn tables_agree_on_an_int_and_a_float_that_are_equal() {
    let others = "(events | select k = x, other = id)";
    check(&format!("events | select id, k = n | join {others} on k"), "a,1,a / a,1,b");
}

#[test]
fn no_event_follows_itself_and_the_next_of_one_day_is_the_next_in_the_data() {
    let events = r#"{"id": "first", "kind": "talk", "date": "2024-01-05"}
{"id": "second", "kind": "talk", "date": "2024-01-05"}
{"id": "third", "kind": "talk", "date": "2024-01-05"}
{"id": "spring", "kind": "talk", "date": "2024-04"}"#;
    let session = talks(events);
    let followed = "talks | followed by (talks | sort id desc) within 10 days | select id, next, followed";
    assert_eq!(rows_of(&session, followed), "first,second,yes / second,third,yes / third,,no / spring,,open");
    let preceded = "talks | preceded by (talks | sort id desc) within 10 days | select id, previous, preceded";
    assert_eq!(rows_of(&session, preceded), "first,,no / second,first,yes / third,second,yes / spring,,no");
}

#[test]
fn references_to_several_events_follow_them() {
    let events = r#"{"id": "late", "kind": "talk", "date": "2024-05-02", "related": ["early"]}
{"id": "early", "kind": "talk", "date": "2024-05-01", "related": ["late", "early"]}"#;
    let session = talks(events);
    assert_eq!(rows_of(&session, "talks | select id, related.id"), "early,late; early / late,early");
}

/// A session on visits to cities and to countries, with a state that is no more.
fn stays(events: &str, countries: &str) -> Session {
    let manifest = r#"{"name": "x", "show": ["id"], "kinds": [{"name": "visit", "plural": "visits", "sides": "directed",
        "meaning": ""}], "fields": [
        {"name": "id", "type": "text", "cardinality": "one", "meaning": ""},
        {"name": "kind", "type": "symbol", "cardinality": "one", "meaning": ""},
        {"name": "date", "type": "date", "cardinality": "one", "meaning": ""},
        {"name": "participants", "type": "leader", "cardinality": "many", "meaning": ""},
        {"name": "actor", "type": "leader", "cardinality": "one", "meaning": ""},
        {"name": "leader", "type": "leader", "cardinality": "many", "meaning": ""},
        {"name": "country", "type": "country", "cardinality": "one", "meaning": ""},
        {"name": "host", "type": "country", "cardinality": "one", "meaning": "",
            "expression": "if(country is missing, \"United States\", country)"},
        {"name": "places", "type": "place", "cardinality": "many", "meaning": ""}], "tables": {"countries": [
        {"name": "dissolved", "type": "date", "cardinality": "one", "meaning": ""},
        {"name": "successors", "type": "country", "cardinality": "many", "meaning": ""}]}}"#;
    let leaders = r#"{"name": "Ada"}
{"name": "Grace"}"#;
    let places = r#"{"name": "Havana", "country": "Cuba"}
{"name": "Moscow", "country": "Russia"}"#;
    let files = [
        ("dataset.json", manifest),
        ("events.jsonl", events),
        ("leaders.jsonl", leaders),
        ("places.jsonl", places),
        ("countries.jsonl", countries),
    ];
    let files = files.map(|(name, text)| File { name: name.to_owned(), bytes: text.to_owned().into() });
    session(read_folder("x", files.to_vec(), &Options::default()).expect("the data is right").0)
}

const STAYS: &str = r#"["id", "kind", "date", "actor", "participants", "country", "places"]
["a", "visit", "1866-01-20", "Ada", null, "Spain", ["Havana"]]
["b", "visit", "1990-05-15", "Ada", ["Grace"], "Soviet Union", ["Moscow", "Havana"]]
["c", "visit", "1991-05-15", "Grace", ["Grace", "Ada"], null, null]"#;
const STATES: &str = r#"{"name": "Soviet Union", "region": ["Europe"], "dissolved": "1991-12-26", "successors": ["Russia", "Ukraine"]}
{"name": "Spain", "names": ["Kingdom of the Spains"], "note": "An empire then."}"#;

#[test]
fn events_may_be_arrays_below_an_array_of_names_and_an_actor_takes_part() {
    let session = stays(STAYS, STATES);
    assert_eq!(
        rows_of(&session, "visits | select id, participants, leader"),
        "a,Ada, / b,Ada; Grace,Grace / c,Grace; Ada,Ada"
    );
    assert_eq!(rows_of(&session, "visits with Grace | select id"), "b / c");
}

#[test]
fn where_it_was_is_any_of_the_places_and_the_host() {
    let session = stays(STAYS, STATES);
    assert_eq!(rows_of(&session, "visits in Havana | select id"), "a / b");
    assert_eq!(rows_of(&session, "visits in Spain | select id"), "a");
    // Havana lies in Cuba today, and Spain was the host.
    assert_eq!(rows_of(&session, "visits in Cuba | count"), "0");
    assert_eq!(rows_of(&session, "visits in \"United States\" | select id"), "c");
    assert_eq!(rows_of(&session, "visits in Europe | select id"), "a / b");
}

#[test]
fn a_data_set_adds_to_what_the_reference_tables_say() {
    let session = stays(STAYS, STATES);
    let states = "countries where dissolved is present | select name, dissolved, successors";
    assert_eq!(rows_of(&session, states), "Soviet Union,1991-12-26,Russia; Ukraine");
    let spain = "countries where name = \"Kingdom of the Spains\" | select name, iso3, capital, note";
    assert_eq!(rows_of(&session, spain), "Spain,ESP,Madrid,An empire then.");
    assert_eq!(rows_of(&session, "countries where name = \"España\" | select name"), "Spain");
}

#[test]
fn a_list_of_countries_is_these_and_not_what_refers_to_them() {
    let session = stays(STAYS, STATES);
    assert_eq!(rows_of(&session, "visits where country in (\"Soviet Union\", Spain) | select id"), "a / b");
    assert_eq!(rows_of(&session, "visits where country in (Russia, Ukraine) | count"), "0");
    check_built_in("meetings where occasion in (\"sco-summit-astana\", \"spief-2024\") | count", "9");
}
