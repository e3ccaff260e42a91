//! The language's definition in code: each node row by row, slow and obvious, and the oracle for everything fast.

mod network;
mod sequence;
mod series;
mod tables;

use std::cmp::Ordering;

use super::evaluate::{evaluate, holds, overflow};
use super::subquery::answered;
use super::{Output, Run};
use crate::builtin::{Overflow, aggregate, arithmetic, order, order_lists};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::plan::{Aggregate, Expr, Node, Operation, Plan, Scan, Sides, SortKey, Status};
use crate::store::{EVENTS, Table};
use crate::value::{Base, Truth, Type, Value};

type Row = Vec<Value>;

/// Runs a plan.
///
/// # Errors
///
/// As [`execute`](super::execute) has them.
pub fn execute(run: &Run<'_>, plan: &Plan) -> Result<Output, Diagnostic> {
    run.check(0)?;
    let mut output = match plan.input() {
        Some(input) if !matches!(plan.node, Node::Sequence(_)) => execute(run, input)?,
        _ => Output::default(),
    };
    let rows = std::mem::take(&mut output.rows);
    let node = answered(run, &plan.node, execute)?;
    let others = match plan.inputs.get(1) {
        Some(other) if !matches!(node, Node::Sequence(_)) => execute(run, other)?.rows,
        _ => Vec::new(),
    };
    output.rows = match &node {
        Node::Scan(scan) => self::scan(run, scan)?,
        Node::Filter { predicates, possibly } => filter(run, rows, predicates, *possibly, &mut output)?,
        Node::Project { values } => rows.iter().map(|row| all(run, values, row)).collect::<Result<_, _>>()?,
        Node::Sort { keys } => sort(run, rows, keys)?,
        Node::Slice { skip, take } => {
            let take = take.and_then(|take| usize::try_from(take).ok()).unwrap_or(usize::MAX);
            rows.into_iter().skip(usize::try_from(*skip).unwrap_or(usize::MAX)).take(take).collect()
        }
        Node::Top { count, keys, per } => top(run, rows, *count, keys, per.as_ref())?,
        Node::Distinct { values } => distinct(run, &rows, values, &mut output)?,
        Node::Expand { column } => expand(run, &rows, *column, &mut output)?,
        Node::Group { keys, aggregates } => group(run, &rows, keys, aggregates, &mut output)?,
        Node::Gap { keys, date } => gap(run, rows, keys, date)?,
        Node::Share { column } => share(run, rows, *column)?,
        Node::Sequence(sequence) => sequence::matches(run, &plan.inputs, sequence, &mut output)?,
        Node::Pivot { key, value, rows: kept, absent } => {
            let of = plan.input().map_or(Type::one(Base::Nothing), |input| input.columns[*value].of);
            series::pivot(run, &rows, (*key, *value, of), kept, absent, &mut output)
        }
        Node::Fill { keys, time, bucket, within, absent } => {
            series::fill(run, rows, keys, (*time, *bucket), *within, absent)?
        }
        Node::Rolling { window, keys, date, aggregates } => {
            series::rolling(run, rows, *window, keys, date, aggregates)?
        }
        Node::Running { keys, aggregates } => series::running(run, &rows, keys, aggregates)?,
        Node::Near { .. } => tables::near(run, rows, &others, &node)?,
        Node::Combine(how) => tables::combine(rows, others, *how),
        Node::Join { on, take } => tables::join(run, &rows, &others, on, take)?,
        Node::Links { members, date, sources } => network::links(run, &rows, members, date, sources.as_ref())?,
        Node::Path { members, from, to, shown } => network::path(run, &rows, members, (from, to), shown)?,
    };
    run.check(output.rows.len())?;
    Ok(output)
}

fn all(run: &Run<'_>, values: &[Expr], row: &Row) -> Result<Row, Diagnostic> {
    run.check(0)?;
    values.iter().map(|value| evaluate(run, value, row)).collect()
}

fn scan(run: &Run<'_>, scan: &Scan) -> Result<Vec<Row>, Diagnostic> {
    let mut rows = Vec::new();
    for place in 0..run.store.tables[scan.table].rows {
        run.check(rows.len())?;
        rows.extend(told(run, scan, place));
    }
    Ok(rows)
}

/// The row at a place of a table, once for each side from which it is told; nothing if it is not asked for.
fn told(run: &Run<'_>, scan: &Scan, place: usize) -> Vec<Row> {
    let table = &run.store.tables[scan.table];
    let row: Row = table.fields.iter().map(|field| field.column.value(place)).collect();
    let mut rows = Vec::new();
    if scan.table != EVENTS || is_wanted(run, table, scan, &row) {
        tell(run, table, scan, row, &mut rows);
    }
    rows
}

