//! The meaning of stages of two tables, said of each pair of rows: `followed by` and `preceded by`, `union`, `intersect` and
//! `except`, `join`.

use super::Row;
use crate::diagnostic::Diagnostic;
use crate::exec::Run;
use crate::exec::evaluate::evaluate;
use crate::ir::ast::{Combination, Side};
use crate::ir::plan::{Expr, Node};
use crate::store::Store;
use crate::value::{Date, Duration, Truth, Value};

/// A row that has a date.
struct Moment {
    date: Date,
    /// The event that it is, if it is one.
    event: Value,
}

/// The rows, each with the nearest of those of the other table that agree with it and certainly come after or before it in
/// time, and `yes`. Without one: nothing where one possibly does, `open` where the time goes on after the data, and `no`.
/// A row without a date has nothing.
pub(super) fn near(run: &Run<'_>, rows: Vec<Row>, others: &[Row], node: &Node) -> Result<Vec<Row>, Diagnostic> {
    let Node::Near { side, within, on, dates, places, shown, end } = node else { return Ok(rows) };
    let moment = |row: &Row, date: &Expr, event: Option<&Expr>| -> Result<Option<Moment>, Diagnostic> {
        let Value::Date(date) = evaluate(run, date, row)? else { return Ok(None) };
        let event = event.map_or(Ok(Value::Missing), |event| evaluate(run, event, row))?;
        Ok(Some(Moment { date, event }))
    };
    let (my_event, their_event) = places.as_ref().map(|(mine, theirs)| (mine, theirs)).unzip();
    let mut given = Vec::new();
    for mut row in rows {
        run.check(given.len())?;
        let mut nearest: Option<(Moment, &Row)> = None;
        let mut is_possible = false;
        let now = moment(&row, &dates.0, my_event)?;
        for other in others {
            let (Some(now), Some(then)) = (&now, moment(other, &dates.1, their_event)?) else { continue };
            if !agree(run, on, &row, other)? {
                continue;
            }
            let (earlier, later) = if *side == Side::After { (now, &then) } else { (&then, now) };
            match comes_after(earlier, later).and(is_in_time(*within, earlier, later)) {
                Truth::False => {}
                Truth::Unknown => is_possible = true,
                Truth::True => {
                    let is_nearer = nearest.as_ref().is_none_or(|(best, _)| match side {
                        Side::After => order(&then) < order(best),
                        Side::Before => order(&then) >= order(best),
                    });
                    if is_nearer {
                        nearest = Some((then, other));
                    }
                }
            }
        }
        let is_open = now.as_ref().is_some_and(|now| {
            let last = now.date.later_by(*within).map_or(i32::MAX, |last| last.latest);
            *side == Side::After && end.is_none_or(|end| last > end)
        });
        row.extend(match (nearest, is_possible) {
            (Some((_, other)), _) => [evaluate(run, shown, other)?, Value::text("yes")],
            (None, true) => [Value::Missing, Value::Missing],
            (None, false) if now.is_none() => [Value::Missing, Value::Missing],
            (None, false) if is_open => [Value::Missing, Value::text("open")],
            (None, false) => [Value::Missing, Value::text("no")],
        });
        given.push(row);
    }
    Ok(given)
}

/// Whether one comes after another: by date, events of one day by their place in the data. No event comes after itself.
fn comes_after(earlier: &Moment, later: &Moment) -> Truth {
    match (&earlier.event, &later.event) {
        (Value::Coded(_, one), Value::Coded(_, other)) if one == other => Truth::False,
        (Value::Coded(_, one), Value::Coded(_, other)) if earlier.date.equal(later.date) == Truth::True => {
            Truth::from_bool(one < other)
        }
        _ => earlier.date.less(later.date),
    }
}

fn is_in_time(within: Duration, earlier: &Moment, later: &Moment) -> Truth {
    earlier.date.later_by(within).map_or(Truth::True, |last| !last.less(later.date))
}

/// By the earliest day, then by the latest, then by the place in the data.
fn order(moment: &Moment) -> (i32, i32, u32) {
    let place = if let Value::Coded(_, place) = moment.event { place } else { 0 };
    (moment.date.earliest, moment.date.latest, place)
}

/// Whether two rows have a value in common under each name; what is missing has none.
fn agree(run: &Run<'_>, on: &[(Expr, Expr)], row: &Row, other: &Row) -> Result<bool, Diagnostic> {
    for (mine, theirs) in on {
        let theirs_of = theirs.of;
        let value = |store: &Store, value: Value| match mine.of.join(theirs_of) {
            Some(both) => store.widened(value, both),
            None => value,
        };
        let (mine, theirs) = (evaluate(run, mine, row)?, evaluate(run, theirs, other)?);
        let (mine, theirs) = (value(run.store, mine), value(run.store, theirs));
        if !mine.items().iter().any(|item| theirs.items().contains(item)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The rows of both tables, or of the first that the second has, or of the first that the second has not; each once.
pub(super) fn combine(rows: Vec<Row>, others: Vec<Row>, how: Combination) -> Vec<Row> {
    let has = |table: &[Row], row: &Row| table.iter().any(|other| is_same(row, other));
    let wanted: Vec<Row> = match how {
        Combination::Union => rows.into_iter().chain(others).collect(),
        Combination::Intersect => rows.into_iter().filter(|row| has(&others, row)).collect(),
        Combination::Except => rows.into_iter().filter(|row| !has(&others, row)).collect(),
    };
    let mut different: Vec<Row> = Vec::new();
    for row in wanted {
        if !has(&different, &row) {
            different.push(row);
        }
    }
    different
}

/// Whether nothing tells two rows apart.
fn is_same(row: &Row, other: &Row) -> bool {
    row.iter().zip(other).all(|(one, other)| one == other || one.is_missing() && other.is_missing())
}

/// A row for each pair of rows that agree.
pub(super) fn join(
    run: &Run<'_>,
    rows: &[Row],
    others: &[Row],
    on: &[(Expr, Expr)],
    take: &[Expr],
) -> Result<Vec<Row>, Diagnostic> {
    let mut joined = Vec::new();
    for row in rows {
        for other in others {
            run.check(joined.len())?;
            if agree(run, on, row, other)? {
                let mut pair = row.clone();
                pair.extend(super::all(run, take, other)?);
                joined.push(pair);
            }
        }
    }
    Ok(joined)
}
