//! Random data sets: a folder with its manifest or a bare file, as rows that can be dropped one by one, read by the
//! real readers into a store.

use demarche::dataset::{File, Options, read_file, read_folder};
use demarche::store::Store;
use demarche::value::parse_edtf;
use serde_json::{Map, Value as Json, json};

use super::random::Random;

/// A data set as rows.
#[derive(Clone)]
pub struct Data {
    /// The manifest, if it is a folder.
    pub manifest: Option<Json>,
    /// The files and their rows; of a bare file there is one.
    pub tables: Vec<(&'static str, Vec<Map<String, Json>>)>,
    /// The columns of a file with a header line.
    columns: Vec<&'static str>,
}

/// Texts of which several differ only in case or diacritics.
pub const TEXTS: &[&str] =
    &["Łódź", "lodz", "LODZ", "gas", "Gas deal", "gás", "oil; gas", "nuclear", "Nuclear talks", " oil ", "", "Orbán"];
/// Countries of which many are in blocs, some since not long ago.
pub const COUNTRIES: &[&str] =
    &["Russia", "China", "India", "Hungary", "Poland", "Brazil", "Iran", "Kenya", "Egypt", "Iceland"];
const LEADERS: &[&str] = &["Ana Ábel", "bo Chen", "Cy Dvořák", "Édith Fox", "Gus Hill", "ivo Jó"];
const PLACES: &[&str] = &["Port Ana", "Łuck", "Bay", "Cove", "Delta"];
const SOURCES: &[&str] = &["wire", "wire#2", "paper", "gazette"];

impl Data {
    /// A data set: mostly a small folder, now and then a bare file, seldom thousands of rows.
    pub fn generate(random: &mut Random) -> Self {
        let rows = match random.below(50) {
            0 => random.between(3000, 5000),
            1..3 => 1,
            3..20 => random.between(2, 12),
            _ => random.between(13, 60),
        };
        match random.below(10) {
            0 => Self::separated(random, rows),
            1 | 2 => Self::lines(random, rows),
            _ => folder(random, rows),
        }
    }

    /// A file with a header line, in which everything is text until its type is inferred.
    fn separated(random: &mut Random, rows: i64) -> Self {
        let mut columns = vec!["who", "n", "x", "flag", "when"];
        if !random.one_in(4) {
            columns.push("date");
        }
        let rows = (0..rows).map(|_| bare_row(random, &columns)).collect();
        Self { manifest: None, tables: vec![("talks.csv", rows)], columns }
    }

    /// A file with an object a line, with lists.
    fn lines(random: &mut Random, rows: i64) -> Self {
        let columns = ["who", "n", "x", "flag", "when", "date", "tags", "scores"];
        let rows = (0..rows).map(|_| bare_row(random, &columns)).collect();
        Self { manifest: None, tables: vec![("talks.jsonl", rows)], columns: Vec::new() }
    }

    /// The files as text, for the reader and for whoever looks at a failure.
    pub fn files(&self) -> Vec<(String, String)> {
        let mut files = Vec::new();
        if let Some(manifest) = &self.manifest {
            files.push(("dataset.json".to_owned(), manifest.to_string()));
        }
        let ids: Vec<&Json> = self.tables[0].1.iter().filter_map(|event| event.get("id")).collect();
        for (name, rows) in &self.tables {
            let text = if self.columns.is_empty() { lines_of(rows, &ids) } else { separated_of(rows, &self.columns) };
            files.push(((*name).to_owned(), text));
        }
        files
    }

    /// The same with fewer rows of its first table, the events: without each half, quarter and so on down to one row.
    pub fn smaller(&self) -> Vec<Self> {
        let rows = self.tables[0].1.len();
        let mut all = Vec::new();
        let mut size = rows.div_ceil(2);
        while size > 0 {
            for start in (0..rows).step_by(size) {
                let mut data = self.clone();
                data.tables[0].1.drain(start..(start + size).min(rows));
                all.extend((!data.tables[0].1.is_empty()).then_some(data));
            }
            size = if size == 1 || rows / size > 60 { 0 } else { size.div_ceil(2) };
        }
        all
    }

