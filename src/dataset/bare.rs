//! A bare CSV, TSV, JSON or JSONL file to a store: its columns become fields with inferred types.

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::File;
use super::builder::{Builder, order_of};
use super::lines::{Errors, records, text_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::store::{About, Field, Store, Table};
use crate::value::{Base, Date, Type, parse_edtf};

/// One value as it stands in the file.
#[derive(Debug, Clone)]
enum Raw {
    Missing,
    Text(String),
    Number(serde_json::Number),
    Bool(bool),
    List(Vec<Raw>),
}

/// A bare file to a store, by the ending of its name.
pub fn read_file(file: File) -> Result<Store, Vec<Diagnostic>> {
    let mut errors = Errors::of(file.name.as_str());
    let Some(text) = text_of(&file.bytes, &mut errors) else { return Err(errors.into_list()) };
    if text.trim().is_empty() {
        errors.add(Code::EMPTY, 0, 0, "the file is empty");
        return Err(errors.into_list());
    }
    let ending = file.name.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    let columns = match ending.as_str() {
        "tsv" | "tab" => separated(text, b'\t', &mut errors),
        "json" => array(text, &mut errors),
        "jsonl" | "ndjson" => lines(text, &mut errors),
        _ => separated(text, b',', &mut errors),
    };
    let stem = file.name.rsplit(['/', '\\']).next().and_then(|name| name.split('.').next()).unwrap_or("").to_owned();
    errors.unless(columns).map(|columns| store_of(stem, columns))
}

type Columns = IndexMap<String, Vec<Raw>>;

fn separated(text: &str, by: u8, errors: &mut Errors) -> Columns {
    let mut reader = csv::ReaderBuilder::new().delimiter(by).flexible(true).from_reader(text.as_bytes());
    let mut columns = Columns::new();
    if let Ok(header) = reader.headers() {
        for (place, name) in header.iter().enumerate() {
            if columns.insert(name.to_owned(), Vec::new()).is_some() {
                errors.add(Code::BAD_FIELD, 1, place + 1, format!("there are two columns `{name}`"));
            }
        }
    }
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line) as usize;
                errors.add(Code::RAGGED, line, 1, error.to_string());
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line) as usize;
        if record.len() != columns.len() && !errors.is_full() {
            let message = format!("the row has {} cells, the header {}", record.len(), columns.len());
            let column = if record.len() > columns.len() { columns.len() + 1 } else { record.len() };
            let help = Some("a cell that holds the separator stands in double quotes".to_owned());
            errors.push(Code::RAGGED, line, column.max(1), message, help);
        }
        for (cell, column) in record.iter().zip(columns.values_mut()) {
            column.push(if cell.is_empty() { Raw::Missing } else { Raw::Text(cell.to_owned()) });
        }
    }
    columns
}

fn lines(text: &str, errors: &mut Errors) -> Columns {
    let mut columns = Columns::new();
    for (place, record) in records(text, errors).into_iter().enumerate() {
        let line = record.line;
        let values = record.into_values();
        add(&mut columns, place, values, line, errors);
    }
    columns
}

fn array(text: &str, errors: &mut Errors) -> Columns {
    let mut columns = Columns::new();
    match serde_json::from_str::<Json>(text) {
        Ok(Json::Array(rows)) => {
            for (place, row) in rows.into_iter().enumerate() {
                match row {
                    Json::Object(values) => add(&mut columns, place, values, 0, errors),
                    _ => errors.add(Code::BAD_FIELD, 0, 0, format!("row {} is no JSON object", place + 1)),
                }
            }
        }
        Ok(_) => errors.add(Code::BAD_FIELD, 1, 1, "expected a JSON array of objects"),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            errors.add(
                Code::BAD_JSON,
                line,
                column,
                format!("the file is not JSON: {}", super::lines::json_message(&error)),
            );
        }
    }
    columns
}

fn add(columns: &mut Columns, row: usize, values: serde_json::Map<String, Json>, line: usize, errors: &mut Errors) {
    for (name, value) in values {
        let Some(value) = raw(value) else {
            errors.add(
                Code::BAD_FIELD,
                line,
                1,
                format!("`{name}` holds an object, and a column holds values or lists"),
            );
            continue;
        };
        let column = columns.entry(name).or_default();
        column.resize(row, Raw::Missing);
        column.push(value);
    }
    for column in columns.values_mut() {
        column.resize(row + 1, Raw::Missing);
    }
}

fn raw(value: Json) -> Option<Raw> {
    Some(match value {
        Json::Null => Raw::Missing,
        Json::Bool(value) => Raw::Bool(value),
        Json::Number(number) => Raw::Number(number),
        Json::String(text) => Raw::Text(text),
        Json::Array(items) => Raw::List(items.into_iter().map(raw).collect::<Option<_>>()?),
        Json::Object(_) => return None,
    })
}

