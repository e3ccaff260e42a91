//! Groups to one value each: counts, sums and means in one pass over the entries, every other aggregate by its record.

use super::check::{BLOCK, check};
use super::frame::{Frame, Vector};
use super::group::{Groups, count_distinct, key};
use crate::builtin::{Overflow, aggregate as record_of, order};
use crate::diagnostic::Diagnostic;
use crate::exec::Run;
use crate::exec::evaluate::{evaluate, overflow};
use crate::ir::plan::{Aggregate, Expr, ExprKind};
use crate::store::Column;
use crate::value::{Base, Truth, Value};

/// The value of an aggregate for each of these groups.
pub(super) fn aggregate(
    run: &Run<'_>,
    frame: &Frame<'_>,
    groups: &Groups<'_>,
    ids: &[u32],
    wanted: &Aggregate,
) -> Result<Column, Diagnostic> {
    let of_groups = |values: &[i64]| Column::Int(ids.iter().map(|&id| values[id as usize]).collect(), None);
    match (wanted.function, wanted.arguments.as_slice()) {
        ("count", []) => Ok(Column::Int(ids.iter().map(|&id| i64::from(groups.sizes[id as usize])).collect(), None)),
        ("count", [argument]) if wanted.distinct && !argument.of.many => {
            Ok(of_groups(&count_different(run, frame, groups, argument)?))
        }
        ("count", [argument]) if !wanted.distinct => Ok(of_groups(&count_certain(run, frame, groups, argument)?)),
        ("sum" | "avg", [argument]) => match numbers(frame, argument) {
            Some(vector) if wanted.function == "avg" => Ok(means(&vector, groups, ids)),
            Some(vector) => sums(&vector, groups, ids, argument),
            None => by_record(run, frame, groups, ids, wanted),
        },
        _ => by_record(run, frame, groups, ids, wanted),
    }
}

/// How many different values that are not missing each group has.
fn count_different(
    run: &Run<'_>,
    frame: &Frame<'_>,
    groups: &Groups<'_>,
    argument: &Expr,
) -> Result<Vec<i64>, Diagnostic> {
    let key = key(run, frame, argument)?;
    Ok(count_distinct(&groups.ids, groups.sizes.len(), &key, groups.rows.as_deref()))
}

/// For how many rows of each group a predicate is certain, or a value is there.
fn count_certain(
    run: &Run<'_>,
    frame: &Frame<'_>,
    groups: &Groups<'_>,
    argument: &Expr,
) -> Result<Vec<i64>, Diagnostic> {
    let is_predicate = argument.of.base == Base::Bool && !argument.of.many;
    let (predicate, wanted) = if is_predicate {
        (argument.clone(), Truth::True)
    } else {
        (Expr { kind: ExprKind::IsMissing(Box::new(argument.clone())), ..argument.clone() }, Truth::False)
    };
    let check = check(run, frame, &predicate);
    let mut truths = vec![Truth::False; frame.rows];
    for start in (0..frame.rows).step_by(BLOCK) {
        run.check(0)?;
        let end = frame.rows.min(start + BLOCK);
        check.fill(run, frame, start..end, &[true; BLOCK][..end - start], &mut truths[start..end])?;
    }
    let mut counts = vec![0; groups.sizes.len()];
    for (entry, &id) in groups.ids.iter().enumerate() {
        counts[id as usize] += i64::from(truths[groups.row(entry) as usize] == wanted);
    }
    Ok(counts)
}

/// The column of numbers that an expression is.
fn numbers<'a>(frame: &Frame<'a>, argument: &Expr) -> Option<Vector<'a>> {
    let ExprKind::Column(place) = argument.kind else { return None };
    let vector = &frame.columns[place];
    matches!(&*vector.column, Column::Int(..) | Column::Float(_)).then(|| vector.clone())
}

/// Calls `add` with the group of each entry and what `read` makes of its place, unless that is missing.
fn each_number<T>(
    vector: &Vector<'_>,
    groups: &Groups<'_>,
    read: impl Fn(usize) -> Option<T>,
    mut add: impl FnMut(usize, T),
) {
    for (entry, &id) in groups.ids.iter().enumerate() {
        if let Some(number) = read(vector.places.of(groups.row(entry) as usize)) {
            add(id as usize, number);
        }
    }
}

