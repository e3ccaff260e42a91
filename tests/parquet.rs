//! Parquet files: their values by the types of their schema, and no bytes make them panic.
#![cfg(feature = "parquet")]

use std::path::Path;

use demarche::dataset::{Columns, File, OnError, Options, read_file, read_files};
use demarche::export;
use demarche::session::Session;
use demarche::store::Store;
use demarche::value::days;

fn bytes(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/formats");
    std::fs::read(folder.join(name)).expect("the file is there")
}

/// The columns as `name: type = value | value`.
fn columns(store: &Store) -> Vec<String> {
    let table = &store.tables[0];
    let column = |field: &demarche::store::Field| {
        let values: Vec<String> = (0..table.rows).map(|row| store.text(&field.column.value(row))).collect();
        format!("{}: {} = {}", field.name, store.type_name(field.of), values.join(" | "))
    };
    table.fields.iter().map(column).collect()
}

#[test]
fn the_schema_says_the_types() {
    for name in ["snappy.parquet", "gzip.parquet", "zstd.parquet", "none.parquet"] {
        let file = File { name: name.to_owned(), bytes: bytes(name).into() };
        let (store, _) = read_file(file, &Options::default()).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
        assert_eq!(
            columns(&store),
            [
                "date: date = 2024-05-09 | 2024-05-16 | ",
                "who: text = 007 | Xi Jinping | a;b",
                "n: int =  | 1 | -3",
                "big: int = 2 | 9007199254740993 | 3",
                "share: float =  | 0.1 | 2",
                "half: float =  | 0.5 | 0.1",
                "held: bool = false | true | ",
                "topics: list of text =  | water, energy; oil | ",
                "numbers: list of int = 3 | 1, 2 | ",
                "at: date = 1969-12-31 | 2024-05-16 | ",
                "ms: date = 1969-12-31 | 2024-05-16 | ",
                "price: float =  | 12.5 | -0.05",
                "kind: text = call | meeting | meeting",
            ],
            "{name}"
        );
    }
}

#[test]
fn no_bytes_make_it_panic() {
    // What the crate panics over is caught, and need not be printed.
    std::panic::set_hook(Box::new(|_| ()));
    let mut seed = 20_240_507_u64;
    let mut below = |limit: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % limit
    };
    for name in ["snappy.parquet", "gzip.parquet", "zstd.parquet", "none.parquet"] {
        let whole = bytes(name);
        for round in 0..500 {
            let mut bytes = whole.clone();
            for _ in 0..=below(3) {
                let at = below(bytes.len());
                match below(3) {
                    0 => bytes[at] = below(256) as u8,
                    1 => bytes[at] ^= 1 << below(8),
                    _ => drop(bytes.drain(at..(at + below(8)).min(bytes.len()))),
                }
            }
            let on_error = if round % 2 == 0 { OnError::Stop } else { OnError::Skip };
            let file = File { name: name.to_owned(), bytes: bytes.into() };
            if let Ok((store, _)) = read_file(file, &Options { on_error, ..Options::default() }) {
                let rows = store.tables[0].rows;
                assert!(store.tables[0].fields.iter().all(|field| field.column.len() == rows));
            }
        }
    }
}

/// A file of rows out of the order of their dates, with missing values and lists.
fn written() -> Vec<u8> {
    let row = |number: usize| {
        let date = if number.is_multiple_of(17) {
            String::new()
        } else {
            format!("2024-0{}-1{}", 1 + number * 7 % 9, number % 10)
        };
        let topics = ["water;oil", "", "energy", "oil;energy;water"][number % 4];
        let hours = if number.is_multiple_of(5) { String::new() } else { (number % 11).to_string() };
        format!(
            "{number},{date},{},{hours},{}.5,{},{topics}\n",
            ["call", "visit"][number % 2],
            number % 7,
            number.is_multiple_of(3)
        )
    };
    let text = format!("id,date,kind,hours,tone,held,topics\n{}", (1..=3000).map(row).collect::<String>());
    let file = File { name: "events.csv".to_owned(), bytes: text.into() };
    let (store, _) = read_file(file, &Options::default()).expect("it is right");
    let mut bytes = Vec::new();
    export::write(&export::tables(&store)[0], export::Format::Parquet, &mut bytes).expect("memory is never full");
    bytes
}

/// What a file answers when all its columns are read at once, and when each is read once it is asked for.
fn both(bytes: &[u8], query: &str) -> [Result<String, String>; 2] {
    [Columns::AtOnce, Columns::WhenAsked].map(|columns| {
        let file = File { name: "events.parquet".to_owned(), bytes: bytes.to_vec().into() };
        let options = Options { columns, ..Options::default() };
        let (store, _) = read_file(file, &options).map_err(|errors| errors[0].message.clone())?;
        let session = Session::new(store, days(2024, 12, 31)).map_err(|trouble| trouble.to_string())?;
        session.ask(query).map(|answer| format!("{:?}", answer.rows)).map_err(|trouble| trouble.to_string())
    })
}

