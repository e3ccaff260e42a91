//! The rows by date, with the date before of the same keys and the time between.

use super::frame::{Frame, Vector};
use super::{group, order, vector};
use crate::builtin::{Overflow, arithmetic};
use crate::diagnostic::{Code, Diagnostic};
use crate::exec::Run;
use crate::ir::plan::{Expr, Operation, SortKey};
use crate::store::{Column, NO_DAY};
use crate::value::Value;

/// The rows in the order of their dates, with two columns more.
pub(super) fn gap<'a>(run: &Run<'_>, input: &Frame<'a>, keys: &[Expr], date: &Expr) -> Result<Frame<'a>, Diagnostic> {
    let by_date = SortKey { value: date.clone(), descending: false };
    let rows = order::sorted(run, input, std::slice::from_ref(&by_date), usize::MAX)?;
    let mut frame = if rows.is_sorted() { input.clone() } else { input.keep(rows) };
    let groups = group::groups(run, &frame, keys)?;
    let dates = vector(run, &frame, date)?;
    let (previous, gap) = match &*dates.column {
        Column::Day(days) => {
            let days = (0..frame.rows).map(|row| days[dates.places.of(row)]);
            days_between(days, &groups.ids, groups.sizes.len())
        }
        _ => between(run, &dates, &groups.ids, groups.sizes.len(), date)?,
    };
    frame.columns.extend([Vector::made(previous), Vector::made(gap)]);
    Ok(frame)
}

fn days_between(days: impl Iterator<Item = i32>, ids: &[u32], size: usize) -> (Column, Column) {
    let mut last = vec![NO_DAY; size];
    let mut previous = Vec::with_capacity(ids.len());
    let mut gaps = Vec::with_capacity(ids.len());
    for (day, &id) in days.zip(ids) {
        let before = std::mem::replace(&mut last[id as usize], day);
        previous.push(before);
        gaps.push(if before == NO_DAY || day == NO_DAY { NO_DAY } else { day - before });
    }
    (Column::Day(previous), Column::Days(gaps))
}

fn between(
    run: &Run<'_>,
    dates: &Vector<'_>,
    ids: &[u32],
    size: usize,
    date: &Expr,
) -> Result<(Column, Column), Diagnostic> {
    let mut last = vec![Value::Missing; size];
    let mut previous = Vec::with_capacity(ids.len());
    let mut gaps = Vec::with_capacity(ids.len());
    for (row, &id) in ids.iter().enumerate() {
        run.check(0)?;
        let now = dates.value(row);
        let before = std::mem::replace(&mut last[id as usize], now.clone());
        let passed = arithmetic(run.store, Operation::Subtract, &now, &before);
        gaps.push(passed.map_err(|Overflow| Diagnostic::new(Code::OVERFLOW, date.span, "the gap is too long"))?);
        previous.push(before);
    }
    Ok((Column::of_values(&previous, false), Column::of_values(&gaps, false)))
}