fn is_wanted(run: &Run<'_>, table: &Table, scan: &Scan, row: &Row) -> bool {
    let code = |name: &str| table.field(name).and_then(|field| code_of(&row[field])).unwrap_or(0);
    let kind = code("kind");
    let status_fits = match scan.status {
        Status::Any => true,
        Status::Only(held) => code("status") == held,
        Status::Except(held) => code("status") != held,
    };
    let _ = run;
    status_fits && scan.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind))
}

fn code_of(value: &Value) -> Option<u32> {
    if let Value::Coded(_, code) = value { Some(*code) } else { None }
}

/// Adds the row once for each side from which it is told.
fn tell(run: &Run<'_>, table: &Table, scan: &Scan, row: Row, rows: &mut Vec<Row>) {
    let Sides::Of(sides) = &scan.sides else { return rows.push(row) };
    let places = (table.field("actor"), table.field("participants"), table.field("leader"));
    let (Some(actor), Some(participants), Some(leader)) = places else { return rows.push(row) };
    let kind = table.field("kind").and_then(|field| code_of(&row[field])).unwrap_or(0) as usize;
    let symmetric =
        kind.checked_sub(1).and_then(|kind| run.store.about.kinds.get(kind)).is_some_and(|kind| kind.symmetric);
    let Base::Coded(domain) = table.fields[actor].of.base else { return rows.push(row) };
    for side in sides {
        let side = Value::Coded(domain, *side);
        let is_told = row[actor] == side || symmetric && row[participants].items().contains(&side);
        if is_told {
            let mut told = row.clone();
            told[leader] = Value::list(row[participants].items().iter().filter(|one| **one != side).cloned());
            told[actor] = side;
            rows.push(told);
        }
    }
}

fn filter(
    run: &Run<'_>,
    rows: Vec<Row>,
    predicates: &[Expr],
    possibly: bool,
    output: &mut Output,
) -> Result<Vec<Row>, Diagnostic> {
    let mut kept = Vec::new();
    for row in rows {
        run.check(kept.len())?;
        let mut unknown = None;
        let mut truth = Truth::True;
        for predicate in predicates {
            let one = holds(run, predicate, &row)?;
            truth = truth.and(one);
            match one {
                Truth::True => {}
                Truth::Unknown => unknown = unknown.or(Some(predicate.span)),
                Truth::False => break,
            }
        }
        match truth {
            Truth::True => kept.push(row),
            Truth::Unknown if possibly => kept.push(row),
            Truth::Unknown => output.add_possible(unknown.unwrap_or_default(), 1),
            Truth::False => {}
        }
    }
    Ok(kept)
}

fn compare_keys(run: &Run<'_>, keys: &[SortKey], left: &[Value], right: &[Value]) -> Ordering {
    let pairs = keys.iter().zip(left.iter().zip(right));
    pairs.fold(Ordering::Equal, |ordering, (key, (left, right))| {
        ordering.then_with(|| {
            let ordering = order(run.store, left, right);
            let is_missing = left.is_missing() || right.is_missing();
            if key.descending && !is_missing { ordering.reverse() } else { ordering }
        })
    })
}

fn sort(run: &Run<'_>, rows: Vec<Row>, keys: &[SortKey]) -> Result<Vec<Row>, Diagnostic> {
    let mut keyed = Vec::with_capacity(rows.len());
    for row in rows {
        let values = keys.iter().map(|key| evaluate(run, &key.value, &row)).collect::<Result<Row, _>>()?;
        keyed.push((values, row));
    }
    keyed.sort_by(|left, right| compare_keys(run, keys, &left.0, &right.0));
    Ok(keyed.into_iter().map(|(_, row)| row).collect())
}

fn top(
    run: &Run<'_>,
    rows: Vec<Row>,
    count: u64,
    keys: &[SortKey],
    per: Option<&Expr>,
) -> Result<Vec<Row>, Diagnostic> {
    let sorted = sort(run, rows, keys)?;
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let Some(per) = per else { return Ok(sorted.into_iter().take(count).collect()) };
    let groups = groups(run, &sorted, std::slice::from_ref(per))?;
    Ok(groups
        .into_iter()
        .flat_map(|(_, places)| places.into_iter().take(count))
        .map(|place| sorted[place].clone())
        .collect())
}

/// The rows of each different key, in the order of the keys; a list puts a row in the group of each of its values.
fn groups(run: &Run<'_>, rows: &[Row], keys: &[Expr]) -> Result<Vec<(Row, Vec<usize>)>, Diagnostic> {
    let mut pairs: Vec<(Row, usize)> = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let mut combinations: Vec<Row> = vec![Vec::new()];
        for value in all(run, keys, row)? {
            let choices = if value.is_missing() { &[Value::Missing][..] } else { value.items() };
            combinations = combinations
                .into_iter()
                .flat_map(|before| {
                    choices.iter().map(move |choice| [before.as_slice(), std::slice::from_ref(choice)].concat())
                })
                .collect();
        }
        pairs.extend(combinations.into_iter().map(|key| (key, place)));
    }
    pairs.sort_by(|left, right| order_lists(run.store, &left.0, &right.0));
    let mut groups: Vec<(Row, Vec<usize>)> = Vec::new();
    for (key, place) in pairs {
        match groups.last_mut() {
            Some((last, places)) if *last == key => {
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
            _ => groups.push((key, vec![place])),
        }
    }
    Ok(groups)
}

