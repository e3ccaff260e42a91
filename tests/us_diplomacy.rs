//! The data set `us-diplomacy` says what its raw tables say: every row is in one event, with its dates and its words, and
//! every name in it is one of something.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use demarche::dataset::{File, Options, read_folder, shipped};
use demarche::render::{delimited, report, table as table_of};
use demarche::session::{Reply, Session};
use demarche::store::Found;
use demarche::value::{days, fold};

const VISITS: &str = include_str!("../datasets/us-diplomacy/us_visits.tsv");
const TRAVELS: &str = include_str!("../datasets/us-diplomacy/us_travels.tsv");
const EVENTS: &str = include_str!("../src/dataset/us-diplomacy/events.jsonl");
const LEADERS: &str = include_str!("../src/dataset/us-diplomacy/leaders.jsonl");
const PLACES: &str = include_str!("../src/dataset/us-diplomacy/places.jsonl");
const COUNTRIES: &str = include_str!("../src/dataset/us-diplomacy/countries.jsonl");
const MANIFEST: &str = include_str!("../src/dataset/us-diplomacy/dataset.json");
const REFERENCE: &str = include_str!("../src/dataset/reference/countries.jsonl");

/// Rows of trips that stand twice, with the row of the same stay that is kept.
const MERGED: [(&str, &str); 3] = [("4019", "3992"), ("4020", "3993"), ("3994", "4021")];
/// Trips of 1992 to what had been the Soviet Union.
const CORRECTED: [&str; 3] = ["459", "467", "469"];

type Json = serde_json::Value;
type Row<'a> = BTreeMap<&'a str, &'a str>;

fn table(text: &str) -> Vec<Row<'_>> {
    let mut lines = text.lines().map(|line| line.split('\t'));
    let names: Vec<&str> = lines.next().expect("it has a header").collect();
    lines.map(|cells| names.iter().copied().zip(cells).collect()).collect()
}