fn present(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

fn present_int(values: &[i64], missing: Option<&[u8]>, place: usize) -> Option<i64> {
    missing.is_none_or(|missing| missing[place] == 0).then_some(values[place])
}

fn means(vector: &Vector<'_>, groups: &Groups<'_>, ids: &[u32]) -> Column {
    let mut sums = vec![(0.0_f64, 0_u32); groups.sizes.len()];
    let add = |id: usize, value: f64| {
        sums[id].0 += value;
        sums[id].1 += 1;
    };
    match &*vector.column {
        Column::Float(values) => each_number(vector, groups, |place| present(values[place]), add),
        Column::Int(values, missing) => {
            let read = |place| present_int(values, missing.as_deref(), place).map(|value| value as f64);
            each_number(vector, groups, read, add);
        }
        _ => {}
    }
    let mean = |&id: &u32| match sums[id as usize] {
        (_, 0) => f64::NAN,
        (sum, count) => sum / f64::from(count),
    };
    Column::Float(ids.iter().map(mean).collect())
}

fn sums(vector: &Vector<'_>, groups: &Groups<'_>, ids: &[u32], argument: &Expr) -> Result<Column, Diagnostic> {
    let mut counts = vec![0_u32; groups.sizes.len()];
    match &*vector.column {
        Column::Int(values, missing) => {
            let mut sums = vec![Some(0_i64); groups.sizes.len()];
            let read = |place| present_int(values, missing.as_deref(), place);
            each_number(vector, groups, read, |id, value| {
                counts[id] += 1;
                sums[id] = sums[id].and_then(|sum| sum.checked_add(value));
            });
            let sums: Option<Vec<i64>> = ids.iter().map(|&id| sums[id as usize]).collect();
            let missing: Vec<bool> = ids.iter().map(|&id| counts[id as usize] == 0).collect();
            let sums = sums.ok_or_else(|| overflow(argument.span))?;
            Ok(Column::of_ints(sums, &missing))
        }
        Column::Float(values) => {
            let mut sums = vec![0.0_f64; groups.sizes.len()];
            each_number(
                vector,
                groups,
                |place| present(values[place]),
                |id, value| {
                    counts[id] += 1;
                    sums[id] += value;
                },
            );
            let sum = |&id: &u32| if counts[id as usize] == 0 { f64::NAN } else { sums[id as usize] };
            let sums: Vec<f64> = ids.iter().map(sum).collect();
            if sums.iter().any(|sum| sum.is_infinite()) {
                Err(overflow(argument.span))
            } else {
                Ok(Column::Float(sums.into()))
            }
        }
        _ => Ok(Column::Float(vec![f64::NAN; ids.len()].into())),
    }
}

/// The aggregate by its record, from the arguments of each entry of a group.
fn by_record(
    run: &Run<'_>,
    frame: &Frame<'_>,
    groups: &Groups<'_>,
    ids: &[u32],
    wanted: &Aggregate,
) -> Result<Column, Diagnostic> {
    let Some(record) = record_of(wanted.function) else { return Ok(Column::of_values(&[], false)) };
    let members = groups.members();
    let mut results = Vec::with_capacity(ids.len());
    for &id in ids {
        let mut given: Vec<Vec<Value>> = Vec::new();
        for &entry in members.of(id as usize) {
            run.check(0)?;
            let row = frame.row(groups.row(entry as usize) as usize);
            let values: Vec<Value> =
                wanted.arguments.iter().map(|argument| evaluate(run, argument, &row)).collect::<Result<_, _>>()?;
            match values.first() {
                Some(first) if first.is_missing() => {}
                Some(Value::List(items)) => {
                    given.extend(items.iter().map(|item| [std::slice::from_ref(item), &values[1..]].concat()));
                }
                _ => given.push(values),
            }
        }
        if wanted.distinct {
            given.sort_by(|left, right| order(run.store, &left[0], &right[0]));
            given.dedup_by(|left, right| left[0] == right[0]);
        }
        let span = wanted.arguments.first().map_or_else(Default::default, |argument| argument.span);
        let result = (record.body)(run.store, &given);
        results.push(result.map_err(|Overflow| overflow(span))?);
    }
    Ok(Column::of_values(&results, false))
}
