//! The rows of comma- or tab-separated text, as RFC 4180 has them: cells are slices of it wherever they can be.
//!
//! A cell that begins with a double quote ends at the next one that is not doubled, over line ends too. A blank line is
//! no row. A column without a name is called by its place, `column_3`.

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

use indexmap::IndexSet;

use super::marks::Marks;
use super::source::{Rows, Source};
use super::{Cell, Fault};
use crate::diagnostic::Code;
use crate::store::in_parts;

/// A text of separated cells.
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
}

/// Some rows of a text.
struct SeparatedRows<'s, 'a> {
    of: &'s Separated<'a>,
    /// Where the row just given begins.
    row: usize,
    /// Where the next row begins.
    at: usize,
    /// Rows that begin from here on belong to others.
    stop: usize,
    /// Where a cell without quotes may end.
    marks: Marks<'a, false>,
    /// Cells without quotes that were met and not given yet.
    plain: Vec<&'a str>,
}

impl<'a> Separated<'a> {
    /// The rows after the header, or what is wrong with the header.
    pub(super) fn new(text: &'a str, by: u8) -> Result<Self, Vec<Fault>> {
        let mut separated = Self::without_header(text, by, IndexSet::new(), 0..=0, true);
        let mut header = Vec::new();
        let mut rows = separated.from(0);
        rows.cells(&mut header).transpose().map_err(|fault| vec![fault])?;
        let start = rows.at;
        let mut faults = Vec::new();
        for (place, cell) in header.into_iter().enumerate() {
            let name = match cell {
                Cell::Plain(name) => name.into_owned(),
                _ => format!("column_{}", place + 1),
            };
            if separated.names.contains(&name) {
                let at = separated.cell_place(0, place);
                faults.push(Fault::new(Code::BAD_FIELD, at, format!("there are two columns `{name}`")));
            }
            separated.names.insert(name);
        }
        separated.start = start;
        separated.lengths = separated.names.len()..=separated.names.len();
        if faults.is_empty() { Ok(separated) } else { Err(faults) }
    }

    /// All rows of a text, whose columns are known.
    pub(super) fn without_header(
        text: &'a str,
        by: u8,
        names: IndexSet<String>,
        lengths: RangeInclusive<usize>,
        quotes: bool,
    ) -> Self {
        Self { text, by, names, lengths, quotes, start: 0 }
    }

    fn from(&self, at: usize) -> SeparatedRows<'_, 'a> {
        let marks = Marks::of(self.text, [self.by, b'\n', b'\r']);
        SeparatedRows { of: self, row: at, at, stop: usize::MAX, marks, plain: Vec::new() }
    }

    /// Where a cell begins in the row at a place.
    fn cell_place(&self, row: usize, cell: usize) -> usize {
        let mut rows = self.from(row);
        if rows.skip_line_ends().is_none() {
            return row;
        }
        rows.row = rows.at;
        for _ in 0..cell {
            if self.quotes && self.text.as_bytes().get(rows.at) == Some(&b'"') {
                if rows.quoted().is_err() {
                    return rows.row;
                }
            } else {
                rows.at = rows.marks.next(rows.at);
            }
            if self.text.as_bytes().get(rows.at) != Some(&self.by) {
                return rows.row;
            }
            rows.at += 1;
        }
        rows.at
    }
}

