//! Nothing of what is read depends on where files are cut.

use super::{PIECE, read_in_pieces};
use crate::dataset::{ColumnType, File, OnError, Options};
use crate::store::EVENTS;

/// What is read of some files: each field with its type, what is said of it and its values, and what was wrong.
fn told(files: &[File], options: &Options, piece: usize) -> String {
    match read_in_pieces(files.to_vec(), options, piece) {
        Err(errors) => format!("{errors:#?}"),
        Ok((store, skipped)) => {
            let table = &store.tables[EVENTS];
            let fields = table.fields.iter().map(|field| {
                let values = (0..table.rows).map(|row| store.text(&field.column.value(row)));
                format!(
                    "{} {} {}\n{:?}",
                    field.name,
                    store.type_name(field.of),
                    field.meaning,
                    values.collect::<Vec<_>>()
                )
            });
            format!("{}\n{:?}\n{skipped:#?}", fields.collect::<Vec<_>>().join("\n"), store.about.notes)
        }
    }
}

fn holds(files: &[File], options: &Options) {
    let whole = told(files, options, *PIECE.end());
    for piece in [1, 2, 3, 7, 20, 50, 300] {
        assert_eq!(told(files, options, piece), whole, "in pieces of {piece} bytes: {files:?}");
    }
}

fn file(name: &str, text: &str) -> File {
    File { name: name.to_owned(), bytes: text.to_owned().into() }
}

#[test]
fn types_are_those_of_all_pieces() {
    let options = Options::default();
    for (first, last) in [
        ("1", "2.5"),
        ("1", "x"),
        ("2.5", "2024-05-06"),
        ("2024-05-06", "2024-05"),
        ("2024-05-06", "2024-05-06/2024-05-08"),
        ("a", "b;c"),
        ("a;b", "c; d"),
        ("true", "1"),
        ("", "3"),
        ("3", ""),
    ] {
        let rows = |value: &str| format!("{value},1\n").repeat(30);
        let text = format!("a,b\n{}{}{}", rows(first), rows(last), rows(first));
        holds(&[file("a.csv", &text)], &options);
    }
    let lines = format!("{}{}", "{\"a\":1,\"b\":\"x\"}\n".repeat(20), "{\"c\":[1,2],\"a\":\"\\u0041\"}\n".repeat(20));
    holds(&[file("a.jsonl", &lines)], &options);
    let array = format!("[{}]", ["{\"a\":1}"; 30].join(","));
    holds(&[file("a.json", &array), file("b.csv", "b,a\n1,2\n"), file("c.jsonl", &lines)], &options);
}

#[test]
fn rows_are_those_that_one_reader_finds() {
    let cells =
        ["1", "x", "\"a,b\"", "\"two\nlines\"", "\"a \"\"quote\"\"\"", "5\" disk", "\"open", "", "\"\"", "2024-05-06"];
    let ends = ["\n", "\n", "\r\n", "\n\n", ",9\n"];
    let mut seed = 7_u32;
    let mut next = |count: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize % count
    };
    let typed =
        Options { types: vec![("a".to_owned(), ColumnType::Int)], on_error: OnError::Skip, ..Options::default() };
    let skips = Options { on_error: OnError::Skip, ..Options::default() };
    for _ in 0..60 {
        let usual = next(2) == 0;
        let mut text = "a,b\n".to_owned();
        for _ in 0..next(60) {
            let kinds = if usual { 6 } else { cells.len() };
            let end = ends[if usual { 0 } else { next(ends.len()) }];
            text += &format!("{},{}{end}", cells[next(kinds)], cells[next(kinds)]);
        }
        for options in [&Options::default(), &skips, &typed] {
            holds(&[file("a.csv", &text), file("b.csv", "b,c\n1,2\n")], options);
        }
    }
}

/// Every kind of column, with missing values, and so many distinct texts that they are kept one after another.
#[test]
fn rows_stand_in_the_order_of_their_dates_wherever_files_are_cut() {
    let row = |number: usize| {
        let date = match number % 23 {
            0 => String::new(),
            day => format!("2024-{:02}-{day:02}", 12 - number * 7 / 12_000 % 12),
        };
        let or_none = |every: usize, text: String| if number.is_multiple_of(every) { String::new() } else { text };
        let cells = [
            or_none(5, number.to_string()),
            or_none(7, format!("{}.5", number % 90)),
            or_none(9, format!("call {}", number % 40)),
            or_none(11, format!("a;{}", number % 6)),
            or_none(4, format!("what happened as number {number}")),
        ];
        (date, cells.join(","))
    };
    let mut rows: Vec<(String, String)> = (0..12_000).map(row).collect();
    let text: String = rows.iter().map(|(date, cells)| format!("{date},{cells}\n")).collect();
    let file = file("a.csv", &format!("date,n,share,who,tags,said\n{text}"));
    rows.sort_by_key(|(date, _)| (date.is_empty(), date.clone()));
    for piece in [20_000, 100_000, *PIECE.end()] {
        let (store, _) = read_in_pieces(vec![file.clone()], &Options::default(), piece).expect("it is right");
        let table = &store.tables[EVENTS];
        let text = |field: usize, row: usize| store.text(&table.fields[field].column.value(row)).replace(", ", ";");
        for (place, (date, cells)) in rows.iter().enumerate() {
            let found: Vec<String> = (0..6).map(|field| text(field, place)).collect();
            assert_eq!(found.join(","), format!("{date},{cells}"), "row {place} in pieces of {piece} bytes");
        }
    }
}
