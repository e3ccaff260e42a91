//! The rows of JSON lines or of a JSON array of objects: texts and numbers are slices of it wherever they can be.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use indexmap::IndexSet;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::flat::Members;
use super::source::{Rows, Source};
use super::{Cell, Fault};
use crate::dataset::lines::json_message;
use crate::diagnostic::Code;

/// A text with one object a line; the place of a row is its byte.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    text: &'a str,
}

/// A text that is one array of objects; the place of a row is its number.
#[derive(Debug)]
pub(super) struct Array<'a> {
    text: &'a str,
    rows: Vec<&'a RawValue>,
}

/// Some rows of a text.
struct Objects<'s, 'a, T: Texts<'a>> {
    of: &'s T,
    text: &'a str,
    row: usize,
    at: usize,
    stop: usize,
    names: IndexSet<String>,
    /// Whether no name is spelled otherwise in JSON.
    are_plain: bool,
}

/// Where the texts of the rows come from.
trait Texts<'a> {
    /// What errors call a row.
    const ROW: &'static str;
    /// The text of the row at a place, and the place of the next.
    fn text_at(&self, place: usize) -> Option<(&'a str, usize)>;
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text }
    }
}

impl<'a> Array<'a> {
    pub(super) fn of(text: &'a str) -> Result<Self, Fault> {
        let first = text.find(|letter: char| !letter.is_whitespace()).unwrap_or(0);
        if text.as_bytes().get(first) == Some(&b'{') {
            return Err(Fault::new(Code::BAD_JSON, first, "expected a JSON array of objects")
                .help("a file with one object a line is called `.jsonl`"));
        }
        if serde_json::from_str::<&RawValue>(text).is_ok() && text.as_bytes().get(first) != Some(&b'[') {
            return Err(Fault::new(Code::BAD_JSON, first, "expected a JSON array of objects"));
        }
        let rows = serde_json::from_str(text).map_err(|error| broken(text, 0, "file", &error))?;
        Ok(Self { text, rows })
    }
}

impl<'a> Texts<'a> for Lines<'a> {
    const ROW: &'static str = "line";

    fn text_at(&self, place: usize) -> Option<(&'a str, usize)> {
        let rest = self.text.get(place..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        Some((&rest[..length], (place + length + 1).min(self.text.len())))
    }
}

impl<'a> Texts<'a> for Array<'a> {
    const ROW: &'static str = "row";

    fn text_at(&self, place: usize) -> Option<(&'a str, usize)> {
        self.rows.get(place).map(|row| (row.get(), place + 1))
    }
}

impl Source for Lines<'_> {
    fn pieces(&self, bytes: usize) -> Vec<usize> {
        let text = self.text.as_bytes();
        let mut pieces = vec![0];
        for wanted in (0..text.len()).step_by(bytes.max(1)).skip(1) {
            let start = memchr::memchr(b'\n', &text[wanted..]).map_or(text.len(), |length| wanted + length + 1);
            if start < text.len() && pieces.last().is_some_and(|before| *before < start) {
                pieces.push(start);
            }
        }
        pieces
    }

    fn rows(&self, piece: Range<usize>) -> Box<dyn Rows<'_> + '_> {
        Box::new(Objects::of(self, self.text, piece))
    }

    fn place(&self, row: usize, column: &str) -> usize {
        self.text_at(row).map_or(row, |(row, _)| place_in(self.text, value_of(row, column)))
    }
}

impl Source for Array<'_> {
    fn pieces(&self, bytes: usize) -> Vec<usize> {
        let rows = (self.rows.len() * bytes / self.text.len().max(1)).max(1);
        (0..self.rows.len().max(1)).step_by(rows).collect()
    }

    fn rows(&self, piece: Range<usize>) -> Box<dyn Rows<'_> + '_> {
        Box::new(Objects::of(self, self.text, piece))
    }

    fn place(&self, row: usize, column: &str) -> usize {
        self.text_at(row).map_or(0, |(row, _)| place_in(self.text, value_of(row, column)))
    }
}

