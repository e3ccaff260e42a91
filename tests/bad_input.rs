//! What is wrong with data is told with its true place; nothing is lost or changed in silence; no bytes make it panic.
//!
//! Each file and folder of `tests/bad_input` has beside it, as `NAME.txt`, what opening it says. With `BLESS=1` set, the
//! texts are written anew, to be read in the difference.

use std::path::{Path, PathBuf};
use std::process::Command;

use demarche::dataset::{File, OnError, Options, read_file, read_folder};
use demarche::diagnostic::Diagnostic;
use demarche::store::Store;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_input")
}

/// What the command prints about a data set, on standard output and standard error.
fn said(data: &str, options: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
    command.current_dir(folder()).args(["--data", data, "--width", "100"]).args(options);
    let output = command.args(["ask", "events | count", "--format", "csv"]).output().expect("the command runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("it is UTF-8");
    assert!(options.is_empty() == (output.status.code() == Some(2)), "{data}: {:?}", output.status);
    text(&output.stdout) + &text(&output.stderr)
}

/// Holds `said` against the text in the file of this name.
fn check(name: &str, said: &str) {
    let golden = folder().join(format!("{name}.txt"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&golden, said).expect("the text is written");
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    assert_eq!(said, expected, "{name}");
}

fn cases() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).expect("the folder is there");
    let names = entries.map(|entry| entry.expect("it can be read").file_name().into_string().expect("it is UTF-8"));
    let mut names: Vec<String> = names.filter(|name| Path::new(name).extension() != Some("txt".as_ref())).collect();
    names.sort();
    names
}

#[test]
fn each_is_told_where_it_is_wrong() {
    assert!(cases().len() > 30);
    for name in cases() {
        check(&name, &said(&name, &[]));
    }
    check("missing", &said("missing.csv", &[]));
    check("several_files", &said("one_kind/*.csv", &[]));
    check("no_such_files", &said("one_kind/*.tsv", &[]));
}

#[test]
fn rows_that_are_wrong_are_skipped_when_wished_and_told() {
    for name in
        ["ragged.csv", "unclosed_quote.csv", "cut_short.jsonl", "nested.jsonl", "not_objects.json", "events_wrong"]
    {
        check(&format!("{name}.skipped"), &said(name, &["--on-error", "skip"]));
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let file = std::env::temp_dir().join(format!("demarche-unreadable-{}.csv", std::process::id()));
    std::fs::write(&file, "date\n2024-05-16\n").expect("it is written");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o000)).expect("it is its owner's");
    // Whoever may read everything has nothing to be told.
    if std::fs::read(&file).is_err() {
        let said = said(&file.display().to_string(), &[]);
        assert!(said.starts_with("error[D0401]: the file cannot be read: Permission denied"), "{said}");
    }
    std::fs::remove_file(&file).expect("it is there");
}

fn read(name: &str, text: &str, options: &Options) -> Store {
    let file = File { name: name.to_owned(), bytes: text.to_owned().into() };
    read_file(file, options).unwrap_or_else(|errors| panic!("{text:?}: {errors:?}")).0
}

/// The columns of a file as `name: type = value | value`.
fn columns(name: &str, text: &str, options: &Options) -> Vec<String> {
    let store = read(name, text, options);
    let table = &store.tables[0];
    let column = |field: &demarche::store::Field| {
        let values: Vec<String> = (0..table.rows).map(|row| store.text(&field.column.value(row))).collect();
        format!("{}: {} = {}", field.name, store.type_name(field.of), values.join(" | "))
    };
    table.fields.iter().map(column).collect()
}

/// Checks a column of the values in CSV, each on its line, under the name `x`.
fn check_csv(values: &str, expected: &str) {
    let text = format!("x,y\n{}", values.split('\n').map(|value| format!("{value},1\n")).collect::<String>());
    assert_eq!(columns("a.csv", &text, &Options::default())[0], expected, "{values:?}");
}

