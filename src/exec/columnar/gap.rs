//! The rows by date, with the date before of the same keys and the time between.

use super::coder::Coder;
use super::frame::{Frame, Vector};
use super::{group, order, vector};
use crate::builtin::{Overflow, arithmetic};
use crate::diagnostic::{Code, Diagnostic};
use crate::exec::Run;
use crate::ir::plan::{Expr, ExprKind, Operation, SortKey};
use crate::store::{Column, NO_DAY};
use crate::value::Value;

/// The rows in the order of their dates, with two columns more.
pub(super) fn gap<'a>(run: &Run<'_>, input: &Frame<'a>, keys: &[Expr], date: &Expr) -> Result<Frame<'a>, Diagnostic> {
    let dates = vector(run, input, date)?;
    let mut frame = if is_in_order(&dates, input.rows) {
        Frame { table: None, ..input.clone() }
    } else {
        let by_date = SortKey { value: date.clone(), descending: false };
        input.keep(order::sorted(run, input, std::slice::from_ref(&by_date), usize::MAX)?)
    };
    if let (Column::Day(days), [first, rest @ ..]) = (&*vector(run, &frame, date)?.column, keys)
        && let Some((previous, gap)) = by_codes(run, &frame, first, rest, days, date)
    {
        frame.columns.extend([Vector::made(Column::Day(previous.into())), Vector::made(Column::Days(gap.into()))]);
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

/// Whether rows stand in the order of exact days.
fn is_in_order(dates: &Vector<'_>, rows: usize) -> bool {
    let Column::Day(days) = &*dates.column else { return false };
    (0..rows).map(|row| days[dates.places.of(row)]).is_sorted()
}

/// The days before and the days between, where the keys have codes: rows of one code of the first key together, so that
/// what is remembered of the other keys is small.
fn by_codes(
    run: &Run<'_>,
    frame: &Frame<'_>,
    first: &Expr,
    rest: &[Expr],
    days: &[i32],
    date: &Expr,
) -> Option<(Vec<i32>, Vec<i32>)> {
    const MOST: usize = 1 << 20;
    let coder = |expr: &Expr| Coder::of_names(run.store, frame, expr);
    let (first, rest) = (coder(first)?, rest.iter().map(coder).collect::<Option<Vec<_>>>()?);
    let size = rest.iter().map(|key| key.size).fold(1, usize::saturating_mul);
    let ExprKind::Column(date) = date.kind else { return None };
    if first.size > MOST || size > MOST {
        return None;
    }
    let mut others = vec![0_u32; frame.rows];
    for key in &rest {
        others.iter_mut().zip(key.codes(frame.rows)).for_each(|(other, code)| *other = *other * key.size as u32 + code);
    }
    let codes = first.codes(frame.rows);
    let mut starts = vec![0_u32; first.size + 1];
    codes.iter().for_each(|code| starts[*code as usize + 1] += 1);
    for place in 1..starts.len() {
        starts[place] += starts[place - 1];
    }
    let mut next = starts.clone();
    let mut together = vec![(0_u32, 0_u32, 0_i32); frame.rows];
    let places = &frame.columns[date].places;
    for (row, (code, other)) in codes.iter().zip(&others).enumerate() {
        let place = &mut next[*code as usize];
        together[*place as usize] = (row as u32, *other, days[places.of(row)]);
        *place += 1;
    }
    let (mut previous, mut gap) = (vec![NO_DAY; frame.rows], vec![NO_DAY; frame.rows]);
    let mut last = vec![NO_DAY; size];
    for ends in starts.windows(2) {
        let rows = &together[ends[0] as usize..ends[1] as usize];
        for &(row, other, day) in rows {
            let before = std::mem::replace(&mut last[other as usize], day);
            if before != NO_DAY {
                previous[row as usize] = before;
                gap[row as usize] = if day == NO_DAY { NO_DAY } else { day - before };
            }
        }
        rows.iter().for_each(|(_, other, _)| last[*other as usize] = NO_DAY);
    }
    Some((previous, gap))
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
