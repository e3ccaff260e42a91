//! The rows by date, with the date before of the same keys and the time between.

use std::sync::atomic::{AtomicI32, Ordering};

use super::check::{BLOCK, Check, check};
use super::coder::{Coder, only_column};
use super::frame::{Frame, Vector};
use super::ranges::Ranges;
use super::{group, order, vector};
use crate::builtin::{Overflow, arithmetic};
use crate::diagnostic::{Code, Diagnostic};
use crate::exec::Run;
use crate::ir::plan::{Expr, ExprKind, Operation, Plan, SortKey};
use crate::store::{Column, NO_DAY, in_parts};
use crate::value::Value;

/// The rows in the order of their dates.
pub(super) fn in_order<'a>(run: &Run<'_>, input: &Frame<'a>, date: &Expr) -> Result<Frame<'a>, Diagnostic> {
    let dates = vector(run, input, date)?;
    if order::is_in_order(run, &dates, input.rows) {
        return Ok(Frame { table: None, ..input.clone() });
    }
    let by_date = SortKey { value: date.clone(), descending: false };
    Ok(input.keep(order::sorted(run, input, std::slice::from_ref(&by_date), usize::MAX)?))
}

/// Rows in the order of their dates, with two columns more.
pub(super) fn gap<'a>(
    run: &Run<'_>,
    plan: &Plan,
    mut frame: Frame<'a>,
    keys: &[Expr],
    date: &Expr,
) -> Result<Frame<'a>, Diagnostic> {
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

/// How many rows in the order of their dates have a gap such as a condition wants, and how many have none; `None` of a
/// condition on anything else, or where gaps are not found by codes.
pub(super) fn count(
    run: &Run<'_>,
    frame: &Frame<'_>,
    keys: &[Expr],
    date: &Expr,
    condition: &Expr,
) -> Option<(usize, usize)> {
    let gap = frame.columns.len() + 1;
    if only_column(condition) != Some(gap) {
        return None;
    }
    let nothing = [Column::Day(Vec::new().into()), Column::Days(Vec::new().into())];
    let columns = frame.columns.iter().cloned().chain(nothing.map(Vector::made)).collect();
    let Check::Days(_, low, high) = check(run, &Frame::new(0, columns), condition) else { return None };
    let high = high.min(NO_DAY - 1);
    let count = |(wanted, none): &mut (usize, usize), (), gap: i32| {
        *wanted += usize::from(low <= gap && gap <= high);
        *none += usize::from(gap == NO_DAY);
    };
    let counts = each_gap(run, frame, keys, date, |_| (), count)?;
    Some(counts.into_iter().fold((0, 0), |(wanted, none), part| (wanted + part.0, none + part.1)))
}

/// The days before and the days between, where gaps are found by codes.
fn by_codes<'a>(run: &Run<'_>, frame: &Frame<'a>, keys: &[Expr], date: &Expr) -> Option<[Vector<'a>; 2]> {
    let ExprKind::Column(date_column) = date.kind else { return None };
    let (rows, dates) = (frame.rows, frame.columns[date_column].clone());
    let gaps: Vec<AtomicI32> = (0..rows).map(|_| AtomicI32::new(NO_DAY)).collect();
    let store = |(): &mut (), row: u32, gap| gaps[row as usize].store(gap, Ordering::Relaxed);
    each_gap(run, frame, keys, date, |row| row as u32, store)?;
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

/// Calls `take` for each row with what `name` calls it and the days since the one before of the same keys, [`NO_DAY`] for the
/// first; what it keeps is given, a part of the keys after the other. `None` unless no day is missing and the keys have codes.
/// Rows of a range of keys are looked at together, so that what is remembered of each key is small.
fn each_gap<N: Copy + Default + Send + Sync, T: Default + Send>(
    run: &Run<'_>,
    frame: &Frame<'_>,
    keys: &[Expr],
    date: &Expr,
    name: impl Fn(usize) -> N + Sync,
    take: impl Fn(&mut T, N, i32) + Sync,
) -> Option<Vec<T>> {
    let ExprKind::Column(date) = date.kind else { return None };
    let Vector { column, places } = &frame.columns[date];
    let Column::Day(days) = &**column else { return None };
    if frame.rows > 0 && days[places.of(frame.rows - 1)] == NO_DAY {
        return None;
    }
    let coder = |expr: &Expr| Coder::of_names(run.store, frame, expr);
    let keys: Vec<Coder<'_>> = keys.iter().map(coder).collect::<Option<_>>()?;
    let ranges = Ranges::new(&keys, keys.iter().map(|key| (0..key.size as u32).collect()).collect())?;
    let sorted = in_parts(frame.rows, frame.rows, |part| {
        ranges.sorted(part, Coder::fill, |rows, cells, items| {
            let mut of_rows = [0; BLOCK];
            places.fill(days, rows.clone(), &mut of_rows[..rows.len()], |day| day);
            items.extend(rows.zip(cells).zip(&of_rows).map(|((row, cell), day)| (name(row), *cell, *day)));
        })
    });
    Some(in_parts(ranges.count, frame.rows, |part| {
        let mut taken = T::default();
        let mut last = vec![NO_DAY; ranges.cells];
        for range in part {
            let pieces = sorted.iter().map(|sorted| sorted.of(range));
            for piece in pieces.clone() {
                for &(name, cell, day) in piece {
                    let before = std::mem::replace(&mut last[cell as usize], day);
                    take(&mut taken, name, between_days(before, day));
                }
            }
            pieces.flatten().for_each(|(_, cell, _)| last[*cell as usize] = NO_DAY);
        }
        taken
    }))
}

/// How many days lie between two; [`NO_DAY`] if they are more than a number has room for.
fn between_days(before: i32, day: i32) -> i32 {
    if before == NO_DAY || day == NO_DAY { NO_DAY } else { day.checked_sub(before).unwrap_or(NO_DAY) }
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