#[test]
fn no_value_of_csv_changes() {
    check_csv("1\n-20\n\n3", "x: int = 1 | -20 |  | 3");
    check_csv("1\n2.50\n1e3", "x: float = 1 | 2.5 | 1000");
    check_csv("1\n2.50\nmany", "x: text = 1 | 2.50 | many");
    check_csv("007\n12", "x: text = 007 | 12");
    check_csv("+5\n12", "x: text = +5 | 12");
    check_csv("-0\n12", "x: float = -0 | 12");
    check_csv("9223372036854775807\n1", "x: int = 9223372036854775807 | 1");
    check_csv("9223372036854775808\n1", "x: text = 9223372036854775808 | 1");
    check_csv("9007199254740993\n0.5", "x: text = 9007199254740993 | 0.5");
    check_csv("1e999\n1", "x: text = 1e999 | 1");
    check_csv("nan\n1", "x: text = nan | 1");
    check_csv("true\nFALSE\n", "x: bool = true | false | ");
    check_csv("true\n1", "x: text = true | 1");
    let quoted = columns("a.csv", "x\n\"a, \"\"b\"\"\nc\"\n\nd\r\n", &Options::default());
    assert_eq!(quoted, ["x: text = a, \"b\"\nc | d"]);
    check_csv("\u{7}\n\u{1b}[31m", "x: text = \u{7} | \u{1b}[31m");
    check_csv("\n", "x: text =  | ");
}

#[test]
fn dates_are_known_by_their_form() {
    check_csv("2024-05-16\n2024-06\n2024-XX-XX", "x: date = 2024 | 2024-05-16 | 2024-06");
    check_csv("2024-05-16\n2024-02-30", "x: text = 2024-05-16 | 2024-02-30");
    check_csv("2024\n2023", "x: int = 2024 | 2023");
    check_csv("20240516\n20240517", "x: int = 20240516 | 20240517");
    let first = |name: &str, values: &str| {
        let text = format!("{name},y\n{}", values.split(' ').map(|value| format!("{value},1\n")).collect::<String>());
        columns("a.csv", &text, &Options::default())[0].clone()
    };
    assert_eq!(first("SQLDATE", "20240517 20240516"), "SQLDATE: date = 2024-05-16 | 2024-05-17");
    assert_eq!(first("SQLDATE", "20240517 20241316"), "SQLDATE: int = 20240517 | 20241316");
    assert_eq!(first("day", "09990517 20240516"), "day: text = 09990517 | 20240516");
    assert_eq!(first("days", "12 30"), "days: int = 12 | 30");
    assert_eq!(first("Date", "2025 2024"), "Date: date = 2024 | 2025");
    let store = read("a.csv", "at\n2024-05-16T09:30:00Z\n2024-05-17 10:00\n", &Options::default());
    assert_eq!(store.about.notes, ["The times of day in `at` are left out: a date is a day."]);
    assert_eq!(store.about.date.as_deref(), Some("at"));
}

#[test]
fn an_interval_gives_its_end() {
    let text = "date,term\n2024-05-23/2024-05-24,2000/2004\n2024-05-16,2018/..\n";
    assert_eq!(
        columns("a.csv", text, &Options::default()),
        [
            "date: date = 2024-05-16 | 2024-05-23",
            "end: date = 2024-05-16 | 2024-05-24",
            "term: date = 2018 | 2000",
            "term_end: date = [2018-01-01..] | 2004",
        ]
    );
    let store = read("a.csv", "date,end\n2024-05-23/2024-05-24,x\n", &Options::default());
    assert_eq!(store.about.notes, ["The ends of the intervals in `date` are left out: `end` is a column too."]);
}

#[test]
fn joined_texts_are_lists() {
    check_csv("water;energy\ntrade\n", "x: list of text = water, energy | trade | ");
    check_csv("water; and energy\ntrade;oil", "x: text = water; and energy | trade;oil");
    check_csv("trade;\noil", "x: text = trade; | oil");
    check_csv(&format!("a;b\n{}", "c".repeat(65)), &format!("x: text = a;b | {}", "c".repeat(65)));
}

