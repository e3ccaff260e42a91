//! Data opened as it is: compressed, in several files, with types that are wished for or come with the format.

use std::io::Write as _;

use demarche::dataset::{ColumnType, File, OnError, Options, read_file, read_files};
use demarche::store::Store;

fn file(name: &str, bytes: &[u8]) -> File {
    File { name: name.to_owned(), bytes: bytes.to_vec().into() }
}

fn read(name: &str, bytes: &[u8], options: &Options) -> Store {
    read_file(file(name, bytes), options).unwrap_or_else(|errors| panic!("{name}: {errors:?}")).0
}

/// The rows of the events, each with its values after one another.
fn rows(store: &Store) -> Vec<String> {
    let table = &store.tables[0];
    let row = |row: usize| table.fields.iter().map(|field| store.text(&field.column.value(row))).collect::<Vec<_>>();
    (0..table.rows).map(|place| row(place).join(" | ")).collect()
}

/// The names and types of the fields.
fn fields(store: &Store) -> Vec<String> {
    let fields = store.tables[0].fields.iter();
    fields.map(|field| format!("{}: {}", field.name, store.type_name(field.of))).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("it goes into memory");
    encoder.finish().expect("it goes into memory")
}

fn zstandard(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

const SMALL: [(&str, &str); 5] = [
    ("a.csv", "date,who\n2024-05-02,Ada\n2024-05-09,\"Grace, too\"\n"),
    ("a.tsv", "date\twho\n2024-05-02\tAda\n2024-05-09\tGrace, too\n"),
    ("a.tab", "date\twho\n2024-05-02\tAda\n2024-05-09\tGrace, too\n"),
    ("a.json", "[{\"date\": \"2024-05-02\", \"who\": \"Ada\"}, {\"date\": \"2024-05-09\", \"who\": \"Grace, too\"}]"),
    ("a.jsonl", "{\"date\": \"2024-05-02\", \"who\": \"Ada\"}\n{\"date\": \"2024-05-09\", \"who\": \"Grace, too\"}\n"),
];

#[test]
fn a_compressed_file_is_read_as_the_plain_one() {
    for (name, text) in SMALL {
        let expected = ["2024-05-02 | Ada", "2024-05-09 | Grace, too"];
        let options = Options::default();
        assert_eq!(rows(&read(name, text.as_bytes(), &options)), expected);
        // By the ending of the name, in capitals too, and by the bytes alone.
        for (ending, bytes) in
            [(".gz", gzip(text.as_bytes())), (".ZST", zstandard(text.as_bytes())), ("", gzip(text.as_bytes()))]
        {
            assert_eq!(rows(&read(&format!("{name}{ending}"), &bytes, &options)), expected, "{name}{ending}");
        }
        // Parts compressed one by one and then joined.
        let (start, end) = text.split_at(12);
        for compress in [gzip, zstandard] {
            let joined = [compress(start.as_bytes()), compress(end.as_bytes())].concat();
            assert_eq!(rows(&read(name, &joined, &options)), expected, "{name}");
        }
    }
}

#[test]
fn a_compressed_file_that_is_cut_anywhere_gives_nothing() {
    let text: String = (0..200).map(|row| format!("2024-05-02,{row}\n")).collect();
    let text = format!("date,n\n{text}");
    for (bytes, what) in [(gzip(text.as_bytes()), "gzip"), (zstandard(text.as_bytes()), "Zstandard")] {
        for length in 4..bytes.len() {
            let errors = read_file(file("a.csv", &bytes[..length]), &Options::default()).expect_err("it is cut");
            let expected = format!("the {what} file ends too early: ");
            assert!(errors[0].message.starts_with(&expected), "{length}: {}", errors[0].message);
        }
    }
}

#[test]
fn several_files_are_one_table() {
    let files = vec![
        file("may.csv", b"date,who,hours\n2024-05-09,Ada,3\n"),
        file("june.jsonl.gz", &gzip(b"{\"who\": \"Grace\", \"date\": \"2024-06-02\", \"hours\": 2.5}\n")),
        file("april.tsv", b"topic\tdate\twho\nwater\t2024-04-11\tBo\n"),
    ];
    let (store, _) = read_files(files, &Options::default()).expect("they are right");
    assert_eq!(fields(&store), ["date: date", "who: text", "hours: float", "topic: text"]);
    assert_eq!(rows(&store), ["2024-04-11 | Bo |  | water", "2024-05-09 | Ada | 3 | ", "2024-06-02 | Grace | 2.5 | "]);
    assert_eq!(
        store.about.notes,
        ["Missing in `april.tsv`: `hours`.", "Missing in `may.csv`, `june.jsonl.gz`: `topic`."]
    );
    assert_eq!((store.about.name.as_str(), store.about.title.as_str()), ("may", "may and 2 other files"));
}

const MIXED: &str = "date,code,n,topics,SQLDATE\n\
    2024-05-02,007,1,a;b,20240516\n2024-05-09,12,many,c,20240517\n2024-05-10,13,2.5,,\n";

#[test]
fn a_type_is_told_with_its_reason() {
    let store = read("a.csv", MIXED.as_bytes(), &Options::default());
    let meanings: Vec<&str> = store.tables[0].fields.iter().map(|field| field.meaning.as_str()).collect();
    assert_eq!(
        meanings,
        [
            "The column `date`: 3 values, the first `2024-05-02`.",
            "The column `code`: 3 values, the first `007`; text, as `007` has leading zeros.",
            "The column `n`: 3 values, the first `1`; text, as `many` is not a whole number.",
            "The column `topics`: 2 values, 1 missing, the first `a;b`; lists, joined by `;`.",
            "The column `SQLDATE`: 2 values, 1 missing, the first `20240516`; dates as `20240516`.",
        ]
    );
    let reason = |values: &str| {
        let text = format!("x,y\n{}", values.split(' ').map(|value| format!("\"{value}\",1\n")).collect::<String>());
        let meaning = read("a.csv", text.as_bytes(), &Options::default()).tables[0].fields[0].meaning.clone();
        meaning.split_once("; ").map(|(_, reason)| reason.to_owned()).unwrap_or_default()
    };
    assert_eq!(reason("2024-05-16 soon"), "text, as `soon` is not a date.");
    assert_eq!(reason("1 2.5 x"), "text, as `x` is not a number.");
    assert_eq!(reason("1,5 2"), "text, as `1,5` is not spelled as numbers are here.");
    assert_eq!(reason("9223372036854775808"), "text, as `9223372036854775808` would not be kept to its last digit.");
    assert_eq!(reason("Xi Putin"), "");
}

/// The options with types for columns.
fn typed(types: &[(&str, ColumnType)]) -> Options {
    let types = types.iter().map(|(name, of)| ((*name).to_owned(), *of)).collect();
    Options { types, ..Options::default() }
}

#[test]
fn a_type_that_is_wished_for_is_had_or_the_row_is_told() {
    use ColumnType::{Bool, Date, Float, Int, List, Text};
    let column = |values: &str, of: ColumnType| {
        let text = format!("x,y\n{}", values.split('|').map(|value| format!("{value},1\n")).collect::<String>());
        let store = read("a.csv", text.as_bytes(), &typed(&[("x", of)]));
        let values = (0..store.tables[0].rows).map(|row| store.text(&store.tables[0].fields[0].column.value(row)));
        format!("{}: {}", store.type_name(store.tables[0].fields[0].of), values.collect::<Vec<_>>().join(" | "))
    };
    assert_eq!(column("007|+5|-0|-012||0", Int), "int: 7 | 5 | 0 | -12 |  | 0");
    assert_eq!(column("00.5|12|1e3", Float), "float: 0.5 | 12 | 1000");
    assert_eq!(column("1|0|true", Bool), "bool: true | false | true");
    assert_eq!(column("2023|20240516", Date), "date: 2023 | 2024-05-16");
    assert_eq!(column("1|2", Text), "text: 1 | 2");
    assert_eq!(column("a; b;|c|;", List), "list of text: a, b | c | ");

    let wrong = |name: &str, text: &str, of: ColumnType| {
        let errors = read_file(file(name, text.as_bytes()), &typed(&[("n", of)])).expect_err("it is wrong");
        errors.iter().map(|error| format!("{} {:?}", error.message, error.origin)).collect::<Vec<_>>()
    };
    let told = wrong("a.csv", MIXED, Int);
    assert_eq!(told.len(), 2);
    assert!(told[0].starts_with("`many` in the column `n` is not of the type int"), "{told:?}");
    assert!(told[0].contains("line: 3, column: 15") && told[1].contains("line: 4, column: 15"), "{told:?}");
    let told = wrong("a.jsonl", "{\"n\": 1}\n{\"m\": 2, \"n\": [1, \"x\"]}\n", Int);
    assert!(told[0].contains("`x`") && told[0].contains("line: 2, column: 15"), "{told:?}");
    assert_eq!(wrong("a.csv", "m\n1\n", Int)[0].split(" Some").next(), Some("there is no column `n`"));

    let options = Options { on_error: OnError::Skip, ..typed(&[("n", Float)]) };
    let (store, skipped) = read_file(file("a.csv", MIXED.as_bytes()), &options).expect("it is read");
    assert_eq!((store.tables[0].rows, skipped.len()), (2, 1));
    assert!(store.tables[0].fields.iter().all(|field| field.column.len() == 2));
}

/// A small generator: the same numbers on every run.
fn random(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |limit| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % limit.max(1)
    }
}

