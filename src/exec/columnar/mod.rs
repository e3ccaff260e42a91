//! The plan over columns: each node makes a frame of the one before, and values are read only where they are needed.
//!
//! It gives what [`reference`](super::reference) gives, errors included; the tests hold the two against each other.

mod aggregate;
mod check;
mod coder;
mod count;
mod dense;
mod distinct;
mod ends;
mod frame;
mod gap;
mod group;
mod near;
mod order;
mod ranges;
mod select;
mod sequence;
mod side;
mod tally;
mod together;

use std::sync::Arc;

use super::evaluate::evaluate;
use super::subquery::answered;
use super::{Output, Run, Watch, rows};
use crate::diagnostic::Diagnostic;
use crate::ir::plan::{Aggregate, Expr, ExprKind, Node, Plan};
use crate::store::{Codes, Column};
use crate::value::Value;

use coder::{by_code, recode};
use count::{are_counts, counted, numbers};
use frame::{Frame, Vector};
use select::{Selected, Selection};
use together::OfName;

/// Runs a plan.
fn execute(run: &Run<'_>, plan: &Plan) -> Result<Output, Diagnostic> {
    execute_as(run, plan, Column::value)
}

/// Runs a plan, and makes of each value of a column, by its place, what `read` makes of it.
pub(super) fn execute_as<T>(
    run: &Run<'_>,
    plan: &Plan,
    read: impl Fn(&Column, usize) -> T,
) -> Result<Output<T>, Diagnostic> {
    let mut output = Output::default();
    let frame = frame(run, plan, &mut output)?;
    let mut rows: Vec<Vec<T>> = (0..frame.rows).map(|_| Vec::with_capacity(frame.columns.len())).collect();
    for (block, rows) in rows.chunks_mut(check::BLOCK).enumerate() {
        for vector in &frame.columns {
            let (column, first): (&Column, usize) = (&vector.column, block * check::BLOCK);
            let values = (first..).map(|row| read(column, vector.places.of(row)));
            rows.iter_mut().zip(values).for_each(|(row, value)| row.push(value));
        }
    }
    let Output { possible, repeated, extra, .. } = output;
    Ok(Output { rows, possible, repeated, extra })
}

/// The frame that a plan gives, which the watch is told; what should be known about it goes into `output`.
fn frame<'a>(run: &Run<'a>, plan: &Plan, output: &mut Output) -> Result<Frame<'a>, Diagnostic> {
    let Some(watch) = run.watch else { return made(run, plan, usize::MAX, output) };
    let start = watch.now();
    let frame = made(run, plan, usize::MAX, output)?;
    watch.tell(plan, frame.rows, start);
    Ok(frame)
}

