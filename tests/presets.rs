//! Presets: formats of event data that are known before a file is opened, and those that someone describes.

use std::path::{Path, PathBuf};

use demarche::dataset::{ColumnType, File, Options, Preset, PresetChoice, built_in, read_file, read_files};
use demarche::render::delimited_exact;
use demarche::session::Session;
use demarche::store::{Found, Store};
use demarche::value::days;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn file(name: &str) -> File {
    let bytes = std::fs::read(root().join("tests/data/formats").join(name)).expect("the file is there");
    File { name: name.to_owned(), bytes: bytes.into() }
}

fn read(name: &str) -> Store {
    read_file(file(name), &Options::default()).unwrap_or_else(|errors| panic!("{name}: {errors:?}")).0
}

fn ask(store: &Store, query: &str) -> Vec<String> {
    let session = Session::new(store.clone(), days(2024, 7, 11)).expect("the store is right");
    let found = session.ask(query).unwrap_or_else(|trouble| panic!("{query}: {trouble:?}"));
    let text = delimited_exact(&found, b',');
    text.lines().skip(1).map(str::to_owned).collect()
}

/// The objects of a JSON file of the presets.
fn json(name: &str) -> serde_json::Value {
    let text = std::fs::read_to_string(root().join("src/dataset/presets").join(name)).expect("the file is there");
    serde_json::from_str(&text).expect("it is JSON")
}

#[test]
fn each_format_is_recognised() {
    let files = ["20240517.export.CSV", "20240517093000.export.CSV", "events.tab", "train.txt", "acled.csv", "ged.csv"];
    let titles = [
        "20240517: GDELT 1.0 events",
        "20240517093000: GDELT 2.0 events",
        "events: ICEWS events",
        "train: subject, relation, object, day",
        "acled: ACLED events",
        "ged: UCDP georeferenced events",
    ];
    assert_eq!(files.map(|name| read(name).about.title), titles);
    assert_eq!(Preset::names().filter(|name| Preset::named(name).is_some()).count(), files.len());
}

#[test]
fn gdelt_is_read_by_its_meaning() {
    for (name, columns) in [("20240517.export.CSV", 58), ("20240517093000.export.CSV", 61)] {
        let store = read(name);
        assert_eq!(store.tables[0].fields.len(), columns);
        let query =
            "events where actor_country in BRICS | select date, kind, action, target_country, country, place, tone";
        assert_eq!(
            ask(&store, query),
            [
                "2024-05-16,Consult,Make a visit,China,China,\"Beijing, Beijing, China\",2.1453",
                "2024-05-16,Consult,Host a visit,Russia,China,\"Beijing, Beijing, China\",2.1453",
            ]
        );
        // FIPS 10-4 has GM for Germany, ISO 3166-1 for the Gambia.
        assert_eq!(ask(&store, "disapprovals | select country, class"), ["Germany,verbal conflict"]);
        assert_eq!(ask(&store, "events where action = \"042\" | count"), ["1"]);
        assert_eq!(ask(&store, "events where \"Global South\" in region | count"), ["2"]);
        assert_eq!(ask(&store, "events | where id = 1001 | select source"), ["https://news.example/a;1"]);
        // What no table has stays as it is: groups of countries, places that are none, codes of no meaning.
        let others = "events where tone <= 0 | select actor_country, country, kind, action, Actor1KnownGroupCode";
        assert_eq!(
            ask(&store, others),
            [
                "Europe,Germany,Disapprove,Accuse,",
                ",Gaza Strip,Fight,Use conventional military force,",
                "Romania,,--,---,\"\"\"XX\"",
            ]
        );
    }
}

#[test]
fn an_old_file_of_gdelt_has_a_column_less() {
    let mut old = file("20240517.export.CSV");
    let text = String::from_utf8(old.bytes.to_vec()).expect("it is text");
    let cut: String =
        text.lines().map(|line| format!("{}\n", line.rsplit_once('\t').expect("it has cells").0)).collect();
    old.bytes = cut.into();
    let (store, _) = read_file(old.clone(), &Options::default()).expect("it is read");
    assert_eq!(ask(&store, "events where action = \"Make a visit\" | select actor, source"), ["RUSSIA,"]);
    let (both, _) = read_files(vec![old, file("20240517.export.CSV")], &Options::default()).expect("they are read");
    assert_eq!(both.tables[0].rows, 10);
}

#[test]
fn the_other_formats_are_read_by_their_meaning() {
    let icews = read("events.tab");
    let query = "events | select date, kind, action, actor_country, target_country, actor_sectors, country, source";
    assert_eq!(
        ask(&icews, query),
        [
            "2014-01-01,Consult,Make a visit,Russia,China,Executive; Government; Executive Office,China,Example Wire",
            "2014-01-02,Protest,Demonstrate or rally,Ukraine,Ukraine,General Population / Civilian / Social,Ukraine,\
             Example Wire",
            "2014-01-02,Fight,Use conventional military force,,Atlantis,Unidentified Forces,Atlantis,Example Post",
        ]
    );
    let quadruples = read("train.txt");
    assert_eq!(
        ask(&quadruples, "events since 2014-05 | select actor, kind, target"),
        ["Xi_Jinping,Make_a_visit,Russia"]
    );
    let acled = read("acled.csv");
    assert_eq!(
        ask(&acled, "protests | select date, actor, actor_associates, place, country, source, fatalities"),
        [
            "2024-05-16,Protesters (Kenya),Teachers (Kenya); Students (Kenya),Nairobi,Kenya,Example Daily; Example Radio,0"
        ]
    );
    let ged = read("ged.csv");
    assert_eq!(
        ask(&ged, "state_based | select date, end, actor, target, country, fatalities, place"),
        ["1994-05-18,1994-05-18,Government of DR Congo (Zaire),Group X,Democratic Republic of the Congo,7,Goma town"]
    );
    assert_eq!(ask(&ged, "one_sided where \"Asia\" in region | select end, high"), ["1994-06-02,20"]);
}

