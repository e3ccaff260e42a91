//! Parquet files: their values by the types of their schema, and no bytes make them panic.
#![cfg(feature = "parquet")]

use std::path::Path;

use demarche::dataset::{File, OnError, Options, read_file};
use demarche::store::Store;

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
