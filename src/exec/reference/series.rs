//! The meaning of `pivot`, `fill`, `rolling` and `running`: each cell said of all the rows.

use super::{Row, SortKey, aggregated, all, sort};
use crate::builtin::{order, order_lists};
use crate::diagnostic::Diagnostic;
use crate::exec::evaluate::evaluate;
use crate::exec::{Output, Run};
use crate::ir::plan::{Aggregate, Expr, PlanColumn};
use crate::value::{Bucket, Date, Duration, Period, Truth, Type, Value};

/// A row for each different choice of the columns `kept`, as they come; a column for each different value of `key`, in
/// their order. A cell is the `value` of the row with both, the last of several.
pub(super) fn pivot(
    run: &Run<'_>,
    rows: &[Row],
    (key, value, of): (usize, usize, Type),
    kept: &[usize],
    absent: &Value,
    output: &mut Output,
) -> Vec<Row> {
    let mut heads: Vec<&Value> = Vec::new();
    let mut sides: Vec<Row> = Vec::new();
    let side = |row: &Row| -> Row { kept.iter().map(|&column| row[column].clone()).collect() };
    for row in rows {
        if !heads.contains(&&row[key]) {
            heads.push(&row[key]);
        }
        if !sides.contains(&side(row)) {
            sides.push(side(row));
        }
    }
    heads.sort_by(|left, right| order(run.store, left, right));
    let cell = |left: &Row, head: &Value| {
        let row = rows.iter().rfind(|row| side(row) == *left && row[key] == *head);
        row.map_or(absent, |row| &row[value]).clone()
    };
    let name = |head: &Value| if head.is_missing() { "missing".to_owned() } else { run.store.text(head) };
    output.extra = heads.iter().map(|head| PlanColumn { name: name(head), of }).collect();
    sides.iter().map(|left| left.iter().cloned().chain(heads.iter().map(|head| cell(left, head))).collect()).collect()
}

/// The rows, and for the other keys of each one for every bucket from the first day to the last that no row of these keys
/// has, in the order of the keys.
pub(super) fn fill(
    run: &Run<'_>,
    mut rows: Vec<Row>,
    keys: &[usize],
    (time, bucket): (usize, Bucket),
    within: (Option<i32>, Option<i32>),
    absent: &[Value],
) -> Result<Vec<Row>, Diagnostic> {
    let periods: Vec<Period> =
        rows.iter().filter_map(|row| if let Value::Period(period) = row[time] { Some(period) } else { None }).collect();
    let first = within.0.or_else(|| periods.iter().map(|period| period.first).min());
    let last = within.1.or_else(|| periods.iter().map(|period| period.last).max());
    let (absent, absent_beyond) = absent.split_at(absent.len().saturating_sub(1));
    // All rows are of one group without other keys, even none.
    let mut groups: Vec<Row> = rows.clone();
    if keys == [time] {
        groups.push(absent.to_vec());
    }
    let mut day = first;
    while let (Some(at), Some(last)) = (day, last)
        && at <= last
    {
        let period = bucket.of(at);
        for group in &groups {
            run.check(rows.len())?;
            let empty: Row = (0..group.len())
                .map(|column| match column {
                    column if column == time => Value::Period(period),
                    column if keys.contains(&column) => group[column].clone(),
                    column => absent.get(column).or(absent_beyond.first()).cloned().unwrap_or(Value::Missing),
                })
                .collect();
            if !rows.iter().any(|row| keys.iter().all(|&key| row[key] == empty[key])) {
                rows.push(empty);
            }
        }
        day = period.last.checked_add(1);
    }
    let key = |row: &Row| -> Row { keys.iter().map(|&key| row[key].clone()).collect() };
    rows.sort_by(|left, right| order_lists(run.store, &key(left), &key(right)));
    Ok(rows)
}

/// The rows by date, each with aggregates of itself and of those before it that have the same keys, are certainly not later,
/// and certainly less than the window earlier. Without a date there are none. A window that reaches beyond the calendar
/// holds everything.
pub(super) fn rolling(
    run: &Run<'_>,
    rows: Vec<Row>,
    window: Duration,
    keys: &[Expr],
    date: &Expr,
    aggregates: &[Aggregate],
) -> Result<Vec<Row>, Diagnostic> {
    let rows = sort(run, rows, &[SortKey { value: date.clone(), descending: false }])?;
    let keys = keys_of(run, &rows, keys)?;
    let mut dates = Vec::new();
    for row in &rows {
        dates.push(if let Value::Date(date) = evaluate(run, date, row)? { Some(date) } else { None });
    }
    let mut given = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let mut longer = row.clone();
        let Some(now) = dates[place] else {
            longer.extend(aggregates.iter().map(|_| Value::Missing));
            given.push(longer);
            continue;
        };
        let start = window.negate().and_then(|back| now.later_by(back));
        let is_member = |before: usize| {
            let is_within = |then: Date| (!now.less(then)).and(start.map_or(Truth::True, |start| start.less(then)));
            before == place || keys[before] == keys[place] && dates[before].map(is_within) == Some(Truth::True)
        };
        let members: Vec<&Row> = (0..=place).filter(|&before| is_member(before)).map(|before| &rows[before]).collect();
        for aggregate in aggregates {
            longer.push(aggregated(run, aggregate, members.iter().copied())?);
        }
        given.push(longer);
    }
    Ok(given)
}

/// The rows, each with aggregates of itself and all those before it that have the same keys.
pub(super) fn running(
    run: &Run<'_>,
    rows: &[Row],
    keys: &[Expr],
    aggregates: &[Aggregate],
) -> Result<Vec<Row>, Diagnostic> {
    let keys = keys_of(run, rows, keys)?;
    let mut given = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let members = (0..=place).filter(|&before| keys[before] == keys[place]);
        let members: Vec<&Row> = members.map(|before| &rows[before]).collect();
        let mut longer = row.clone();
        for aggregate in aggregates {
            longer.push(aggregated(run, aggregate, members.iter().copied())?);
        }
        given.push(longer);
    }
    Ok(given)
}

fn keys_of(run: &Run<'_>, rows: &[Row], keys: &[Expr]) -> Result<Vec<Row>, Diagnostic> {
    rows.iter().map(|row| all(run, keys, row)).collect()
}
