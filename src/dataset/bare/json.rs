//! The rows of JSON lines or of a JSON array of objects: texts and numbers are slices of it wherever they can be.

use std::borrow::Cow;
use std::fmt;

use indexmap::IndexSet;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Cell, Fault, Row, Rows};
use crate::dataset::lines::json_message;
use crate::diagnostic::Code;

/// The objects of a text.
#[derive(Debug)]
pub(super) struct Objects<'a> {
    text: &'a str,
    /// The rows of an array; without them, each line is a row.
    array: Option<Vec<&'a RawValue>>,
    /// The place of the next row: a byte, or a place in the array.
    at: usize,
    /// The row just given.
    row: &'a str,
    names: IndexSet<String>,
}

impl<'a> Objects<'a> {
    /// One object a line.
    pub(super) fn of_lines(text: &'a str) -> Self {
        Self { text, array: None, at: 0, row: "", names: IndexSet::new() }
    }

    /// An array of objects.
    pub(super) fn of_array(text: &'a str) -> Result<Self, Fault> {
        let first = text.find(|letter: char| !letter.is_whitespace()).unwrap_or(0);
        if text.as_bytes().get(first) == Some(&b'{') {
            return Err(Fault::new(Code::BAD_JSON, first, "expected a JSON array of objects")
                .help("a file with one object a line is called `.jsonl`"));
        }
        if serde_json::from_str::<&RawValue>(text).is_ok() && text.as_bytes().get(first) != Some(&b'[') {
            return Err(Fault::new(Code::BAD_JSON, first, "expected a JSON array of objects"));
        }
        let array = serde_json::from_str(text).map_err(|error| broken(text, 0, "file", &error))?;
        Ok(Self { array: Some(array), ..Self::of_lines(text) })
    }

    fn next_text(&mut self) -> Option<&'a str> {
        if let Some(array) = &self.array {
            let row = array.get(self.at)?;
            self.at += 1;
            return Some(row.get());
        }
        loop {
            let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
            let length = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
            self.at += length + 1;
            let line = &rest[..length];
            if !line.trim_ascii().is_empty() {
                return Some(line);
            }
        }
    }

    fn row(&mut self, row: &'a str) -> Result<Row<'a>, Fault> {
        let start = place_in(self.text, row);
        let what = if self.array.is_some() { "row" } else { "line" };
        let first = row.len() - row.trim_ascii_start().len();
        if !matches!(row.as_bytes()[first], b'{') {
            let is_json = serde_json::from_str::<&RawValue>(row);
            return Err(match is_json {
                Ok(_) => Fault::new(Code::BAD_FIELD, start + first, "expected a JSON object"),
                Err(error) => broken(row, start, what, &error),
            });
        }
        let Pairs(pairs) = serde_json::from_str(row).map_err(|error| broken(row, start, what, &error))?;
        let mut cells: Row<'a> = Vec::with_capacity(pairs.len());
        for (place, (name, value)) in pairs.into_iter().enumerate() {
            let column = if self.names.get_index(place).is_some_and(|usual| *usual == name) {
                place
            } else if let Some(place) = self.names.get_index_of(&*name) {
                place
            } else {
                self.names.insert_full(name.clone().into_owned()).0
            };
            let at = place_in(self.text, value.get());
            if cells.iter().any(|(other, _)| *other == column) {
                return Err(Fault::new(Code::BAD_FIELD, at, format!("`{name}` stands twice in the object")));
            }
            cells.push((column, cell(value.get(), at, &name)?));
        }
        Ok(cells)
    }
}

impl<'a> Rows<'a> for Objects<'a> {
    fn next(&mut self) -> Option<Result<Row<'a>, Fault>> {
        let text = self.next_text()?;
        self.row = text;
        Some(self.row(text))
    }

    fn rewind(&mut self) {
        self.at = 0;
    }

    fn place(&self, column: usize) -> usize {
        let row = serde_json::from_str(self.row).map_or(Vec::new(), |Pairs(pairs)| pairs);
        let value = row.iter().find(|(name, _)| self.names.get_index_of(&**name) == Some(column));
        place_in(self.text, value.map_or(self.row, |(_, value)| value.get()))
    }

    fn names(&self) -> &IndexSet<String> {
        &self.names
    }
}

/// Where a slice of a text begins in it.
fn place_in(text: &str, slice: &str) -> usize {
    (slice.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len())
}

/// What breaks the JSON of `text`, which begins at `start`.
fn broken(text: &str, start: usize, what: &str, error: &serde_json::Error) -> Fault {
    let line_start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let place = (line_start + error.column().saturating_sub(1)).min(text.len());
    Fault::new(Code::BAD_JSON, start + place, format!("the {what} is not JSON: {}", json_message(error)))
}

fn cell<'a>(text: &'a str, at: usize, name: &str) -> Result<Cell<'a>, Fault> {
    let fault = |code, message: &str| Fault::new(code, at, format!("`{name}` holds {message}"));
    Ok(match text.as_bytes().first() {
        Some(b'n') => Cell::Missing,
        Some(b't' | b'f') => Cell::Bool(text == "true"),
        Some(b'"') if text.contains('\\') => match serde_json::from_str(text) {
            Ok(text) => Cell::Text(Cow::Owned(text)),
            Err(error) => return Err(broken(text, at, "text", &error)),
        },
        Some(b'"') => Cell::Text(Cow::Borrowed(&text[1..text.len() - 1])),
        Some(b'[') => {
            let items: Vec<&RawValue> =
                serde_json::from_str(text).map_err(|_| fault(Code::BAD_JSON, "no JSON array"))?;
            let mut cells = Vec::with_capacity(items.len());
            for item in items {
                match cell(item.get(), at + place_in(text, item.get()), name)? {
                    Cell::Missing => {}
                    Cell::List(_) => return Err(fault(Code::BAD_FIELD, "a list of lists, and a list holds values")),
                    one => cells.push(one),
                }
            }
            Cell::List(cells)
        }
        Some(b'{') => return Err(fault(Code::BAD_FIELD, "an object, and a column holds values or lists")),
        _ => Cell::Number(text),
    })
}

/// The keys and values of an object, none of them looked at.
struct Pairs<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::with_capacity(16);
        while let Some(Key(key)) = map.next_key()? {
            pairs.push((key, map.next_value()?));
        }
        Ok(Pairs(pairs))
    }
}

/// A key, borrowed unless it has escapes.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);
