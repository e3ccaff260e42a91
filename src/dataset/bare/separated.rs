//! The rows of comma- or tab-separated text, as RFC 4180 has them: cells are slices of it wherever they can be.
//!
//! A cell that begins with a double quote ends at the next one that is not doubled, over line ends too. A blank line is
//! no row. A column without a name is called by its place, `column_3`.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use indexmap::IndexSet;

use super::{Cell, Fault, Row, Rows};
use crate::diagnostic::Code;

/// The rows of a text.
#[derive(Debug)]
pub(super) struct Separated<'a> {
    text: &'a str,
    by: u8,
    names: IndexSet<String>,
    /// How many cells a row may have.
    lengths: RangeInclusive<usize>,
    /// Whether a cell may stand in double quotes.
    quotes: bool,
    /// Where the first row begins.
    start: usize,
    /// Where the row just given begins.
    row: usize,
    /// Where the next row begins.
    at: usize,
}

impl<'a> Separated<'a> {
    /// The rows after the header, or what is wrong with the header.
    pub(super) fn new(text: &'a str, by: u8) -> Result<Self, Vec<Fault>> {
        let mut rows = Self::without_header(text, by, IndexSet::new(), 0..=0, true);
        let mut places = Vec::new();
        let header = rows.cells(&mut |place| places.push(place)).transpose().map_err(|fault| vec![fault])?;
        let mut faults = Vec::new();
        for (place, cell) in header.unwrap_or_default() {
            let name = match cell {
                Cell::Plain(name) => name.into_owned(),
                _ => format!("column_{}", place + 1),
            };
            if rows.names.contains(&name) {
                let at = places.get(place).copied().unwrap_or(0);
                faults.push(Fault::new(Code::BAD_FIELD, at, format!("there are two columns `{name}`")));
            }
            rows.names.insert(name);
        }
        rows.start = rows.at;
        rows.lengths = rows.names.len()..=rows.names.len();
        if faults.is_empty() { Ok(rows) } else { Err(faults) }
    }

    /// All rows of a text, whose columns are known.
    pub(super) fn without_header(
        text: &'a str,
        by: u8,
        names: IndexSet<String>,
        lengths: RangeInclusive<usize>,
        quotes: bool,
    ) -> Self {
        Self { text, by, names, lengths, quotes, start: 0, row: 0, at: 0 }
    }

    /// The cells of the next row; `begins` is told where each begins.
    fn cells(&mut self, begins: &mut dyn FnMut(usize)) -> Option<Result<Row<'a>, Fault>> {
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.at), Some(b'\n' | b'\r')) {
            self.at += 1;
        }
        if self.at >= bytes.len() {
            return None;
        }
        let row = self.at;
        self.row = row;
        let mut cells = Vec::with_capacity(self.names.len());
        loop {
            begins(self.at);
            let cell = if self.quotes && bytes.get(self.at) == Some(&b'"') {
                match self.quoted() {
                    Ok(cell) => cell,
                    Err(fault) => {
                        // The quote may have swallowed other rows: the next begins with the next line.
                        let line_end = memchr::memchr2(b'\n', b'\r', &bytes[row..]);
                        self.at = line_end.map_or(bytes.len(), |length| row + length);
                        return Some(Err(fault));
                    }
                }
            } else {
                let rest = &bytes[self.at..];
                let length = memchr::memchr3(self.by, b'\n', b'\r', rest).unwrap_or(rest.len());
                let cell = &self.text[self.at..self.at + length];
                self.at += length;
                Cow::Borrowed(cell)
            };
            cells.push((cells.len(), if cell.is_empty() { Cell::Missing } else { Cell::Plain(cell) }));
            if bytes.get(self.at) != Some(&self.by) {
                return Some(Ok(cells));
            }
            self.at += 1;
        }
    }

    /// The cell that begins with the quote here; after it stands a separator, a line end or nothing.
    fn quoted(&mut self) -> Result<Cow<'a, str>, Fault> {
        let (bytes, opening) = (self.text.as_bytes(), self.at);
        let mut at = opening + 1;
        let mut is_doubled = false;
        loop {
            let Some(length) = memchr::memchr(b'"', &bytes[at..]) else {
                return Err(Fault::new(Code::BAD_QUOTE, opening, "the quote is not closed")
                    .help("a quote within a quoted cell is doubled, `\"\"`"));
            };
            at += length + 1;
            if bytes.get(at) != Some(&b'"') {
                break;
            }
            is_doubled = true;
            at += 1;
        }
        if bytes.get(at).is_some_and(|byte| ![self.by, b'\n', b'\r'].contains(byte)) {
            return Err(Fault::new(Code::BAD_QUOTE, at, "the cell goes on after its closing quote")
                .help("a quote within a quoted cell is doubled, `\"\"`"));
        }
        self.at = at;
        let inner = &self.text[opening + 1..at - 1];
        Ok(if is_doubled { Cow::Owned(inner.replace("\"\"", "\"")) } else { Cow::Borrowed(inner) })
    }
}

impl<'a> Rows<'a> for Separated<'a> {
    fn next(&mut self) -> Option<Result<Row<'a>, Fault>> {
        let expected = *self.lengths.end();
        let lengths = self.lengths.clone();
        let has_header = self.start > 0;
        let (mut count, mut extra) = (0, None);
        let row = self.cells(&mut |place| {
            count += 1;
            if count == expected + 1 {
                extra = Some(place);
            }
        })?;
        Some(row.and_then(|cells| {
            if lengths.contains(&cells.len()) {
                return Ok(cells);
            }
            let what = if has_header { "header" } else { "preset" };
            let message = format!("the row has {} cells, the {what} {expected}", cells.len());
            let fault = Fault::new(Code::RAGGED, extra.unwrap_or(self.at), message);
            let help = "a cell that holds the separator stands in double quotes";
            Err(if self.quotes { fault.help(help) } else { fault })
        }))
    }

    fn rewind(&mut self) {
        self.at = self.start;
    }

    fn place(&self, column: usize) -> usize {
        let (names, lengths) = (IndexSet::new(), self.lengths.clone());
        let mut row = Self { names, lengths, at: self.row, ..*self };
        let mut places = Vec::new();
        drop(row.cells(&mut |place| places.push(place)));
        places.get(column).copied().unwrap_or(self.row)
    }

    fn names(&self) -> &IndexSet<String> {
        &self.names
    }
}