    /// The store that the readers make of the files.
    pub fn store(&self) -> Store {
        let mut files: Vec<File> =
            self.files().into_iter().map(|(name, text)| File { name, bytes: text.into() }).collect();
        let read = match &self.manifest {
            Some(_) => read_folder("generated", files, &Options::default()),
            None => read_file(files.remove(0), &Options::default()),
        };
        match read {
            Ok((store, _)) => store,
            Err(errors) => panic!("the generated data is wrong: {errors:?}"),
        }
    }
}

/// The rows as JSON lines; a reference to an event that is not there any more is left out.
fn lines_of(rows: &[Map<String, Json>], ids: &[&Json]) -> String {
    let mut text = String::new();
    for row in rows {
        let mut row = row.clone();
        if row.get("occasion").is_some_and(|id| !ids.contains(&id)) {
            row.remove("occasion");
        }
        if let Some(Json::Array(related)) = row.get_mut("related") {
            related.retain(|id| ids.contains(&id));
        }
        text.push_str(&Json::Object(row).to_string());
        text.push('\n');
    }
    text
}

fn separated_of(rows: &[Map<String, Json>], columns: &[&str]) -> String {
    let cell = |row: &Map<String, Json>, column: &&str| match row.get(*column) {
        None => String::new(),
        Some(Json::String(text)) => format!("\"{}\"", text.replace('"', "\"\"")),
        Some(other) => other.to_string(),
    };
    let line = |row| columns.iter().map(|column| cell(row, column)).collect::<Vec<_>>().join(",") + "\n";
    columns.join(",") + "\n" + &rows.iter().map(line).collect::<String>()
}

fn bare_row(random: &mut Random, columns: &[&'static str]) -> Map<String, Json> {
    let mut row = Map::new();
    for &column in columns {
        if random.one_in(6) {
            continue;
        }
        let value = match column {
            "who" => json!(random.pick(TEXTS)),
            "n" => json!(int(random)),
            "x" => json!(float(random)),
            "flag" => json!(random.one_in(2)),
            "tags" => (0..random.below(4)).map(|_| json!(random.pick(TEXTS))).collect(),
            "scores" => (0..random.below(4)).map(|_| json!(random.between(-5, 12))).collect(),
            "date" => json!(date(random)),
            _ => json!(Some(date(random)).filter(|date| date.contains('-')).unwrap_or("2024-02-29".to_owned())),
        };
        row.insert(column.to_owned(), value);
    }
    row
}

/// An int, small most times, at the limit once in a while.
fn int(random: &mut Random) -> i64 {
    match random.below(60) {
        0 => i64::MAX,
        1 => i64::MIN + 1,
        2..12 => 0,
        _ => random.between(-20, 40),
    }
}

/// A float whose sums are exact in any order.
fn float(random: &mut Random) -> f64 {
    random.between(-200, 400) as f64 / 8.0
}

fn day(random: &mut Random) -> String {
    let (year, month) = (random.between(2022, 2024), random.between(1, 12));
    format!("{year}-{month:02}-{:02}", random.pick(&[1, 2, 9, 16, 17, 28]))
}

/// A date in every form that EDTF gives it.
fn date(random: &mut Random) -> String {
    let (one, other) = (day(random), day(random));
    let (month, year) = (&one[..7], &one[..4]);
    let text = match random.below(40) {
        0 | 1 => month.to_owned(),
        2 => format!("{month}-XX"),
        3 => year.to_owned(),
        4 => "202X".to_owned(),
        5 => format!("{one}?"),
        6 => format!("{month}~"),
        7 => format!("{one}%"),
        8..11 => format!("{}/{}", (&one).min(&other), (&one).max(&other)),
        11 => format!("{month}/{other}"),
        12 => format!("../{one}"),
        13 => format!("{one}/.."),
        14 => format!("/{month}"),
        15 => format!("{month}/"),
        16 | 17 => format!("[{}..{}]", (&one).min(&other), (&one).max(&other)),
        18 => format!("[..{one}]"),
        19 => format!("[{one}..]"),
        _ => one.clone(),
    };
    if parse_edtf(&text).is_some() { text } else { one }
}

fn folder(random: &mut Random, events: i64) -> Data {
    let mut leaders: Vec<Map<String, Json>> = Vec::new();
    for name in LEADERS {
        let mut row = object(json!({"name": name, "names": [format!("{name} II")]}));
        put(random, &mut row, "country", |random| json!(random.pick(COUNTRIES)));
        put(random, &mut row, "office", |random| json!(random.pick(TEXTS)));
        put(random, &mut row, "since", |random| json!(date(random)));
        if random.one_in(3) {
            row.insert("until".to_owned(), json!(date(random)));
        }
        leaders.push(row);
    }
    // Two whose names differ in case alone, whom no event names.
    leaders.extend([object(json!({"name": "Zoë", "country": "Kenya"})), object(json!({"name": "zoe"}))]);
    let mut places = Vec::new();
    for name in PLACES {
        let mut row = object(json!({"name": name}));
        put(random, &mut row, "country", |random| json!(random.pick(COUNTRIES)));
        put(random, &mut row, "latitude", |random| json!(random.between(-80, 80) as f64 / 2.0));
        put(random, &mut row, "longitude", |random| json!(random.between(-300, 300) as f64 / 2.0));
        places.push(row);
    }
    let blocs = ["Pact", "Union of Ä", "Empty Club"].map(|name| {
        let size = if name == "Empty Club" { 0 } else { random.below(6) };
        let members: Vec<Json> = (0..size).map(|_| Json::Object(membership(random))).collect();
        object(json!({"name": name, "members": members}))
    });
    let manifest = manifest(random);
    let fields: Vec<String> =
        manifest["fields"].as_array().into_iter().flatten().map(|field| text(&field["name"])).collect();
    let rows = (0..events).map(|place| event(random, place, events, &fields)).collect();
    let tables = vec![
        ("events.jsonl", rows),
        ("leaders.jsonl", leaders),
        ("places.jsonl", places),
        ("blocs.jsonl", blocs.to_vec()),
    ];
    Data { manifest: Some(manifest), tables, columns: Vec::new() }
}

fn membership(random: &mut Random) -> Map<String, Json> {
    let mut row = object(json!({"country": random.pick(COUNTRIES)}));
    put(random, &mut row, "from", |random| json!(date(random)));
    if random.one_in(2) {
        row.insert("to".to_owned(), json!(date(random)));
    }
    row
}

fn event(random: &mut Random, place: i64, events: i64, fields: &[String]) -> Map<String, Json> {
    let mut row = object(json!({"id": format!("e{place}"), "date": date(random)}));
    row.insert("kind".to_owned(), json!(random.pick(&KINDS).0));
    let mut participants: Vec<&str> = (0..random.below(5)).map(|_| *random.pick(LEADERS)).collect();
    // No leader, and it says so, as a directed kind must.
    row.insert("actor".to_owned(), Json::Null);
    if !random.one_in(8) {
        let actor = *random.pick(LEADERS);
        row.insert("actor".to_owned(), json!(actor));
        if !random.one_in(5) {
            participants.insert(random.below(participants.len() + 1), actor);
        }
    }
    row.insert("participants".to_owned(), json!(participants));
    let id = |random: &mut Random| json!(format!("e{}", random.below(events as usize)));
    let optional: [(&str, usize, &dyn Fn(&mut Random) -> Json); 11] = [
        ("status", 9, &|random| json!(*random.pick(&["held", "held", "held", "planned", "cancelled"]))),
        ("place", 6, &|random| json!(random.pick(PLACES))),
        ("occasion", 2, &|random| id(random)),
        ("related", 2, &|random| (0..random.below(3)).map(|_| id(random)).collect()),
        ("topics", 5, &|random| (0..random.below(4)).map(|_| json!(random.pick(TEXTS))).collect()),
        ("summary", 6, &|random| json!(random.pick(TEXTS))),
        ("source", 8, &|random| (0..random.below(3)).map(|_| json!(random.pick(SOURCES))).collect()),
        ("deaths", 5, &|random| json!(int(random))),
        ("cost", 5, &|random| json!(float(random))),
        ("confirmed", 5, &|random| json!(random.one_in(2))),
        ("announced", 4, &|random| json!(date(random))),
    ];
    for (name, times, value) in optional {
        let value = value(random);
        if fields.iter().any(|field| field == name) && !random.one_in(times) {
            row.insert(name.to_owned(), value);
        }
    }
    row
}

/// Kinds: their sources, whether they are symmetric, and the kinds above them.
const KINDS: [(&str, &str, bool, &str); 7] = [
    ("contact", "contacts", true, ""),
    ("meeting", "meetings", true, "contact"),
    ("summit", "summits", true, "meeting"),
    ("talk", "talks", true, ""),
    ("visit", "visits", false, ""),
    ("state visit", "state visits", false, "visit"),
    ("gathering", "gatherings", true, "visit"),
];

fn manifest(random: &mut Random) -> Json {
    let kinds = KINDS.map(|(name, plural, symmetric, parent)| {
        let sides = if symmetric { "symmetric" } else { "directed" };
        let mut kind = object(json!({"name": name, "plural": plural, "sides": sides, "meaning": ""}));
        if !parent.is_empty() {
            kind.insert("parent".to_owned(), json!(parent));
        }
        kind
    });
    let mut fields = Vec::new();
    for (name, of, cardinality, expression) in [
        ("id", "text", "one", ""),
        ("kind", "symbol", "one", ""),
        ("date", "date", "one", ""),
        ("end", "date", "one", ""),
        ("status", "symbol", "one", ""),
        ("participants", "leader", "many", ""),
        ("actor", "leader", "one", ""),
        ("leader", "leader", "many", ""),
        ("country", "country", "many", "leader.country"),
        ("region", "region", "many", "country.region"),
        ("bloc", "bloc", "many", "country.bloc"),
        ("place", "place", "one", ""),
        ("host", "country", "one", "place.country"),
        ("venue", "symbol", "one", "if(host = actor.country, home, abroad)"),
        ("occasion", "event", "one", ""),
        ("related", "event", "many", ""),
        ("topics", "text", "many", ""),
        ("summary", "text", "one", ""),
        ("source", "text", "many", ""),
        ("deaths", "int", "one", ""),
        ("cost", "float", "one", ""),
        ("confirmed", "bool", "one", ""),
        ("announced", "date", "one", ""),
    ] {
        let may_lack = matches!(name, "end" | "status" | "occasion" | "related" | "source" | "announced" | "summary");
        if may_lack && random.one_in(8) {
            continue;
        }
        let mut field = object(json!({"name": name, "type": of, "cardinality": cardinality, "meaning": ""}));
        if !expression.is_empty() {
            field.insert("expression".to_owned(), json!(expression));
        }
        fields.push(field);
    }
    let named = |names: &[&str]| names.iter().map(|name| json!({"name": name, "meaning": ""})).collect::<Json>();
    json!({
        "name": "generated",
        "as_of": "2024-07-11",
        "focus": if random.one_in(2) { json!(random.pick(LEADERS)) } else { Json::Null },
        "show": ["date", "kind", "leader", "country", "place", "venue"],
        "periods": {"new term": "2023-05-07..2024-07-11", "before": "..2023-01-31"},
        "kinds": kinds,
        "symbols": [
            {"field": "status", "values": named(&["held", "planned", "cancelled"])},
            {"field": "venue", "values": named(&["home", "abroad", "online"])},
        ],
        "fields": fields,
    })
}

/// Puts a value into a row, unless it is to be missing.
fn put(random: &mut Random, row: &mut Map<String, Json>, name: &str, value: impl Fn(&mut Random) -> Json) {
    let value = value(random);
    if !random.one_in(5) {
        row.insert(name.to_owned(), value);
    }
}

fn object(value: Json) -> Map<String, Json> {
    if let Json::Object(object) = value { object } else { Map::new() }
}

fn text(value: &Json) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