/// The frame of a plan; of groups it may leave out those that do not have the `most` most rows.
fn made<'a>(run: &Run<'a>, plan: &Plan, most: usize, output: &mut Output) -> Result<Frame<'a>, Diagnostic> {
    run.check(0)?;
    let below = match over_table(run, plan, most, output)? {
        Some(OverTable::Given(given)) => return Ok(given),
        Some(OverTable::Input(input)) => Some(input),
        None => match count::of_filter(run, plan, output)? {
            Some(count) => return Ok(count),
            None => None,
        },
    };
    if let Node::Sequence(_) = &plan.node {
        let inputs = plan.inputs.iter().map(|input| frame(run, input, output)).collect::<Result<Vec<_>, _>>()?;
        let Node::Sequence(sequence) = answered(run, &plan.node, execute)? else { return Ok(Frame::default()) };
        return sequence::matches(run, &inputs, &sequence, output);
    }
    let input = match (below, plan.input()) {
        (Some(input), _) => input,
        (None, Some(input)) => match most_groups(plan).filter(|_| run.watch.is_none()) {
            Some(most) => made(run, input, most, output)?,
            None => frame(run, input, output)?,
        },
        (None, None) => Frame::default(),
    };
    let node = answered(run, &plan.node, execute)?;
    if node.is_by_rows() {
        let others = plan.inputs.iter().skip(1).map(|other| frame(run, other, &mut Output::default()));
        let others: Vec<Frame<'a>> = others.collect::<Result<_, _>>()?;
        if let Some(found) = others.first().map(|others| near::near(run, &node, &input, others)).transpose()?.flatten()
        {
            run.answered_by(plan, "in one walk through both, by the order of the dates");
            return Ok(found);
        }
        return by_rows(run, plan, &node, &input, &others, output);
    }
    let frame = match &node {
        Node::Scan(scan) => side::scan(run, scan)?,
        Node::Filter { predicates, possibly } => filtered(run, plan, input, predicates, *possibly, output)?,
        Node::Project { values } => {
            let columns = values.iter().map(|value| vector(run, &input, value)).collect::<Result<_, _>>()?;
            Frame::new(input.rows, columns)
        }
        Node::Sort { keys } => {
            let rows = order::sorted(run, &input, keys, usize::MAX)?;
            input.keep(rows)
        }
        Node::Slice { skip, take } => {
            let start = usize::try_from(*skip).unwrap_or(usize::MAX).min(input.rows);
            let take = take.and_then(|take| usize::try_from(take).ok()).unwrap_or(usize::MAX);
            input.slice(start, start.saturating_add(take))
        }
        Node::Top { count, keys, per: None } => {
            let rows = order::sorted(run, &input, keys, usize::try_from(*count).unwrap_or(usize::MAX))?;
            input.keep(rows)
        }
        Node::Top { count, keys, per: Some(per) } => {
            let sorted = input.keep(order::sorted(run, &input, keys, usize::MAX)?);
            let groups = group::groups(run, &sorted, std::slice::from_ref(per))?;
            let members = groups.members();
            let count = usize::try_from(*count).unwrap_or(usize::MAX);
            let mut rows = Vec::new();
            for id in groups.in_order() {
                let entries = members.of(id as usize).iter().take(count);
                rows.extend(entries.map(|&entry| groups.row(entry as usize)));
            }
            sorted.keep(rows)
        }
        Node::Distinct { values } => distinct::distinct(run, &input, values, output)?,
        Node::Expand { column } => expand(run, &input, *column, output)?,
        Node::Group { keys, aggregates } => group(run, &input, keys, aggregates, output)?,
        Node::Gap { keys, date } => gap::gap(run, plan, gap::in_order(run, &input, date)?, keys, date)?,
        Node::Share { column } => share(&input, *column),
        _ => input,
    };
    run.check(frame.rows)?;
    Ok(frame)
}

/// How many groups of its input a node wants, if it wants those with the most rows.
fn most_groups(plan: &Plan) -> Option<usize> {
    let Node::Top { count, keys, per: None } = &plan.node else { return None };
    let Node::Group { keys: group_keys, aggregates } = &plan.input()?.node else { return None };
    let first = keys.first().filter(|key| key.descending)?;
    let ExprKind::Column(place) = first.value.kind else { return None };
    let aggregate = aggregates.get(place.checked_sub(group_keys.len())?)?;
    are_counts(std::slice::from_ref(aggregate)).then(|| usize::try_from(*count).unwrap_or(usize::MAX).max(1))
}

/// What a node makes of rows, as columns again.
fn by_rows<'a>(
    run: &Run<'a>,
    plan: &Plan,
    node: &Node,
    first: &Frame<'a>,
    others: &[Frame<'a>],
    output: &mut Output,
) -> Result<Frame<'a>, Diagnostic> {
    let rows_of = |frame: &Frame<'_>| (0..frame.rows).map(|row| frame.values(row)).collect();
    let inputs = std::iter::once(first).chain(others).map(rows_of).collect();
    let rows = rows::execute(run, plan, node, inputs, output).unwrap_or_else(|| Ok(Vec::new()))?;
    run.check(rows.len())?;
    let of = plan.columns.iter().chain(&output.extra).map(|column| column.of.many);
    let column = |(place, many): (usize, bool)| {
        let values: Vec<Value> = rows.iter().map(|row| row[place].clone()).collect();
        Vector::made(Column::of_values(&values, many))
    };
    Ok(Frame::new(rows.len(), of.enumerate().map(column).collect()))
}

