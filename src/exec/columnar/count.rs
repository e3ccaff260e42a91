//! How many rows there are, where that is all that is asked: none of them is gathered.

mod unread;

pub(super) use unread::at_once;

use super::frame::{Frame, Vector};
use super::{check, execute, frame, gap, tell_unknown};
use crate::diagnostic::Diagnostic;
use crate::exec::subquery::answered;
use crate::exec::{Output, Run, Watch};
use crate::ir::plan::{Aggregate, Expr, Node, Plan};
use crate::store::Column;

/// Whether aggregates count all rows.
pub(super) fn are_counts(aggregates: &[Aggregate]) -> bool {
    aggregates.iter().all(|aggregate| aggregate.function == "count" && aggregate.arguments.is_empty())
}

/// How many rows a filter keeps.
pub(super) fn of_filter<'a>(run: &Run<'a>, plan: &Plan, output: &mut Output) -> Result<Option<Frame<'a>>, Diagnostic> {
    let Node::Group { keys, aggregates } = &plan.node else { return Ok(None) };
    let Some(Plan { node, inputs, .. }) = plan.input() else { return Ok(None) };
    let (Node::Filter { .. }, [below], []) = (node, inputs.as_slice(), keys.as_slice()) else { return Ok(None) };
    if !are_counts(aggregates) {
        return Ok(None);
    }
    let start = run.watch.map(Watch::now);
    let input = match (&below.node, below.input()) {
        (Node::Gap { .. }, Some(rows)) if run.watch.is_none() => {
            let rows = frame(run, rows, output)?;
            let Node::Gap { keys, date } = answered(run, &below.node, execute)? else { return Ok(None) };
            let rows = gap::in_order(run, &rows, &date)?;
            run.check(rows.rows)?;
            if let Node::Filter { predicates, possibly } = node
                && let [only] = predicates.as_slice()
                && let Some((count, unknown)) = gap::count(run, &rows, &keys, &date, only)
            {
                output.repeated = 0;
                if *possibly {
                    return Ok(Some(numbers(count + unknown, aggregates)));
                }
                tell_unknown(predicates, vec![unknown], output);
                return Ok(Some(numbers(count, aggregates)));
            }
            gap::gap(run, below, rows, &keys, &date)?
        }
        _ => frame(run, below, output)?,
    };
    let Node::Filter { predicates, possibly } = answered(run, node, execute)? else { return Ok(None) };
    let count = counted(run, &input, &predicates, possibly, output)?;
    output.repeated = 0;
    if let (Some(watch), Some(start), Some(filter)) = (run.watch, start, plan.input()) {
        watch.tell(filter, count, start);
    }
    Ok(Some(numbers(count, aggregates)))
}

/// How many rows of a frame conditions leave.
pub(super) fn counted(
    run: &Run<'_>,
    input: &Frame<'_>,
    predicates: &[Expr],
    possibly: bool,
    output: &mut Output,
) -> Result<usize, Diagnostic> {
    let (count, unknown) = kept(run, input, predicates, possibly)?;
    tell_unknown(predicates, unknown, output);
    run.check(count)?;
    Ok(count)
}

/// The same, and for how many rows each condition is the first that is not known.
fn kept(
    run: &Run<'_>,
    input: &Frame<'_>,
    predicates: &[Expr],
    possibly: bool,
) -> Result<(usize, Vec<usize>), Diagnostic> {
    let (counts, unknown) = check::filter(run, input, predicates, possibly, |count: &mut usize, _, kept| {
        *count += kept.iter().filter(|is_kept| **is_kept).count();
        *count
    })?;
    Ok((counts.into_iter().sum(), unknown))
}

/// One row with a number for each of some aggregates that count all rows.
pub(super) fn numbers<'a>(count: usize, aggregates: &[Aggregate]) -> Frame<'a> {
    let count = Vector::made(Column::Int(vec![count as i64].into(), None));
    Frame::new(1, aggregates.iter().map(|_| count.clone()).collect())
}
