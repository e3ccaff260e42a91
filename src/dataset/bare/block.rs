//! The rows of a piece to columns, some rows at a time, so that each column takes many values in a row.

use std::ops::Range;

use indexmap::IndexSet;

use super::column::Column;
use super::source::Source;
use super::why::shortened;
use super::wish::Known;
use super::{Cell, Fault, Row};
use crate::diagnostic::Code;

/// So many rows are taken at a time: few enough for their cells to stay near the processor.
const ROWS: usize = 256;

/// The columns of a piece, and what was wrong with its rows.
pub(super) struct Filled {
    pub(super) names: IndexSet<String>,
    pub(super) columns: Vec<Column>,
    /// The places among the columns of those that the piece has.
    pub(super) met: Vec<usize>,
    /// How many rows were right.
    pub(super) rows: usize,
    pub(super) rejected: Vec<Fault>,
    /// Where the row after the last begins.
    pub(super) end: usize,
}

/// When a piece is left before its end.
#[derive(Clone, Copy)]
pub(super) struct Limits<'a> {
    pub(super) rows: usize,
    pub(super) faults: usize,
    pub(super) is_stopped: &'a (dyn Fn() -> bool + Sync),
}

/// A piece being read.
struct Filling<'s, 'k> {
    source: &'s dyn Source,
    known: &'k Known<'k>,
    filled: Filled,
    cells: Vec<Cell<'s>>,
    /// Where each of the rows begins.
    starts: Vec<usize>,
}

/// Reads the rows of a piece into these columns and those that are met.
pub(super) fn fill(
    source: &dyn Source,
    piece: Range<usize>,
    (names, columns): (IndexSet<String>, Vec<Column>),
    known: &Known<'_>,
    limits: Limits<'_>,
) -> Filled {
    let filled = Filled { names, columns, met: Vec::new(), rows: 0, rejected: Vec::new(), end: piece.start };
    let mut filling = Filling { source, known, filled, cells: Vec::new(), starts: Vec::new() };
    filling.meet(source.names());
    if limits.rows == usize::MAX && filling.take_columns(&piece).is_some() {
        filling.filled.end = piece.end;
        return filling.filled;
    }
    let mut rows = source.rows(piece);
    let mut row: Row<'_> = Vec::new();
    while filling.filled.rows + filling.starts.len() < limits.rows {
        row.clear();
        let next = rows.next(&mut row);
        filling.meet(rows.names());
        match next {
            None => break,
            Some(Ok(())) => filling.add(rows.row(), &mut row),
            Some(Err(fault)) => filling.filled.rejected.push(fault),
        }
        if filling.starts.len() == ROWS {
            filling.flush();
        }
        if filling.starts.is_empty() && (filling.filled.rejected.len() >= limits.faults || (limits.is_stopped)()) {
            break;
        }
    }
    filling.flush();
    filling.filled.end = rows.end();
    filling.filled
}

impl<'s> Filling<'s, '_> {
    /// Makes columns of the names that are new.
    fn meet(&mut self, names: &IndexSet<String>) {
        if names.len() == self.filled.met.len() {
            return;
        }
        self.flush();
        for name in names.iter().skip(self.filled.met.len()) {
            let (place, is_new) = self.filled.names.insert_full(name.clone());
            if is_new {
                let mut column = Column::new(name, self.known, self.source.wish(name));
                column.fill(self.filled.rows);
                self.filled.columns.push(column);
            }
            self.filled.met.push(place);
        }
    }

    /// Fills the columns one by one, if the file can.
    fn take_columns(&mut self, piece: &Range<usize>) -> Option<()> {
        let filled = &mut self.filled;
        let mut columns = filled.columns.clone();
        let mut own = Vec::with_capacity(filled.met.len());
        let mut by_place: Vec<Option<&mut Column>> = columns.iter_mut().map(Some).collect();
        for &place in &filled.met {
            own.push(by_place[place].take()?);
        }
        let rows = self.source.columns(piece, &mut own)?;
        columns.iter_mut().for_each(|column| column.fill(rows));
        (filled.columns, filled.rows) = (columns, rows);
        Some(())
    }

    fn add(&mut self, start: usize, row: &mut Row<'s>) {
        let first = self.cells.len();
        self.cells.resize_with(first + self.filled.columns.len(), || Cell::Missing);
        for (place, cell) in row.drain(..) {
            self.cells[first + self.filled.met[place]] = cell;
        }
        self.starts.push(start);
    }

    /// Gives the rows to the columns, less those with a value that is not of the type wished for.
    fn flush(&mut self) {
        let width = self.filled.columns.len();
        if self.starts.is_empty() {
            return;
        }
        let misfits = self.misfits();
        for (place, column) in self.filled.columns.iter_mut().enumerate().filter(|(_, column)| !column.is_done) {
            for (row, cells) in self.cells.chunks_exact(width).enumerate() {
                if misfits.is_empty() || !misfits.contains(&row) {
                    column.take(&cells[place]);
                }
            }
        }
        self.filled.rows += self.starts.len() - misfits.len();
        self.cells.clear();
        self.starts.clear();
    }

    /// The rows with such a value; it is told of each.
    fn misfits(&mut self) -> Vec<usize> {
        let Filled { columns, names, rejected, .. } = &mut self.filled;
        if !columns.iter().any(Column::has_wish) {
            return Vec::new();
        }
        let mut misfits = Vec::new();
        for (row, cells) in self.cells.chunks_exact(columns.len()).enumerate() {
            let misfit = columns.iter().zip(cells).enumerate().find_map(|(place, (column, cell))| {
                let (text, of) = column.misfit(cell)?;
                Some((&names[place], text, of))
            });
            if let Some((name, text, of)) = misfit {
                let code = if of == "date" { Code::BAD_DATE } else { Code::BAD_FIELD };
                let message = format!("`{}` in the column `{name}` is not of the type {of}", shortened(text));
                rejected.push(Fault::new(code, self.source.place(self.starts[row], name), message));
                misfits.push(row);
            }
        }
        misfits
    }
}