fn records(text: &str) -> Vec<Json> {
    text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

/// The events by their ids.
fn events() -> BTreeMap<String, Json> {
    let lines = records(EVENTS);
    let names: Vec<&str> =
        lines[0].as_array().expect("names").iter().map(|name| name.as_str().expect("a name")).collect();
    let event = |cells: &Json| {
        let cells = cells.as_array().expect("a line is an array").clone();
        Json::Object(names.iter().map(|name| (*name).to_owned()).zip(cells).collect())
    };
    let events: BTreeMap<_, _> =
        lines[1..].iter().map(event).map(|event| (event["id"].as_str().expect("an id").to_owned(), event)).collect();
    assert_eq!(events.len(), lines.len() - 1, "no id stands twice");
    events
}

fn texts(value: &Json) -> Vec<&str> {
    value.as_array().map_or(Vec::new(), |items| items.iter().filter_map(Json::as_str).collect())
}

fn session() -> Session {
    Session::new(shipped("us-diplomacy").expect("it ships"), days(2024, 11, 12))
        .expect("derived fields are expressions")
}

/// The rows of an answer, cells by `,`.
fn ask(session: &Session, query: &str) -> Vec<String> {
    let answer = session.ask(query).unwrap_or_else(|trouble| panic!("{}", report(&trouble, false, 100)));
    delimited(&answer, b',').lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn every_row_is_in_one_event_with_its_dates_and_words() {
    let events = events();
    let mut of_rows = BTreeSet::new();
    for (prefix, text, words) in [("visit", VISITS, "description"), ("trip", TRAVELS, "remarks")] {
        for row in table(text) {
            if prefix == "trip" && MERGED.iter().any(|(left, _)| *left == row["id"]) {
                continue;
            }
            let id = format!("{prefix}-{}", row["id"]);
            let event = events.get(&id).unwrap_or_else(|| panic!("{id} is not there"));
            let (start, end) = (row["start_date"], row["end_date"]);
            let date = if start == end { start.to_owned() } else { format!("{start}/{end}") };
            assert_eq!(event["date"], date.as_str(), "{id}");
            assert_eq!(event["summary"].as_str().unwrap_or(""), row[words], "{id}");
            assert_eq!(event["kind"], prefix, "{id}");
            assert_eq!(event["status"], "held", "{id}");
            assert!(of_rows.insert(id));
        }
    }
    let others: Vec<&Json> = events.iter().filter(|(id, _)| !of_rows.contains(*id)).map(|(_, event)| event).collect();
    assert!(others.iter().all(|event| event["kind"] == "inauguration"));
    assert_eq!((of_rows.len(), others.len()), (3_264 + 4_268, 47));
}

#[test]
fn what_is_merged_is_the_same_stay_and_told() {
    let rows = table(TRAVELS);
    let row = |id: &str| rows.iter().find(|row| row["id"] == id).expect("the row is there");
    for (left, kept) in MERGED {
        for name in ["who", "start_date", "country", "locale"] {
            assert_eq!(row(left)[name], row(kept)[name], "{left}: {name}");
        }
        assert!(row(left)["end_date"] <= row(kept)["end_date"]);
        assert!(MANIFEST.contains(left) && MANIFEST.contains(kept), "the notes tell of {left}");
    }
}

#[test]
fn an_actor_has_the_name_and_the_office_of_the_row() {
    let events = events();
    let leaders = records(LEADERS);
    let leaders: BTreeMap<_, _> =
        leaders.iter().map(|leader| (leader["name"].as_str().expect("a name"), leader)).collect();
    let is_named = |leader: &str, text: &str| {
        let text = fold(text).replace("- ", "-");
        let names = std::iter::once(leader).chain(texts(&leaders[leader]["names"]));
        names.map(fold).any(|name| text.contains(&name))
    };
    for row in table(VISITS) {
        let event = &events[&format!("visit-{}", row["id"])];
        let actor = event["actor"].as_str().expect("a visit has an actor");
        assert!(is_named(actor, row["visitor"]), "{}: {actor} is no `{}`", row["id"], row["visitor"]);
        let office = fold(event["office"].as_str().unwrap_or("")).replace("-designate", "").replace("-elect", "");
        let said = fold(row["visitor"]).replace("minster", "minister");
        assert!(said.contains(&office), "{}: {office} is not in {said}", row["id"]);
    }
    for row in table(TRAVELS) {
        let Some(event) = events.get(&format!("trip-{}", row["id"])) else { continue };
        let actor = event["actor"].as_str().expect("a trip has an actor");
        assert!(is_named(actor, row["name"]), "{}: {actor} is no `{}`", row["id"], row["name"]);
        let is_secretary = event["office"] == "Secretary of State";
        assert_eq!(is_secretary, row["role"] == "secretary", "{}", row["id"]);
    }
}

#[test]
fn a_country_is_the_one_that_the_row_names() {
    let events = events();
    let store = shipped("us-diplomacy").expect("it ships");
    let countries = store.domain(store.domain_named("country").expect("there are countries"));
    // One spelling of several countries: both Koreas, the mainland and Taiwan, a country and a region.
    let shared = ["Korea", "China, Republic of"];
    let rows =
        |text, name, prefix| table(text).into_iter().map(move |row| (format!("{prefix}-{}", row["id"]), row[name]));
    for (id, said) in rows(VISITS, "from", "visit").chain(rows(TRAVELS, "country", "trip")) {
        let Some(event) = events.get(&id) else { continue };
        let country = event["country"].as_str().expect("it has a country");
        if CORRECTED.iter().any(|row| id == format!("trip-{row}")) {
            assert_eq!((said, country), ("U.S.S.R.", "Russia"), "{id}");
        } else if shared.contains(&said) {
            assert!(["South Korea", "China", "Taiwan"].contains(&country), "{id}");
        } else {
            let Found::One(code) = countries.find(said) else { panic!("`{said}` names no country") };
            assert_eq!(countries.name_of(code), country, "{id}");
        }
    }
}

#[test]
fn every_name_is_one_of_something() {
    let files = [
        ("dataset.json", MANIFEST),
        ("events.jsonl", EVENTS),
        ("leaders.jsonl", LEADERS),
        ("places.jsonl", PLACES),
        ("countries.jsonl", COUNTRIES),
    ];
    let files = files.map(|(name, text)| File { name: name.to_owned(), bytes: text.into() });
    let told = |errors: Vec<_>| errors.iter().map(|error| format!("{error:?}\n")).collect::<String>();
    let (store, skipped) =
        read_folder("us-diplomacy", files.into(), &Options::default()).map_err(told).expect("it is right");
    assert!(skipped.is_empty());
    assert_eq!(store.tables[0].rows, 7_579);
    assert_eq!(store.about.name, "us-diplomacy");
    let session = session();
    for query in [
        "leaders where country is missing",
        "places where country is missing and name != \"French West Indies\"",
        "stays where country is missing or host is missing or administration is missing",
        "trips where journey is missing or journey.actor != actor or journey.date > date",
        "events where actor is missing or source is missing or role is missing",
        "countries where dissolved is present and (founded is missing or successors is missing or source is missing)",
    ] {
        assert_eq!(ask(&session, &format!("{query} | count")), ["0"], "{query}");
    }
    let mut cited: BTreeSet<&str> = BTreeSet::new();
    let events = events();
    let leaders = records(LEADERS);
    cited.extend(events.values().flat_map(|event| texts(&event["source"])));
    cited.extend(leaders.iter().filter_map(|leader| leader["source"].as_str()));
    let sources: BTreeSet<&str> = store.about.sources.keys().map(String::as_str).collect();
    assert_eq!(cited, sources);
}

#[test]
fn the_first_place_is_the_place_and_coordinates_are_those_of_capitals() {
    for (id, event) in events() {
        assert_eq!(event["place"].as_str(), texts(&event["places"]).first().copied(), "{id}");
    }
    let capitals: BTreeMap<String, Json> = records(REFERENCE)
        .into_iter()
        .map(|country| (country["name"].as_str().unwrap_or("").to_owned(), country))
        .collect();
    let mut located = 0;
    for place in records(PLACES).iter().filter(|place| place.get("latitude").is_some()) {
        let country = &capitals[place["country"].as_str().expect("a capital lies in its country")];
        assert_eq!((&place["latitude"], &place["longitude"]), (&country["latitude"], &country["longitude"]), "{place}");
        let names = std::iter::once(place["name"].as_str().unwrap_or("")).chain(texts(&place["names"]));
        let capital = fold(country["capital"].as_str().unwrap_or(""));
        assert!(names.map(fold).any(|name| name == capital), "{place} is no capital");
        located += 1;
    }
    assert!(located > 150, "{located}");
}

#[test]
fn a_name_in_a_row_is_the_one_who_is_meant_or_nobody() {
    let events = events();
    let met: [(&str, &[&str]); 12] = [
        // Who came as President is met as premier, and the Soviet Union's chairman is its President.
        ("trip-2517", &["Hu Jintao", "Vladimir Putin"]),
        ("trip-2335", &["Mikhail Gorbachev"]),
        // A father or a namesake is another.
        ("trip-62", &[]),
        ("trip-752", &[]),
        ("trip-2175", &["Victor Paz Estenssoro"]),
        // A king is not his heir, who was there himself.
        ("trip-3960", &["Salman bin Hamad Al Khalifa"]),
        // A secretary accompanies and joins the President, whatever follows his name.
        ("trip-413", &["Mikhail Gorbachev", "George H.W. Bush"]),
        ("trip-1750", &["Richard M. Nixon"]),
        ("trip-161", &["William J. Clinton"]),
        ("trip-3854", &["Donald J. Trump"]),
        ("trip-2008", &[]),
        ("visit-888", &["George H.W. Bush"]),
    ];
    for (id, leaders) in met {
        assert_eq!(texts(&events[id]["participants"]), leaders, "{id}");
    }
}

#[test]
fn a_place_is_the_city_and_not_the_state() {
    let events = events();
    let named: [(&str, &[&str]); 5] = [
        ("visit-1127", &["New York City", "Chicago", "St. Louis"]),
        ("visit-1247", &["Honolulu", "Williamsburg", "Philadelphia", "New York City", "Boston", "Los Angeles"]),
        ("visit-2357", &["Jamestown", "Williamsburg", "Washington", "New York City"]),
        ("visit-1164", &["Hyde Park"]),
        ("visit-2384", &[]),
    ];
    for (id, places) in named {
        assert_eq!(texts(&events[id]["places"]), places, "{id}");
    }
    assert!(events["visit-2307"]["protocol"].is_null(), "a visit to a city is not the kind of the visit");
}

#[test]
fn putin_came_seven_times() {
    let dates = ["2000-09-06", "2001-11-12", "2003-09-26", "2004-06-08", "2005-09-16", "2007-07-01", "2015-09-28"];
    let session = session();
    assert_eq!(ask(&session, "visits of Putin in \"United States\" | select date"), dates);
    assert_eq!(ask(&session, "visits of Putin | select date"), dates);
    assert_eq!(ask(&session, "visits of Putin in Russia | count"), ["0"]);
}

#[test]
fn presidents_follow_one_another() {
    let session = session();
    let presidents = "inaugurations | distinct actor | count";
    // Cleveland and Trump came back.
    assert_eq!(ask(&session, presidents), ["29"]);
    for (day, president) in [
        ("1963-11-22", "Lyndon B. Johnson"),
        ("1974-08-09", "Gerald R. Ford"),
        ("1981-01-20", "Ronald Reagan"),
        ("2025-01-20", "Donald J. Trump"),
    ] {
        assert_eq!(ask(&session, &format!("inaugurations where date = {day} | select actor")), [president], "{day}");
    }
    let wrong = "trips where role = president and office = \"President\" and administration != actor";
    assert_eq!(ask(&session, &format!("{wrong} | select id")), [""; 0]);
}

#[test]
fn questions_are_answered_as_recorded_and_what_is_claimed_holds() {
    let mut session = session();
    let text = include_str!("../examples/us-diplomacy.dmq");
    let mut answers = Vec::new();
    let mut held = 0;
    for reply in session.run("us-diplomacy", text, &|_, _| Err(String::new())) {
        match reply {
            Reply::Answer(answer) => answers.push(table_of(&answer, false, 100)),
            Reply::Met(_) => held += 1,
            Reply::Bound(_) => {}
            Reply::Wrong(trouble) => panic!("{}", report(&trouble, false, 100)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(answers.len(), text.lines().filter(|line| line.starts_with("# ") && line.ends_with('?')).count());
    assert!(answers.len() >= 34 && held >= 34, "{} answers, {held} claims", answers.len());
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/us_diplomacy.txt");
    let said = answers.join("\n");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(file, &said).expect("the answers can be written");
    }
    assert_eq!(said, std::fs::read_to_string(file).expect("the answers are recorded"));
}

/// Where there is no Python, the files are held by the other tests alone.
#[test]
fn the_conversion_gives_these_files() {
    let convert = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/us-diplomacy/convert.py");
    let Ok(output) = Command::new("python3").args(["-B", convert, "--check"]).output() else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