impl<'a> SeparatedRows<'_, 'a> {
    fn skip_line_ends(&mut self) -> Option<()> {
        let bytes = self.of.text.as_bytes();
        let stop = bytes.len().min(self.stop);
        while self.at < stop && matches!(bytes[self.at], b'\n' | b'\r') {
            self.at += 1;
        }
        (self.at < stop).then_some(())
    }

    /// Adds the cells of the next row.
    fn cells(&mut self, cells: &mut Vec<Cell<'a>>) -> Option<Result<(), Fault>> {
        self.skip_line_ends()?;
        let (text, by, quotes) = (self.of.text, self.of.by, self.of.quotes);
        let bytes = text.as_bytes();
        self.row = self.at;
        loop {
            if quotes && bytes.get(self.at) == Some(&b'"') {
                self.take_plain(cells);
                match self.quoted() {
                    Ok(cell) if cell.is_empty() => cells.push(Cell::Missing),
                    Ok(cell) => cells.push(Cell::Plain(cell)),
                    Err(fault) => {
                        // The quote may have swallowed other rows: the next begins with the next line.
                        let line_end = memchr::memchr2(b'\n', b'\r', &bytes[self.row..]);
                        self.at = line_end.map_or(bytes.len(), |length| self.row + length);
                        return Some(Err(fault));
                    }
                }
            } else {
                let end = self.marks.next(self.at);
                self.plain.push(&text[self.at..end]);
                self.at = end;
            }
            if bytes.get(self.at) != Some(&by) {
                self.take_plain(cells);
                return Some(Ok(()));
            }
            self.at += 1;
        }
    }

    /// Adds the cells without quotes that were met since: a cell takes more to make than a slice, and several at once take less.
    fn take_plain(&mut self, cells: &mut Vec<Cell<'a>>) {
        let cell = |text: &'a str| if text.is_empty() { Cell::Missing } else { Cell::Plain(Cow::Borrowed(text)) };
        cells.extend(self.plain.iter().map(|text| cell(text)));
        self.plain.clear();
    }

    /// The cell that begins with the quote here; after it stands a separator, a line end or nothing.
    fn quoted(&mut self) -> Result<Cow<'a, str>, Fault> {
        let (text, opening) = (self.of.text, self.at);
        let bytes = text.as_bytes();
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
        if bytes.get(at).is_some_and(|byte| ![self.of.by, b'\n', b'\r'].contains(byte)) {
            return Err(Fault::new(Code::BAD_QUOTE, at, "the cell goes on after its closing quote")
                .help("a quote within a quoted cell is doubled, `\"\"`"));
        }
        self.at = at;
        let inner = &text[opening + 1..at - 1];
        Ok(if is_doubled { Cow::Owned(inner.replace("\"\"", "\"")) } else { Cow::Borrowed(inner) })
    }
}

impl Source for Separated<'_> {
    /// A line end with an even number of quotes before it is taken as the end of a row. Quotes within cells that do not
    /// begin with one can make that wrong; whoever reads a piece sees that the one before does not end where it begins.
    fn pieces(&self, bytes: usize) -> Vec<usize> {
        let text = self.text.as_bytes();
        let mut pieces = vec![self.start];
        let wanted: Vec<usize> = (self.start..text.len()).step_by(bytes.max(1)).skip(1).collect();
        let mut before = self.start;
        let counted = in_parts(wanted.len(), text.len(), |part| {
            let ends = part.map(|number| (wanted[number] - bytes, wanted[number]));
            let count = |(from, to): (usize, usize)| {
                if self.quotes { memchr::memchr_iter(b'"', &text[from..to]).count() } else { 0 }
            };
            ends.map(count).collect::<Vec<_>>()
        });
        let mut quotes = 0;
        for (&place, count) in wanted.iter().zip(counted.into_iter().flatten()) {
            quotes += count;
            let mut is_open = quotes % 2 == 1;
            let mut marks = memchr::memchr2_iter(b'"', b'\n', &text[place..]);
            let end = marks.find(|&mark| {
                let is_quote = text[place + mark] == b'"';
                is_open ^= is_quote && self.quotes;
                !is_quote && !is_open
            });
            let Some(end) = end else { break };
            let start = place + end + 1;
            if start > before && start < text.len() {
                pieces.push(start);
                before = start;
            }
        }
        pieces
    }

    fn rows(&self, piece: Range<usize>) -> Box<dyn Rows<'_> + '_> {
        Box::new(SeparatedRows { stop: piece.end, ..self.from(piece.start) })
    }

    fn names(&self) -> Option<&IndexSet<String>> {
        Some(&self.names)
    }

    fn place(&self, row: usize, column: &str) -> usize {
        self.cell_place(row, self.names.get_index_of(column).unwrap_or(0))
    }
}

impl<'a> Rows<'a> for SeparatedRows<'_, 'a> {
    fn next(&mut self, cells: &mut Vec<Cell<'a>>) -> Option<Result<(), Fault>> {
        let lengths = &self.of.lengths;
        let before = cells.len();
        let row = self.cells(cells)?;
        let (count, expected) = (cells.len() - before, *lengths.end());
        if row.is_err() || lengths.contains(&count) {
            cells.resize(before + self.of.names.len(), Cell::Missing);
            return Some(row);
        }
        let extra = if count > expected { self.of.cell_place(self.row, expected) } else { self.at };
        let what = if self.of.start > 0 { "header" } else { "preset" };
        let message = format!("the row has {count} cells, the {what} {expected}");
        let fault = Fault::new(Code::RAGGED, extra, message);
        let help = "a cell that holds the separator stands in double quotes";
        Some(Err(if self.of.quotes { fault.help(help) } else { fault }))
    }

    fn row(&self) -> usize {
        self.row
    }

    fn end(&self) -> usize {
        self.at
    }

    fn names(&self) -> &IndexSet<String> {
        &self.of.names
    }
}