#[test]
fn columns_that_are_read_when_they_are_asked_for_are_the_same() {
    let bytes = written();
    for query in [
        "events",
        "events | count",
        "events since 2024-05 | count by kind",
        "events where held = true and topics = oil | select id, date, hours",
        "events | summarize avg(tone), sum(hours) by topics",
        "events where kind = visit and hours > 3 | count",
        "events where topics = oil and date is missing | count",
        "events since 2024-05 where topics = oil | count",
        "events where possibly (hours > 3 or held = true) | count",
        "events where tone = (events where hours > 3 | summarize max(tone)) | count",
    ] {
        let [at_once, later] = both(&bytes, query);
        assert!(at_once.is_ok(), "{query}: {at_once:?}");
        assert_eq!(at_once, later, "{query}");
    }
}

#[test]
fn the_first_count_keeps_no_column() {
    let bytes = written();
    let files = ["a.parquet", "b.parquet"].map(|name| File { name: name.to_owned(), bytes: bytes.clone().into() });
    let options = Options { columns: Columns::WhenAsked, ..Options::default() };
    let (store, _) = read_files(files.to_vec(), &options).expect("they are right");
    let session = Session::new(store, days(2024, 12, 31)).expect("nothing is derived");
    let are_there = || session.store().tables[0].fields.iter().filter(|field| field.column.there().is_some()).count();
    let count = || session.ask("events where kind = visit and hours > 3 | count").expect("it is a query");
    let first = count();
    assert_eq!(are_there(), 0);
    let second = count();
    assert_eq!(are_there(), 2);
    assert_eq!((&first.rows, &first.notes), (&second.rows, &second.notes));
    assert!(!first.notes.is_empty(), "some hours are missing");
}

#[test]
fn a_column_that_is_damaged_is_told_when_it_is_asked_for() {
    // What the crate panics over is caught, and need not be printed.
    std::panic::set_hook(Box::new(|_| ()));
    let whole = written();
    let (mut told, mut answered) = (0, 0);
    for at in (4..whole.len() / 2).step_by(499) {
        let mut bytes = whole.clone();
        bytes[at..at + 40].fill(0xff);
        match both(&bytes, "events | count") {
            // What counting does not look at may be damaged.
            [_, Ok(count)] => answered += usize::from(count.contains("3000")),
            [Err(_), Err(_)] => {}
            [Ok(count), Err(error)] => panic!("{count}: {error}"),
        }
        match both(&bytes, "events where held = true and hours > 3 | count") {
            [Ok(at_once), later] => assert_eq!(Ok(at_once), later),
            [Err(_), Ok(_) | Err(_)] => {}
        }
        if let [Err(at_once), Err(later)] = both(&bytes, "events") {
            assert!(at_once.contains("Parquet") && later.contains("Parquet"), "{at_once}; {later}");
            told += 1;
        }
    }
    assert!(told > 20 && answered > 20, "{told} told, {answered} answered");
}

#[test]
fn a_footer_that_says_other_numbers_of_rows_is_not_believed() {
    /// A number as Thrift's compact protocol writes it.
    fn number(rows: u64) -> Vec<u8> {
        let mut rest = rows << 1;
        let mut bytes = Vec::new();
        while rest >= 0x80 {
            bytes.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        bytes.push(rest as u8);
        bytes
    }
    std::panic::set_hook(Box::new(|_| ()));
    let (whole, said) = (written(), number(3000));
    let length = whole[whole.len() - 8..whole.len() - 4].try_into().map(u32::from_le_bytes).expect("four bytes");
    let footer = whole.len() - 8 - length as usize..whole.len() - 8;
    let places = footer.clone().filter(|&at| whole[at..].starts_with(&said));
    let (mut refused, mut tried) = (0, 0);
    for at in places {
        for rows in [2999, 8000, 1 << 40, 1 << 62] {
            let mut bytes = whole[..at].to_vec();
            bytes.extend(number(rows));
            bytes.extend(&whole[at + said.len()..whole.len() - 8]);
            let length = (bytes.len() - footer.start) as u32;
            bytes.extend([&length.to_le_bytes()[..], b"PAR1"].concat());
            for query in ["events | count", "events where kind = visit and hours > 3 | count"] {
                let [at_once, later] = both(&bytes, query);
                assert_eq!(at_once, later, "{rows} rows at {at}: {query}");
                refused += usize::from(at_once.is_err());
                tried += 1;
            }
        }
    }
    assert!(refused > 0 && tried > refused, "{refused} of {tried} refused");
}