/// The type that all values of a column have.
fn infer<'a>(name: &str, values: impl Iterator<Item = &'a Raw> + Clone) -> Type {
    if values.clone().any(|value| matches!(value, Raw::List(_))) {
        let items =
            values.flat_map(
                |value| if let Raw::List(items) = value { items.as_slice() } else { std::slice::from_ref(value) },
            );
        return Type::many(infer(name, items.collect::<Vec<_>>().into_iter()).base);
    }
    let present = values.filter(|value| !matches!(value, Raw::Missing));
    let all = |fits: &dyn Fn(&Raw) -> bool| present.clone().all(fits);
    let is_date = |text: &str| parse_edtf(text).is_some() && (name == "date" || text.contains('-'));
    let fits: [(&dyn Fn(&Raw) -> bool, Base); 4] = [
        (
            &|value| {
                matches!(value, Raw::Bool(_)) || matches!(value, Raw::Text(text) if text == "true" || text == "false")
            },
            Base::Bool,
        ),
        (&|value| matches!(value, Raw::Text(text) if is_date(text)), Base::Date),
        (
            &|value| match value {
                Raw::Number(number) => number.is_i64(),
                Raw::Text(text) => text.parse::<i64>().is_ok(),
                _ => false,
            },
            Base::Int,
        ),
        (
            &|value| match value {
                Raw::Number(_) => true,
                Raw::Text(text) => text.parse::<f64>().is_ok_and(f64::is_finite),
                _ => false,
            },
            Base::Float,
        ),
    ];
    if present.clone().next().is_none() {
        return Type::one(Base::Text);
    }
    Type::one(fits.iter().find(|(fits, _)| all(fits)).map_or(Base::Text, |(_, base)| *base))
}

fn push(column: &mut Builder, base: Base, value: &Raw) {
    match (base, value) {
        (_, Raw::Missing) => column.missing(),
        (_, Raw::List(items)) => {
            items.iter().filter(|item| !matches!(item, Raw::Missing)).for_each(|item| push(column.items(), base, item));
            column.end_list();
        }
        (Base::Bool, Raw::Text(text)) => column.truth(text == "true"),
        (Base::Date, Raw::Text(text)) => match parse_edtf(text) {
            Some(date) => column.date(date.start),
            None => column.missing(),
        },
        (Base::Int, Raw::Text(text)) => match text.parse() {
            Ok(value) => column.int(value),
            Err(_) => column.missing(),
        },
        (Base::Float, Raw::Text(text)) => match text.parse() {
            Ok(value) => column.float(value),
            Err(_) => column.missing(),
        },
        (_, Raw::Text(text)) => column.text(text),
        (Base::Int, Raw::Number(number)) => column.int(number.as_i64().unwrap_or(0)),
        (Base::Float, Raw::Number(number)) => column.float(number.as_f64().unwrap_or(f64::NAN)),
        (_, Raw::Number(number)) => column.text(&number.to_string()),
        (_, Raw::Bool(value)) => column.truth(*value),
    }
}

fn store_of(name: String, columns: Columns) -> Store {
    let rows = columns.values().map(Vec::len).max().unwrap_or(0);
    let types: Vec<Type> = columns.iter().map(|(name, values)| infer(name, values.iter())).collect();
    let date = columns.keys().zip(&types).position(|(name, of)| name == "date" && *of == Type::one(Base::Date));
    let order = date.and_then(|place| {
        let dates: Vec<Option<Date>> = columns[place]
            .iter()
            .map(|value| if let Raw::Text(text) = value { Some(parse_edtf(text)?.start) } else { None })
            .collect();
        order_of(&dates)
    });
    let show = columns.keys().cloned().collect();
    let fields = columns
        .into_iter()
        .zip(types)
        .map(|((name, values), of)| {
            let mut column = Builder::new(of);
            for value in &values {
                match value {
                    Raw::Missing | Raw::List(_) => push(&mut column, of.base, value),
                    one if of.many => push(&mut column, of.base, &Raw::List(vec![one.clone()])),
                    one => push(&mut column, of.base, one),
                }
            }
            column.fill(rows);
            let meaning = format!("The column `{name}` of the file.");
            Field { name, of, meaning, column: column.finish(order.as_deref()) }
        })
        .collect();
    let meaning = "The rows of the file.".to_owned();
    let events = Table { name: "events".to_owned(), meaning, rows, domain: None, fields, derived: Vec::new(), show };
    let about = About { title: name.clone(), name, ..About::default() };
    Store { about, tables: vec![events], ..Store::default() }
}