/// The vector of an expression: a column as it is, else computed, once for each different value where that is possible.
fn vector<'a>(run: &Run<'_>, frame: &Frame<'a>, expr: &Expr) -> Result<Vector<'a>, Diagnostic> {
    match &expr.kind {
        ExprKind::Column(place) => return Ok(frame.columns[*place].clone()),
        ExprKind::Literal(value) if *value != Value::Missing => {
            let codes = Codes::new(&vec![1; frame.rows]);
            return Ok(Vector::made(Column::Values(codes, std::slice::from_ref(value).into())));
        }
        _ => {}
    }
    if let Some((coder, values)) = by_code(run, frame, expr) {
        let (by_code, values) = recode(&values);
        let mut codes = coder.codes(frame.rows);
        codes.iter_mut().for_each(|code| *code = by_code[*code as usize]);
        return Ok(Vector::made(Column::Values(Codes::new(&codes), values.into())));
    }
    let mut values = Vec::with_capacity(frame.rows);
    for row in 0..frame.rows {
        run.check(0)?;
        values.push(evaluate(run, expr, &frame.row(row))?);
    }
    Ok(Vector::made(Column::of_values(&values, expr.of.many)))
}

/// The rows of a frame that conditions leave.
fn filtered<'a>(
    run: &Run<'a>,
    plan: &Plan,
    input: Frame<'a>,
    predicates: &[Expr],
    possibly: bool,
    output: &mut Output,
) -> Result<Frame<'a>, Diagnostic> {
    if let Some(name) = OfName::new(run, &input, predicates) {
        let rows = kept_rows(run, &name.frame, &name.rest, possibly, output)?;
        return Ok(name.keep(&input, &rows));
    }
    match select::select(run, &input, predicates, possibly) {
        Some(selection) => {
            select::tell(run, plan, &input, predicates, &selection.rest);
            gathered(run, &input, selection, predicates, possibly, output)
        }
        None => kept(run, &input, predicates, possibly, output),
    }
}

/// The rows of a table that a selection leaves, and of those the ones that conditions leave which are still to be asked.
fn gathered<'a>(
    run: &Run<'a>,
    table: &Frame<'a>,
    Selection { selected, unknown, rest }: Selection<'_>,
    predicates: &[Expr],
    possibly: bool,
    output: &mut Output,
) -> Result<Frame<'a>, Diagnostic> {
    tell_unknown(predicates, unknown, output);
    let left = narrowed(run, table, &selected);
    if rest.is_empty() {
        return Ok(left);
    }
    let rest: Vec<Expr> = rest.iter().map(|&place| predicates[place].clone()).collect();
    kept(run, &left, &rest, possibly, output)
}

/// The rows of a table that are selected; still a table if they stand together.
fn narrowed<'a>(run: &Run<'a>, table: &Frame<'a>, selected: &Selected<'_>) -> Frame<'a> {
    if let (Some(number), true) = (table.table, selected.is_range()) {
        return Frame::of_table(run.store, number, selected.range());
    }
    let start = table.range().map_or(0, |range| range.start) as u32;
    let rows = selected.rows();
    if start == 0 { table.keep(rows) } else { table.keep(rows.iter().map(|row| row - start).collect::<Arc<[u32]>>()) }
}