#[test]
fn no_compressed_bytes_make_it_panic() {
    let mut below = random(20_240_507);
    let text: String = (0..50).map(|row| format!("2024-05-02,{row},{}\n", row * 7919)).collect();
    let text = format!("date,n,m\n{text}");
    for whole in [gzip(text.as_bytes()), zstandard(text.as_bytes())] {
        for _ in 0..1000 {
            let mut bytes = whole.clone();
            for _ in 0..=below(3) {
                let at = below(bytes.len());
                bytes[at] = below(256) as u8;
            }
            // Whatever is read has all its rows.
            if let Ok((store, _)) = read_file(file("a.csv", &bytes), &Options::default()) {
                assert!(store.tables[0].fields.iter().all(|field| field.column.len() == store.tables[0].rows));
            }
        }
    }
}

#[test]
fn no_bytes_of_a_known_format_make_it_panic() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/formats");
    let mut below = random(20_240_711);
    for name in ["20240517.export.CSV", "events.tab", "train.txt", "acled.csv", "ged.csv"] {
        let whole = std::fs::read(folder.join(name)).expect("the file is there");
        for round in 0..60 {
            let mut bytes = whole.clone();
            for _ in 0..=below(4) {
                let at = below(bytes.len());
                match below(4) {
                    0 => bytes[at] = b"\t\n,;\"0\xff"[below(7)],
                    1 => bytes.truncate(at.max(1)),
                    2 => drop(bytes.drain(at..(at + below(40)).min(bytes.len()))),
                    _ => bytes.insert(at, b"\t\n,;\"0"[below(6)]),
                }
            }
            let on_error = if round % 2 == 0 { OnError::Stop } else { OnError::Skip };
            if let Ok((store, _)) = read_file(file(name, &bytes), &Options { on_error, ..Options::default() }) {
                for table in &store.tables {
                    assert!(table.fields.iter().all(|field| field.column.len() == table.rows), "{name}");
                }
            }
        }
    }
}
