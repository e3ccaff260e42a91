//! Groups of a whole table by a column of many names: the codes of another column are kept in the order of the names, so that
//! what is counted of a name stands together.

use std::sync::atomic::Ordering;

use super::{Cells, Given, Groups, Kept, inverse};
use crate::exec::Run;
use crate::exec::columnar::coder::fill_codes;
use crate::exec::columnar::frame::{Frame, Part};
use crate::exec::columnar::ranges::{Counts, Largest};
use crate::exec::columnar::select::Selected;
use crate::ir::plan::{Aggregate, Expr, ExprKind};
use crate::store::{Codes, Column, RowsByCode, in_parts};

/// The rows of each name, and the codes of another column in their order.
pub(super) struct Along<'a> {
    rows: &'a RowsByCode,
    codes: &'a Codes,
}

impl<'a> Along<'a> {
    /// What groups by a column of names count of another one, if all rows of a table are counted and nothing else is wanted:
    /// the rows of each pair, or how many values there are beside each name.
    pub(super) fn new(
        run: &Run<'a>,
        table: &Frame<'a>,
        selected: &Selected<'_>,
        keys: &[Expr],
        aggregates: &[Aggregate],
    ) -> Option<Self> {
        let number = table.table?;
        if !selected.is_range() || selected.range() != (0..run.store.tables[number].rows) {
            return None;
        }
        let mut others = aggregates.iter().flat_map(|aggregate| &aggregate.arguments);
        let (by, field) = match (keys, others.next(), others.next()) {
            ([by, field], None, None) => (by, field),
            ([by], Some(field), None) => (by, field),
            _ => return None,
        };
        let (ExprKind::Column(by), ExprKind::Column(field)) = (&by.kind, &field.kind) else { return None };
        let rows = run.store.rows_by_code(number, *by)?;
        let (Column::Text(codes, _) | Column::Coded(_, codes)) = &**run.store.along(number, *by, *field)? else {
            return None;
        };
        Some(Self { rows, codes })
    }

    /// Writes the codes beside a name.
    fn read(&self, name: u32, out: &mut Vec<u32>) {
        let place = self.rows.place_of(name);
        out.resize(place.len(), 0);
        fill_codes(self.codes, Part::From(place.start), out);
    }
}

impl Cells<'_> {
    /// How many rows each pair has, in the order of the keys; pairs that are not of the `most` most rows may be left out.
    pub(super) fn pairs(&self, along: &Along<'_>, most: usize) -> Vec<Counts> {
        let (first, ranks, size) = (&self.orders[0], inverse(&self.orders[1]), self.keys[1].size);
        in_parts(first.len(), along.codes.len(), |part| {
            let mut largest = Largest::new(most);
            let (mut table, mut numbers) = (vec![0; size], Vec::new());
            for place in part {
                if self.interrupt.load(Ordering::Relaxed) {
                    break;
                }
                along.read(first[place], &mut numbers);
                numbers.iter_mut().for_each(|number| *number = ranks[*number as usize]);
                largest.add_range(place * size, &[&numbers], &mut table);
            }
            largest.counts(&self.keys)
        })
    }

    /// How many values there are beside each name.
    pub(super) fn values_beside(&self, along: &Along<'_>) -> Vec<Groups> {
        let size = self.kept.iter().map(|kept| if let Kept::Distinct(coder) = kept { coder.size } else { 0 }).sum();
        let first = &self.orders[0];
        in_parts(first.len(), along.codes.len(), |part| {
            let (mut names, mut rows, mut distinct) = (Vec::new(), Vec::new(), Vec::new());
            // The last name beside which each value was seen; 0 is no value.
            let (mut seen, mut codes) = (vec![u32::MAX; size], Vec::new());
            for &name in &first[part] {
                if self.interrupt.load(Ordering::Relaxed) {
                    break;
                }
                along.read(name, &mut codes);
                if codes.is_empty() {
                    continue;
                }
                seen[0] = name;
                let mut count = 0;
                for &code in &codes {
                    count += i64::from(seen[code as usize] != name);
                    seen[code as usize] = name;
                }
                names.push(name);
                rows.push(codes.len() as i64);
                distinct.push(count);
            }
            let kept = self.kept.iter().map(|kept| match kept {
                Kept::Distinct(_) => Given::Distinct(distinct.clone()),
                _ => Given::Count,
            });
            Groups { codes: vec![names], counts: rows, kept: kept.collect() }
        })
    }
}
