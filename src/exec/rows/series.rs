//! Pivot, fill, and aggregates over the rows before a row.

use std::collections::VecDeque;

use indexmap::IndexMap;

use super::{Row, group_of};
use crate::builtin::{order, order_lists};
use crate::diagnostic::Diagnostic;
use crate::exec::evaluate::evaluate;
use crate::exec::reference::aggregated;
use crate::exec::{Output, Run};
use crate::ir::plan::{Aggregate, Expr, PlanColumn};
use crate::store::Interner;
use crate::value::{Base, Bucket, Date, Duration, Period, Truth, Type, Value};

/// The values of a key as columns, in the order of values; a row for each of the other keys.
pub(super) fn pivot(
    run: &Run<'_>,
    rows: &[Row],
    (key, value): (usize, usize),
    kept: &[usize],
    absent: &Value,
    cells: Option<Type>,
    output: &mut Output,
) -> Result<Vec<Row>, Diagnostic> {
    let mut values: Vec<&Value> = rows.iter().map(|row| &row[key]).collect();
    values.sort_by(|left, right| order(run.store, left, right));
    values.dedup();
    let mut interner = Interner::default();
    let places: Vec<u32> = values.iter().map(|value| interner.code(value)).collect();
    let mut groups = Interner::default();
    let mut pivoted: Vec<Row> = Vec::new();
    for row in rows {
        run.check(pivoted.len())?;
        let group = groups.code(&Value::list(kept.iter().map(|&column| row[column].clone()))) as usize - 1;
        if group == pivoted.len() {
            let keys = kept.iter().map(|&column| row[column].clone());
            pivoted.push(keys.chain(std::iter::repeat_n(absent.clone(), values.len())).collect());
        }
        let code = interner.code(&row[key]);
        if let Some(place) = places.iter().position(|&place| place == code) {
            pivoted[group][kept.len() + place] = row[value].clone();
        }
    }
    let of = cells.unwrap_or(Type::one(Base::Nothing));
    output.extra = values.iter().map(|value| PlanColumn { name: name(run, value), of }).collect();
    Ok(pivoted)
}

fn name(run: &Run<'_>, value: &Value) -> String {
    if value.is_missing() { "missing".to_owned() } else { run.store.text(value) }
}

/// The rows with one for each bucket that has none, for all the other keys that occur, in the order of the keys.
pub(super) fn fill(
    run: &Run<'_>,
    rows: Vec<Row>,
    keys: &[usize],
    (time, bucket): (usize, Bucket),
    within: (Option<i32>, Option<i32>),
    absent: &[Value],
) -> Result<Vec<Row>, Diagnostic> {
    let period = |row: &Row| if let Value::Period(period) = &row[time] { Some(*period) } else { None };
    let first = within.0.or_else(|| rows.iter().filter_map(period).map(|period| period.first).min());
    let last = within.1.or_else(|| rows.iter().filter_map(period).map(|period| period.last).max());
    // Without a first or last day no bucket is between them.
    let (first, last) = first.zip(last).unwrap_or((0, -1));
    let others: Vec<usize> = keys.iter().copied().filter(|&key| key != time).collect();
    let mut known: IndexMap<String, (Row, Vec<Period>)> = IndexMap::new();
    for row in &rows {
        let key: Row = others.iter().map(|&column| row[column].clone()).collect();
        let entry = known.entry(format!("{key:?}")).or_insert_with(|| (row.clone(), Vec::new()));
        entry.1.extend(period(row));
    }
    if others.is_empty() && known.is_empty() {
        known.insert(String::new(), (absent[..absent.len() - 1].to_vec(), Vec::new()));
    }
    let rest = absent.last().cloned().unwrap_or(Value::Missing);
    let mut filled = rows;
    for (like, periods) in known.into_values() {
        let mut day = first;
        while day <= last {
            run.check(filled.len())?;
            let period = bucket.of(day);
            if !periods.contains(&period) {
                let cell = |column: usize| match column {
                    column if column == time => Value::Period(period),
                    column if others.contains(&column) => like[column].clone(),
                    column => absent.get(column).filter(|_| column + 1 < absent.len()).unwrap_or(&rest).clone(),
                };
                filled.push((0..like.len()).map(cell).collect());
            }
            let Some(next) = period.last.checked_add(1) else { break };
            day = next;
        }
    }
    let key = |row: &Row| -> Row { keys.iter().map(|&column| row[column].clone()).collect() };
    filled.sort_by(|left, right| order_lists(run.store, &key(left), &key(right)));
    Ok(filled)
}

/// The rows by date, each with aggregates of itself and those before it of the same keys that certainly lie in the time up to
/// it; without a date they are missing. A window beyond the calendar holds everything.
pub(super) fn rolling(
    run: &Run<'_>,
    rows: Vec<Row>,
    window: Duration,
    keys: &[Expr],
    date: &Expr,
    aggregates: &[Aggregate],
) -> Result<Vec<Row>, Diagnostic> {
    let mut dated: Vec<(Value, Row)> = Vec::with_capacity(rows.len());
    for row in rows {
        dated.push((evaluate(run, date, &row)?, row));
    }
    dated.sort_by(|left, right| order(run.store, &left.0, &right.0));
    let back = window.negate();
    let mut interner = Interner::default();
    let mut windows: Vec<VecDeque<(Date, Row)>> = Vec::new();
    let mut given = Vec::with_capacity(dated.len());
    for (date, mut row) in dated {
        let group = group_of(run, &mut interner, keys, &row)?;
        windows.resize_with(windows.len().max(group + 1), VecDeque::new);
        let Value::Date(date) = date else {
            row.extend(aggregates.iter().map(|_| Value::Missing));
            given.push(row);
            continue;
        };
        let start = back.and_then(|back| date.later_by(back));
        let members = &mut windows[group];
        // What lies before the window of an exact date lies before those of all later ones.
        let exact = start.filter(|start| start.earliest == start.latest).map(|start| start.latest);
        while members.front().is_some_and(|(other, _)| exact.is_some_and(|start| other.latest <= start)) {
            members.pop_front();
        }
        let is_within = |other: &Date| {
            (!date.less(*other)).and(start.map_or(Truth::True, |start| start.less(*other))) == Truth::True
        };
        let before = members.iter().filter(|(other, _)| is_within(other)).map(|(_, row)| row);
        let within: Vec<&Row> = before.chain([&row]).collect();
        let values: Row = aggregates
            .iter()
            .map(|aggregate| aggregated(run, aggregate, within.iter().copied()))
            .collect::<Result<_, _>>()?;
        members.push_back((date, row.clone()));
        row.extend(values);
        given.push(row);
    }
    Ok(given)
}

/// The rows, each with aggregates of all those of the same keys up to it.
pub(super) fn running(
    run: &Run<'_>,
    rows: Vec<Row>,
    keys: &[Expr],
    aggregates: &[Aggregate],
) -> Result<Vec<Row>, Diagnostic> {
    let mut interner = Interner::default();
    let mut before: Vec<Vec<Row>> = Vec::new();
    let mut given = Vec::with_capacity(rows.len());
    for mut row in rows {
        let group = group_of(run, &mut interner, keys, &row)?;
        before.resize_with(before.len().max(group + 1), Vec::new);
        before[group].push(row.clone());
        for aggregate in aggregates {
            row.push(aggregated(run, aggregate, before[group].iter())?);
        }
        given.push(row);
    }
    Ok(given)
}