impl<'s, 'a, T: Texts<'a>> Objects<'s, 'a, T> {
    fn of(of: &'s T, text: &'a str, piece: Range<usize>) -> Self {
        Self { of, text, row: piece.start, at: piece.start, stop: piece.end, names: IndexSet::new(), are_plain: true }
    }

    fn object(&mut self, row: &'a str, cells: &mut Vec<Cell<'a>>) -> Result<(), Fault> {
        let start = place_in(self.text, row);
        let first = row.len() - row.trim_ascii_start().len();
        if !matches!(row.as_bytes()[first], b'{') {
            let is_json = serde_json::from_str::<&RawValue>(row);
            return Err(match is_json {
                Ok(_) => Fault::new(Code::BAD_FIELD, start + first, "expected a JSON object"),
                Err(error) => broken(row, start, T::ROW, &error),
            });
        }
        let (known, before) = (self.names.len(), cells.len());
        if self.plain_object(row, cells).is_some() {
            cells.resize(before + self.names.len(), Cell::Missing);
            return Ok(());
        }
        cells.truncate(before);
        self.names.truncate(known);
        let Pairs(pairs) = serde_json::from_str(row).map_err(|error| broken(row, start, T::ROW, &error))?;
        let mut found: Vec<Option<Cell<'a>>> = vec![None; known];
        for (name, value) in pairs {
            let (column, is_new) = match self.names.get_index_of(&*name) {
                Some(column) => (column, false),
                None => self.names.insert_full(name.clone().into_owned()),
            };
            if is_new {
                found.push(None);
                self.are_plain &= !name.contains(|letter: char| letter.is_control() || ['"', '\\'].contains(&letter));
            }
            let at = place_in(self.text, value.get());
            if found[column].is_some() {
                return Err(Fault::new(Code::BAD_FIELD, at, format!("`{name}` stands twice in the object")));
            }
            found[column] = Some(cell(value.get(), at, &name)?);
        }
        cells.extend(found.into_iter().map(|cell| cell.unwrap_or(Cell::Missing)));
        Ok(())
    }

    /// Adds the cells of an object of plain values whose names stand in the order in which they were first met, as they
    /// mostly do.
    fn plain_object(&mut self, row: &'a str, cells: &mut Vec<Cell<'a>>) -> Option<()> {
        let mut members = Members::of(row)?;
        let first = cells.len();
        loop {
            let place = cells.len() - first;
            let usual = self.names.get_index(place).filter(|_| self.are_plain);
            if !usual.is_some_and(|usual| members.is_named(usual)) {
                let Some(name) = members.name().ok()? else { return Some(()) };
                let column = match self.names.get_index_of(name) {
                    Some(column) => column,
                    None => self.names.insert_full(name.to_owned()).0,
                };
                if column < place {
                    return None;
                }
                cells.resize(first + column, Cell::Missing);
            }
            members.value(cells)?;
        }
    }
}

impl<'a, T: Texts<'a>> Rows<'a> for Objects<'_, 'a, T> {
    fn next(&mut self, cells: &mut Vec<Cell<'a>>) -> Option<Result<(), Fault>> {
        while self.at < self.stop {
            let (text, next) = self.of.text_at(self.at)?;
            self.row = std::mem::replace(&mut self.at, next);
            if !text.trim_ascii().is_empty() {
                return Some(self.object(text, cells));
            }
        }
        None
    }

    fn row(&self) -> usize {
        self.row
    }

    fn end(&self) -> usize {
        self.at
    }

    fn names(&self) -> &IndexSet<String> {
        &self.names
    }
}

/// The text of a value of an object, or all of the object where it has none of this name.
fn value_of<'a>(row: &'a str, name: &str) -> &'a str {
    let pairs = serde_json::from_str(row).map_or(Vec::new(), |Pairs(pairs)| pairs);
    pairs.into_iter().find(|(other, _)| other == name).map_or(row, |(_, value)| value.get())
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