#[test]
fn json_says_its_types() {
    let text = r#"{"a": 1, "b": "1", "c": [1, 2], "d": true, "e": 12345678901234567890, "f": "2024-05-16"}
{"b": "x\u00e9", "a": 1.50, "c": 3, "d": "yes", "e": 1, "f": null, "g": "new"}
"#;
    assert_eq!(
        columns("a.jsonl", text, &Options::default()),
        [
            "a: float = 1 | 1.5",
            "b: text = 1 | xé",
            "c: list of int = 1, 2 | 3",
            "d: text = true | yes",
            "e: text = 12345678901234567890 | 1",
            "f: date = 2024-05-16 | ",
            "g: text =  | new",
        ]
    );
    let array = format!("[{}]", text.trim().replace('\n', ","));
    assert_eq!(columns("a.json", &array, &Options::default()), columns("a.jsonl", text, &Options::default()));
}

#[test]
fn types_come_from_the_whole_file() {
    let mut text = "n,who,when,row\n".to_owned();
    (0..5000).for_each(|row| text += &format!("{row},Xi,2024-05-16,{row}\n"));
    text += "many,Xi;Putin,soon,5000\n";
    let store = read("a.csv", &text, &Options::default());
    let types: Vec<String> = store.tables[0].fields.iter().map(|field| store.type_name(field.of)).collect();
    assert_eq!(types, ["text", "list of text", "text", "int"]);
    let value = |field: usize, row: usize| store.text(&store.tables[0].fields[field].column.value(row));
    assert_eq!([value(0, 4999), value(1, 5000), value(2, 5000), value(3, 5000)], ["4999", "Xi, Putin", "soon", "5000"]);
}

#[test]
fn names_stay_and_columns_have_their_place() {
    let text = "\u{feff}\"Event Date\",,kind\n2024-05-17,b,042\n2024-05-16,a,043\n";
    assert_eq!(
        columns("a.csv", text, &Options::default()),
        ["Event Date: date = 2024-05-16 | 2024-05-17", "column_2: text = a | b", "kind: text = 043 | 042"]
    );
    let two = "from,to,code\n2024-05-17,2024-05-18,042\n2024-05-16,2024-05-19,43\n";
    assert_eq!(read("a.csv", two, &Options::default()).about.date, None);
    let options = Options { date: Some("to".to_owned()), kind: Some("code".to_owned()), ..Options::default() };
    assert_eq!(columns("a.csv", two, &options)[2], "code: text = 042 | 43");
    assert_eq!(read("a.csv", two, &options).about.date.as_deref(), Some("to"));
    let wrong = |date: &str| {
        let file = File { name: "a.csv".to_owned(), bytes: two.into() };
        let errors = read_file(file, &Options { date: Some(date.to_owned()), ..Options::default() });
        errors.map(drop).expect_err("it is no date").remove(0)
    };
    assert_eq!(wrong("form").message, "there is no column `form`");
    assert_eq!(wrong("form").help.as_deref(), Some("did you mean `from`?"));
    assert_eq!(wrong("code").message, "the column `code` is not one of dates");
    assert_eq!(wrong("code").help.as_deref(), Some("`042` is not a date"));
}

/// A small generator: the same bytes on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    fn mutated(&mut self, bytes: &[u8]) -> Vec<u8> {
        const PIECES: [&[u8]; 14] = [
            b"\"",
            b",",
            b"\n",
            b"\r",
            b";",
            b"[",
            b"{",
            b"}",
            b"\\",
            b"\xff",
            b"\0",
            b"/",
            b"-99999999",
            b"\xef\xbb\xbf",
        ];
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            match self.below(5) {
                0 => bytes.truncate(at),
                1 => drop(bytes.splice(at..at, PIECES[self.below(PIECES.len())].iter().copied())),
                2 => drop(bytes.drain(at..(at + self.below(40)).min(bytes.len()))),
                3 if !bytes.is_empty() => bytes[at] = self.below(256) as u8,
                _ => {
                    let piece = bytes[at..(at + self.below(80)).min(bytes.len())].to_vec();
                    let to = self.below(bytes.len());
                    drop(bytes.splice(to..to, piece));
                }
            }
        }
        bytes
    }
}

