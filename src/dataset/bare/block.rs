//! The rows of a piece to columns, some rows at a time, so that each column takes many values in a row.

use std::ops::Range;

use indexmap::IndexSet;

use super::column::Column;
use super::source::Source;
use super::why::shortened;
use super::wish::Known;
use super::{Cell, Fault};
use crate::diagnostic::Code;

/// So many rows are taken at a time: few enough for their cells to stay near the processor.
const ROWS: usize = 64;

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
    /// Row after row, a cell for each column that was met.
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
    if let Some(names) = source.names() {
        filling.meet(names);
    }
    if limits.rows == usize::MAX && filling.take_columns(&piece).is_some() {
        filling.filled.end = piece.end;
        return filling.filled;
    }
    let mut rows = source.rows(piece);
    while filling.filled.rows + filling.starts.len() < limits.rows {
        let first = filling.cells.len();
        let next = rows.next(&mut filling.cells);
        if rows.names().len() > filling.filled.met.len() {
            let row = filling.cells.split_off(first);
            filling.meet(rows.names());
            filling.cells.extend(row);
        }
        match next {
            None => break,
            Some(Ok(())) => filling.starts.push(rows.row()),
            Some(Err(fault)) => {
                let known = filling.starts.len() * filling.filled.met.len();
                filling.cells.truncate(known);
                filling.filled.rejected.push(fault);
            }
        }
        if filling.starts.len() == ROWS {
            filling.flush();
        }
        if filling.starts.is_empty() && (filling.filled.rejected.len() >= limits.faults || (limits.is_stopped)()) {
            break;
        }
    }
    filling.flush();
    let Filled { columns, rows: count, .. } = &mut filling.filled;
    columns.iter_mut().for_each(|column| column.fill(*count));
    filling.filled.end = rows.end();
    filling.filled
}

impl Filling<'_, '_> {
    /// Makes columns of the names that are new.
    fn meet(&mut self, names: &IndexSet<String>) {
        if names.len() == self.filled.met.len() {
            return;
        }
        self.flush();
        for name in names.iter().skip(self.filled.met.len()) {
            let (place, is_new) = self.filled.names.insert_full(name.clone());
            if is_new {
                self.filled.columns.push(Column::new(name, self.known, self.source.wish(name)));
            }
            self.filled.columns[place].fill(self.filled.rows);
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

    /// Gives the rows to the columns, less those with a value that is not of the type wished for.
    fn flush(&mut self) {
        if self.starts.is_empty() {
            return;
        }
        let misfits = self.misfits();
        let width = self.filled.met.len();
        for (own, &place) in self.filled.met.iter().enumerate() {
            let column = &mut self.filled.columns[place];
            if column.is_done {
                continue;
            }
            let cells = self.cells[own..].iter().step_by(width);
            if misfits.is_empty() {
                column.take_all(cells);
            } else {
                let right = cells.enumerate().filter(|(row, _)| !misfits.contains(row));
                column.take_all(right.map(|(_, cell)| cell));
            }
        }
        self.filled.rows += self.starts.len() - misfits.len();
        // Nearly all cells own nothing, and to find that out here is faster than to have each dropped.
        self.cells.drain(..).for_each(|cell| if cell.owns() { drop(cell) } else { std::mem::forget(cell) });
        self.starts.clear();
    }

    /// The rows with such a value; it is told of each.
    fn misfits(&mut self) -> Vec<usize> {
        let Filled { columns, names, rejected, met, .. } = &mut self.filled;
        if !columns.iter().any(Column::has_wish) {
            return Vec::new();
        }
        let mut misfits = Vec::new();
        for (row, cells) in self.cells.chunks_exact(met.len()).enumerate() {
            let misfit = met.iter().zip(cells).find_map(|(&place, cell)| {
                let (text, of) = columns[place].misfit(cell)?;
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