fn distinct(run: &Run<'_>, rows: &[Row], values: &[Expr], output: &mut Output) -> Result<Vec<Row>, Diagnostic> {
    let mut groups = groups(run, rows, values)?;
    note_repeats(rows.len(), &groups, output);
    groups.sort_by_key(|(_, places)| places[0]);
    Ok(groups.into_iter().map(|(key, _)| key).collect())
}

fn note_repeats(rows: usize, groups: &[(Row, Vec<usize>)], output: &mut Output) {
    let mut times = vec![0_u32; rows];
    groups.iter().flat_map(|(_, places)| places).for_each(|&place| times[place] += 1);
    output.repeated = times.iter().filter(|&&times| times > 1).count();
}

fn expand(run: &Run<'_>, rows: &[Row], column: usize, output: &mut Output) -> Result<Vec<Row>, Diagnostic> {
    let mut expanded = Vec::new();
    for row in rows {
        run.check(expanded.len())?;
        let items = row[column].items();
        output.repeated += usize::from(items.len() > 1);
        for item in items {
            let mut row = row.clone();
            row[column] = item.clone();
            expanded.push(row);
        }
    }
    Ok(expanded)
}

fn group(
    run: &Run<'_>,
    rows: &[Row],
    keys: &[Expr],
    aggregates: &[Aggregate],
    output: &mut Output,
) -> Result<Vec<Row>, Diagnostic> {
    let mut groups = groups(run, rows, keys)?;
    if keys.is_empty() && groups.is_empty() {
        groups.push((Vec::new(), Vec::new()));
    }
    note_repeats(rows.len(), &groups, output);
    let mut table = Vec::with_capacity(groups.len());
    for (mut key, places) in groups {
        for aggregate in aggregates {
            let members = places.iter().map(|&place| &rows[place]);
            key.push(aggregated(run, aggregate, members)?);
        }
        table.push(key);
    }
    Ok(table)
}

pub(super) fn aggregated<'a>(
    run: &Run<'_>,
    wanted: &Aggregate,
    rows: impl Iterator<Item = &'a Row>,
) -> Result<Value, Diagnostic> {
    let mut given: Vec<Row> = Vec::new();
    for row in rows {
        let values = all(run, &wanted.arguments, row)?;
        let counts_only_certain = wanted.function == "count" && !wanted.distinct;
        match values.first() {
            Some(first) if first.is_missing() => {}
            Some(Value::Bool(false)) if counts_only_certain => {}
            Some(Value::List(items)) if wanted.distinct || wanted.function != "count" => {
                let rest = &values[1..];
                given.extend(items.iter().map(|item| [std::slice::from_ref(item), rest].concat()));
            }
            _ => given.push(values),
        }
    }
    if wanted.distinct {
        given.sort_by(|left, right| order(run.store, &left[0], &right[0]));
        given.dedup_by(|left, right| left[0] == right[0]);
    }
    let Some(record) = aggregate(wanted.function) else { return Ok(Value::Missing) };
    let span = wanted.arguments.first().map_or_else(Default::default, |argument| argument.span);
    (record.body)(run.store, &given).map_err(|Overflow| overflow(span))
}

fn gap(run: &Run<'_>, rows: Vec<Row>, keys: &[Expr], date: &Expr) -> Result<Vec<Row>, Diagnostic> {
    let by_date = SortKey { value: date.clone(), descending: false };
    let mut rows = sort(run, rows, std::slice::from_ref(&by_date))?;
    for (_, places) in groups(run, &rows, keys)? {
        let mut before = Value::Missing;
        for place in places {
            let now = evaluate(run, date, &rows[place])?;
            let passed = arithmetic(run.store, Operation::Subtract, &now, &before);
            rows[place].extend([
                before,
                passed.map_err(|Overflow| Diagnostic::new(Code::OVERFLOW, date.span, "the gap is too long"))?,
            ]);
            before = if now.is_missing() { Value::Missing } else { now };
        }
    }
    Ok(rows)
}

fn share(run: &Run<'_>, rows: Vec<Row>, column: usize) -> Result<Vec<Row>, Diagnostic> {
    run.check(rows.len())?;
    let total: f64 = rows.iter().filter_map(|row| row[column].as_float()).sum();
    let part = |row: &Row| row[column].as_float().filter(|_| total != 0.0).map(|value| value / total);
    Ok(rows
        .into_iter()
        .map(|mut row| {
            let part = part(&row).map_or(Value::Missing, Value::Float);
            row.push(part);
            row
        })
        .collect())
}