/// The rows of a frame that conditions leave, which are asked row by row.
fn kept<'a>(
    run: &Run<'_>,
    input: &Frame<'a>,
    predicates: &[Expr],
    possibly: bool,
    output: &mut Output,
) -> Result<Frame<'a>, Diagnostic> {
    Ok(input.keep(kept_rows(run, input, predicates, possibly, output)?))
}

/// The rows that conditions leave, by their places in a frame.
fn kept_rows(
    run: &Run<'_>,
    input: &Frame<'_>,
    predicates: &[Expr],
    possibly: bool,
    output: &mut Output,
) -> Result<Vec<u32>, Diagnostic> {
    let (rows, unknown) = check::filter(run, input, predicates, possibly, |rows: &mut Vec<u32>, start, kept| {
        let before = rows.len();
        rows.resize(before + kept.len(), 0);
        let mut next = before;
        for (row, &is_kept) in (start as u32..).zip(kept) {
            rows[next] = row;
            next += usize::from(is_kept);
        }
        rows.truncate(next);
        next
    })?;
    tell_unknown(predicates, unknown, output);
    run.check(rows.iter().map(Vec::len).sum())?;
    Ok(rows.concat())
}

fn tell_unknown(predicates: &[Expr], unknown: Vec<usize>, output: &mut Output) {
    for (predicate, count) in predicates.iter().zip(unknown).filter(|(_, count)| *count > 0) {
        output.add_possible(predicate.span, count);
    }
}

/// What a node over a table, or over a filter of one, gives or works on.
enum OverTable<'a> {
    /// What it gives, for which no row was gathered.
    Given(Frame<'a>),
    /// The rows below it.
    Input(Frame<'a>),
}

/// Groups of a table's rows or the first of them, or of those that a filter leaves, without gathering rows if that can be.
fn over_table<'a>(
    run: &Run<'a>,
    plan: &Plan,
    most: usize,
    output: &mut Output,
) -> Result<Option<OverTable<'a>>, Diagnostic> {
    let (Node::Group { .. } | Node::Top { per: None, .. }, Some(input)) = (&plan.node, plan.input()) else {
        return Ok(None);
    };
    let is_table = |plan: &Plan| matches!(&plan.node, Node::Scan(scan) if scan.has_every_row());
    let (filter, below) = match (&input.node, input.input()) {
        _ if is_table(input) => (None, input),
        (Node::Filter { .. }, Some(below)) if is_table(below) => (Some(input), below),
        _ => return Ok(None),
    };
    let start = run.watch.map(Watch::now);
    let table = frame(run, below, output)?;
    let Some(filter) = filter else {
        let all = Selected::all_of(table.range().unwrap_or(0..table.rows));
        let given = ungathered(run, plan, most, &table, &all)?;
        return Ok(Some(given.map_or(OverTable::Input(table), OverTable::Given)));
    };
    let Node::Filter { predicates, possibly } = answered(run, &filter.node, execute)? else { return Ok(None) };
    let tell = |rows: usize| {
        if let (Some(watch), Some(start)) = (run.watch, start) {
            watch.tell(filter, rows, start);
        }
    };
    if let Node::Group { keys, aggregates } = &plan.node
        && keys.is_empty()
        && are_counts(aggregates)
        && let Some((count, unknown)) = count::at_once(run, filter, &table, &predicates, possibly)?
    {
        tell(count);
        tell_unknown(&predicates, unknown, output);
        return Ok(Some(OverTable::Given(numbers(count, aggregates))));
    }
    let Some(selection) = select::select(run, &table, &predicates, possibly) else { return Ok(None) };
    select::tell(run, filter, &table, &predicates, &selection.rest);
    if selection.rest.is_empty()
        && let Some(given) = ungathered(run, plan, most, &table, &selection.selected)?
    {
        if run.watch.is_some() {
            tell(selection.selected.count());
        }
        tell_unknown(&predicates, selection.unknown, output);
        return Ok(Some(OverTable::Given(given)));
    }
    if let Node::Group { keys, aggregates } = &plan.node
        && keys.is_empty()
        && are_counts(aggregates)
    {
        tell_unknown(&predicates, selection.unknown, output);
        let rest: Vec<Expr> = selection.rest.iter().map(|&place| predicates[place].clone()).collect();
        let count = counted(run, &narrowed(run, &table, &selection.selected), &rest, possibly, output)?;
        tell(count);
        return Ok(Some(OverTable::Given(numbers(count, aggregates))));
    }
    let left = gathered(run, &table, selection, &predicates, possibly, output)?;
    tell(left.rows);
    Ok(Some(OverTable::Input(left)))
}

