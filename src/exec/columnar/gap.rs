//! The rows by date, with the date before of the same keys and the time between.

use std::sync::atomic::{AtomicI32, Ordering};

use super::coder::Coder;
use super::frame::{Frame, Vector};
use super::ranges::Ranges;
use super::{group, order, vector};
use crate::builtin::{Overflow, arithmetic};
use crate::diagnostic::{Code, Diagnostic};
use crate::exec::Run;
use crate::ir::plan::{Expr, ExprKind, Operation, Plan, SortKey};
use crate::store::{Column, NO_DAY, in_parts};
use crate::value::Value;

/// The rows in the order of their dates, with two columns more.
pub(super) fn gap<'a>(
    run: &Run<'_>,
    plan: &Plan,
    input: &Frame<'a>,
    keys: &[Expr],
    date: &Expr,
) -> Result<Frame<'a>, Diagnostic> {
    let dates = vector(run, input, date)?;
    let mut frame = if order::is_in_order(run, &dates, input.rows) {
        Frame { table: None, ..input.clone() }
    } else {
        let by_date = SortKey { value: date.clone(), descending: false };
        input.keep(order::sorted(run, input, std::slice::from_ref(&by_date), usize::MAX)?)
    };
    if let Some(gaps) = by_codes(run, &frame, keys, date) {
        run.answered_by(plan, "by codes");
        frame.columns.extend(gaps);
        return Ok(frame);
    }
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

/// The days before and the days between, where no day is missing and the keys have codes: rows of a range of keys together,
/// so that what is remembered of each key is small.
fn by_codes<'a>(run: &Run<'_>, frame: &Frame<'a>, keys: &[Expr], date: &Expr) -> Option<[Vector<'a>; 2]> {
    let ExprKind::Column(date) = date.kind else { return None };
    let dates = frame.columns[date].clone();
    let Column::Day(days) = &*dates.column else { return None };
    let places = &dates.places;
    if frame.rows > 0 && days[places.of(frame.rows - 1)] == NO_DAY {
        return None;
    }
    let coder = |expr: &Expr| Coder::of_names(run.store, frame, expr);
    let keys: Vec<Coder<'_>> = keys.iter().map(coder).collect::<Option<_>>()?;
    let ranges = Ranges::new(&keys, keys.iter().map(|key| (0..key.size as u32).collect()).collect())?;
    let sorted = in_parts(frame.rows, frame.rows, |part| {
        ranges.sorted(part, Coder::fill, |row, cell| (row as u32, cell, days[places.of(row)]))
    });
    let gaps: Vec<AtomicI32> = (0..frame.rows).map(|_| AtomicI32::new(NO_DAY)).collect();
    in_parts(ranges.count, frame.rows, |part| {
        let mut last = vec![NO_DAY; ranges.cells];
        for range in part {
            let items = || sorted.iter().flat_map(|sorted| sorted.of(range));
            for &(row, cell, day) in items() {
                let before = std::mem::replace(&mut last[cell as usize], day);
                if before != NO_DAY {
                    gaps[row as usize].store(day - before, Ordering::Relaxed);
                }
            }
            items().for_each(|(_, cell, _)| last[*cell as usize] = NO_DAY);
        }
    });
    let rows = frame.rows;
    let gaps: Vec<i32> = gaps.into_iter().map(AtomicI32::into_inner).collect();
    let gaps = Vector::made(Column::Days(gaps.into()));
    let known = gaps.clone();
    let previous = Vector::later(move || {
        let number = |column: &Column, place: usize| match column {
            Column::Day(days) | Column::Days(days) => days[place],
            _ => NO_DAY,
        };
        let before = |row: usize| match number(&known.column, row) {
            NO_DAY => NO_DAY,
            gap => number(&dates.column, dates.places.of(row)) - gap,
        };
        Column::Day((0..rows).map(before).collect())
    });
    Some([previous, gaps])
}

/// How many days lie between two.
fn between_days(before: i32, day: i32) -> i32 {
    if before == NO_DAY || day == NO_DAY { NO_DAY } else { day - before }
}

fn days_between(days: impl Iterator<Item = i32>, ids: &[u32], size: usize) -> (Column, Column) {
    let mut last = vec![NO_DAY; size];
    let mut previous = Vec::with_capacity(ids.len());
    let mut gaps = Vec::with_capacity(ids.len());
    for (day, &id) in days.zip(ids) {
        let before = std::mem::replace(&mut last[id as usize], day);
        previous.push(before);
        gaps.push(between_days(before, day));
    }
    (Column::Day(previous.into()), Column::Days(gaps.into()))
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