/// What holds of every reading: columns are as long as the table, and whatever is wrong is told in a place of a file.
fn holds(read: Result<(Store, Vec<Diagnostic>), Vec<Diagnostic>>, options: &Options) {
    match read {
        Ok((store, skipped)) => {
            for table in &store.tables {
                for field in &table.fields {
                    assert_eq!(field.column.len(), table.rows, "{}.{}", table.name, field.name);
                }
                let last = table.rows.checked_sub(1);
                last.into_iter().for_each(|row| table.fields.iter().for_each(|field| drop(field.column.value(row))));
            }
            assert!(skipped.is_empty() || options.on_error == OnError::Skip);
        }
        Err(errors) => {
            assert!(errors.iter().all(|error| error.origin.is_some() && !error.message.is_empty()), "{errors:?}");
            assert!(!errors.is_empty());
        }
    }
}

#[test]
fn no_bytes_make_it_panic() {
    const SMALL: [(&str, &str); 4] = [
        (
            "a.csv",
            "date,who,n,topics\n2024-05-16,\"Xi, Jinping\",1,a;b\n2024-05-17/2024-05-18,Erdoğan,2.5,\n2024?,\"\"\"x\"\"\",,c\n",
        ),
        ("a.tsv", "date\twho\n20240516\tXi\n20240517\tPutin\n"),
        ("a.json", "[{\"a\": 1, \"b\": [\"x\", null], \"date\": \"2024-05-16\"}, {\"a\": -2.5e3, \"c\": true}]"),
        (
            "a.jsonl",
            "{\"date\": \"2024-05-16\", \"who\": \"Erdo\\u011fan\", \"n\": 1}\n{\"date\": \"[2024..]\", \"n\": null}\n",
        ),
    ];
    let mut random = Random(20_240_507);
    let options = [OnError::Stop, OnError::Skip].map(|on_error| Options { on_error, ..Options::default() });
    for round in 0..4000 {
        let (name, text) = SMALL[round % SMALL.len()];
        let bytes = random.mutated(text.as_bytes());
        let options = &options[random.below(2)];
        holds(read_file(File { name: name.to_owned(), bytes: bytes.into() }, options), options);
    }
}

#[test]
fn no_folder_makes_it_panic() {
    const FILES: [(&str, &str); 4] = [
        ("dataset.json", include_str!("bad_input/events_wrong/dataset.json")),
        ("events.jsonl", include_str!("bad_input/expression_wrong/events.jsonl")),
        ("leaders.jsonl", include_str!("bad_input/events_wrong/leaders.jsonl")),
        (
            "places.jsonl",
            "{\"name\": \"Astana\", \"country\": \"Kazakhstan\", \"latitude\": 51.17, \"longitude\": 71.43}\n",
        ),
    ];
    const BLOCS: &str = "{\"name\": \"Two\", \"meaning\": \"x\", \"source\": \"y\", \"members\": [{\"country\": \"Russia\", \"from\": \"2024-05\"}]}\n";
    let mut random = Random(20_240_711);
    for round in 0..60 {
        let mut files: Vec<File> = FILES.iter().map(|(name, text)| file(name, text.as_bytes())).collect();
        files.push(file("blocs.jsonl", BLOCS.as_bytes()));
        let place = round % files.len();
        files[place].bytes = random.mutated(&files[place].bytes).into();
        let on_error = if random.below(2) == 0 { OnError::Stop } else { OnError::Skip };
        let options = Options { on_error, ..Options::default() };
        holds(read_folder("talks", files, &options), &options);
    }
}

fn file(name: &str, bytes: &[u8]) -> File {
    File { name: name.to_owned(), bytes: bytes.to_vec().into() }
}