/// What a node gives of the selected rows of a table, if it need not gather them.
fn ungathered<'a>(
    run: &Run<'a>,
    plan: &Plan,
    most: usize,
    table: &Frame<'a>,
    selected: &Selected<'_>,
) -> Result<Option<Frame<'a>>, Diagnostic> {
    match &plan.node {
        Node::Group { keys, aggregates } if keys.is_empty() && are_counts(aggregates) => {
            Ok(Some(numbers(selected.count(), aggregates)))
        }
        Node::Group { keys, aggregates } => dense::group(run, plan, table, selected, (keys, aggregates), most),
        Node::Top { count, keys, .. } => ends::top(run, plan, table, selected, keys, *count),
        _ => Ok(None),
    }
}

fn group<'a>(
    run: &Run<'_>,
    input: &Frame<'a>,
    keys: &[Expr],
    aggregates: &[Aggregate],
    output: &mut Output,
) -> Result<Frame<'a>, Diagnostic> {
    let groups =
        if are_counts(aggregates) { group::counted(run, input, keys)? } else { group::groups(run, input, keys)? };
    output.repeated = groups.repeated;
    let ids = if keys.is_empty() { vec![0] } else { groups.in_order() };
    run.check(ids.len())?;
    let mut columns: Vec<Vector<'a>> = groups.key_columns(&ids).into_iter().map(Vector::made).collect();
    for aggregate in aggregates {
        columns.push(Vector::made(aggregate::aggregate(run, input, &groups, &ids, aggregate)?));
    }
    Ok(Frame::new(ids.len(), columns))
}

/// A row for each item of the column's lists.
fn expand<'a>(run: &Run<'_>, input: &Frame<'a>, column: usize, output: &mut Output) -> Result<Frame<'a>, Diagnostic> {
    let vector = &input.columns[column];
    let mut rows = Vec::new();
    let mut places = Vec::new();
    let mut items = Vec::new();
    for row in 0..input.rows {
        run.check(rows.len())?;
        let place = vector.places.of(row);
        let count = match &*vector.column {
            Column::List(starts, _) => {
                places.extend(starts[place]..starts[place + 1]);
                (starts[place + 1] - starts[place]) as usize
            }
            other => {
                let value = other.value(place);
                items.extend_from_slice(value.items());
                value.items().len()
            }
        };
        output.repeated += usize::from(count > 1);
        rows.extend(std::iter::repeat_n(row as u32, count));
    }
    let expanded = match &*vector.column {
        Column::List(..) => vector.items(places),
        _ => Vector::made(Column::of_values(&items, false)),
    };
    let mut frame = input.keep(rows);
    frame.columns[column] = expanded;
    Ok(frame)
}

/// Beside a number, its part of the total.
fn share<'a>(input: &Frame<'a>, column: usize) -> Frame<'a> {
    let numbers: Vec<Option<f64>> = (0..input.rows).map(|row| input.columns[column].value(row).as_float()).collect();
    let total: f64 = numbers.iter().flatten().sum();
    let part = |number: &Option<f64>| number.filter(|_| total != 0.0).map_or(f64::NAN, |number| number / total);
    let mut frame = input.clone();
    frame.columns.push(Vector::made(Column::Float(numbers.iter().map(part).collect())));
    frame
}
