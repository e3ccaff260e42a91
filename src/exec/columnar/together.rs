//! The rows of one name, which stand together where rows are listed by names: what other conditions ask of them is read one
//! after another there, once that was asked of as many rows as the table has.

use std::borrow::Cow;
use std::sync::Arc;

use super::coder::add_columns;
use super::frame::{Frame, Held, Places, Vector};
use super::select::only_code;
use crate::exec::Run;
use crate::ir::plan::Expr;
use crate::store::{Column, RowSet, StoredColumn};

/// So few rows are asked where they stand in the table.
const FEW: usize = 256;

/// The rows that one condition on a table leaves, which asks for a name.
pub(super) struct OfName<'a> {
    /// The other conditions.
    pub(super) rest: Vec<Expr>,
    /// The rows as these see them: no column is right but those of which they speak.
    pub(super) frame: Frame<'a>,
    /// Where each row stands in the table.
    rows: Cow<'a, [u32]>,
    /// The columns in the order of the names, by their fields, and where the name starts.
    along: Vec<(usize, &'a StoredColumn)>,
    start: usize,
}

impl<'a> OfName<'a> {
    /// `None` where columns of which the other conditions speak are not kept in the order of the names. Nobody who watches is
    /// told of it, as it depends on what was asked before.
    pub(super) fn new(run: &Run<'a>, table: &Frame<'a>, predicates: &[Expr]) -> Option<Self> {
        let (number, store) = (table.table?, run.store);
        if run.watch.is_some()
            || table.range()? != (0..store.tables[number].rows)
            || !predicates.iter().all(Expr::is_safe)
        {
            return None;
        }
        let names = predicates.iter().enumerate().filter_map(|(place, predicate)| {
            let (by, code) = only_code(table, predicate)?;
            Some((store.rows_by_code(number, by)?.count(code), place, by, code))
        });
        let (count, place, by, code) = names.min()?;
        let by_code = store.rows_by_code(number, by)?;
        let RowSet::Rows(rows) = by_code.of_code(code) else { return None };
        if count < FEW || predicates.len() == 1 || by_code.count(0) > 0 {
            return None;
        }
        let mut rest = predicates.to_vec();
        rest.remove(place);
        let mut fields = Vec::new();
        rest.iter().for_each(|predicate| add_columns(predicate, &mut fields));
        let have_codes =
            fields.iter().all(|&field| matches!(&*table.columns[field].column, Column::Text(..) | Column::Coded(..)));
        if fields.is_empty() || !have_codes {
            return None;
        }
        // All are wanted, also where one is still missing.
        let along: Vec<_> = fields.iter().map(|&field| store.along_if_worth(number, by, field, count)).collect();
        let along: Vec<_> = fields.into_iter().zip(along.into_iter().collect::<Option<Vec<_>>>()?).collect();
        let start = by_code.place_of(code).start;
        let mut frame = Frame::new(count, table.columns.clone());
        for &(field, column) in &along {
            frame.columns[field] = Vector { column: Held::Stored(column), places: Places::From(start) };
        }
        Some(Self { rest, frame, rows, along, start })
    }

    /// Some of the rows of the table, by their places here.
    pub(super) fn keep(&self, table: &Frame<'a>, kept: &[u32]) -> Frame<'a> {
        let mut frame = table.keep(kept.iter().map(|&row| self.rows[row as usize]).collect::<Arc<[u32]>>());
        let places: Arc<[u32]> = kept.iter().map(|row| self.start as u32 + row).collect();
        for &(field, column) in &self.along {
            frame.columns[field] = Vector { column: Held::Stored(column), places: Places::At(places.clone()) };
        }
        frame
    }
}