#[test]
fn what_is_no_such_format_is_read_as_it_stands() {
    let read = |name: &str, text: &str| {
        let file = File { name: name.to_owned(), bytes: text.to_owned().into() };
        read_file(file, &Options::default()).expect("it is right").0
    };
    let plain = read("a.tsv", "subject\trelation\tobject\tday\nA\tsees\tB\t2024-05-16\n");
    assert_eq!((plain.about.title.as_str(), plain.tables.len()), ("a", 1));
    // As many columns as GDELT has, and no day where it has one.
    let row = (0..58).map(|place| place.to_string()).collect::<Vec<_>>().join("\t");
    assert_eq!(read("a.tsv", &format!("{row}\n{}\n", row.replace('1', "2"))).about.title, "a");
    let options = Options { preset: PresetChoice::Nothing, ..Options::default() };
    let (bare, _) = read_file(file("acled.csv"), &options).expect("it is right");
    assert_eq!((bare.tables.len(), bare.tables[0].fields[0].name.as_str()), (1, "event_id_cnty"));
}

#[test]
fn options_go_before_the_preset() {
    let types = vec![("kind".to_owned(), ColumnType::Int), ("notes".to_owned(), ColumnType::List)];
    let (store, _) = read_file(file("ged.csv"), &Options { types: types[..1].to_vec(), ..Options::default() })
        .expect("its kinds are numbers");
    assert_eq!(ask(&store, "events | select kind, fatalities"), ["1,7", "3,11"]);
    let errors = read_file(file("ged.csv"), &Options { types, ..Options::default() }).expect_err("it has no notes");
    assert_eq!(errors[0].message, "there is no column `notes`");
}

#[test]
fn a_file_of_another_format_is_told() {
    let told = |name: &str, preset: &str| {
        let preset = PresetChoice::Given(Box::new(Preset::named(preset).expect("it is there")));
        let errors = read_file(file(name), &Options { preset, ..Options::default() }).expect_err("it does not fit");
        errors[0].message.clone()
    };
    assert_eq!(told("train.txt", "gdelt-1"), "the row has 4 cells, the preset 58");
    assert!(told("ged.csv", "acled").starts_with("the header is not that of ACLED events: it lacks `event_id_cnty`"));
}

#[test]
fn codes_of_countries_are_countries_of_the_reference_tables() {
    let store = built_in();
    let country = store.domain(store.domain_named("country").expect("there are countries"));
    let without = |values: &serde_json::Value| {
        let names = values.as_object().expect("it is a table").values().filter_map(|name| name.as_str());
        let mut names: Vec<String> =
            names.filter(|name| !matches!(country.find(name), Found::One(_))).map(str::to_owned).collect();
        names.sort();
        names
    };
    let gone = ["Gaza Strip", "Netherlands Antilles", "Serbia and Montenegro", "West Bank"];
    assert_eq!(without(&json("tables/fips.json")["fips"]), gone);
    let cameo = without(&json("tables/cameo.json")["cameo countries"]);
    // The groups of countries of the codebook's table 3.3, and Baghdad, are none.
    assert_eq!(cameo.len(), 25 + gone.len() + 1);
    assert!(without(&json("ucdp-ged.json")["tables"]["ucdp countries"]).is_empty());
}

#[test]
fn every_action_of_cameo_has_its_kind() {
    let tables = json("tables/cameo.json");
    let kinds = tables["cameo kinds"].as_object().expect("it is a table");
    let actions = tables["cameo actions"].as_object().expect("it is a table");
    assert_eq!(kinds.len(), 20);
    assert!(actions.len() > 290 && actions.keys().all(|code| kinds.contains_key(&code[..2])), "{}", actions.len());
    for root in kinds.keys() {
        assert!(actions.contains_key(&format!("{root}0")), "{root}");
    }
}

#[test]
fn a_preset_that_is_wrong_is_told_where() {
    let read = |text: &str| {
        let file = File { name: "own.json".to_owned(), bytes: text.to_owned().into() };
        let errors = Preset::read(&file).map(drop).expect_err("it is wrong");
        let place = errors[0].origin.as_ref().map(|origin| (origin.line, origin.column));
        (errors[0].message.clone(), errors[0].help.clone(), place)
    };
    let (message, _, place) = read("{\"title\": \"x\",\n \"header\": true, \"colums\": []}");
    assert!(message.starts_with("the preset is not right: unknown field `colums`"), "{message}");
    assert_eq!(place.map(|place| place.0), Some(2));
    let column = "{\"name\": \"a\", \"type\": \"symbol\", \"values\": \"kindz\"}";
    let text =
        format!("{{\"title\": \"x\", \"header\": true, \"columns\": [{column}], \"tables\": {{\"kinds\": {{}}}}}}");
    let (message, help, _) = read(&text);
    assert_eq!((message.as_str(), help.as_deref()), ("there is no table `kindz`", Some("did you mean `kinds`?")));
    let text = "{\"title\": \"x\", \"header\": true, \"columns\": [], \"uses\": [\"cameos\"]}";
    assert_eq!(read(text).1.as_deref(), Some("did you mean `cameo`?"));
}
