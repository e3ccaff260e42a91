//! Nodes that gain nothing from columns: rows in, rows out, for the columnar evaluator.

mod near;
mod network;
mod series;
mod tables;

use super::evaluate::evaluate;
use super::{Output, Run};
use crate::diagnostic::Diagnostic;
use crate::ir::plan::{Expr, Node, Plan};
use crate::store::Interner;
use crate::value::Value;

pub(super) type Row = Vec<Value>;

/// The rows that a node makes of those of its inputs; `None` if it is none of these nodes.
pub(super) fn execute(
    run: &Run<'_>,
    plan: &Plan,
    node: &Node,
    inputs: Vec<Vec<Row>>,
    output: &mut Output,
) -> Option<Result<Vec<Row>, Diagnostic>> {
    let mut inputs = inputs.into_iter();
    let mut next = || inputs.next().unwrap_or_default();
    let first = next();
    Some(match node {
        Node::Pivot { key, value, rows, absent } => {
            let cells = plan.input().map(|input| input.columns[*value].of);
            series::pivot(run, &first, (*key, *value), rows, absent, cells, output)
        }
        Node::Fill { keys, time, bucket, within, absent } => {
            series::fill(run, first, keys, (*time, *bucket), *within, absent)
        }
        Node::Rolling { window, keys, date, aggregates } => {
            series::rolling(run, first, *window, keys, date, aggregates)
        }
        Node::Running { keys, aggregates } => series::running(run, first, keys, aggregates),
        Node::Near { side, within, on, dates, places, shown, end } => {
            let near =
                near::Near { side: *side, within: *within, on, dates, places: places.as_ref(), shown, end: *end };
            near.execute(run, first, next())
        }
        Node::Combine(how) => tables::combine(run, first, next(), *how),
        Node::Join { on, take } => tables::join(run, first, next(), on, take),
        Node::Links { members, date, sources } => network::links(run, &first, members, date, sources.as_ref()),
        Node::Path { members, from, to, shown } => network::path(run, &first, members, (from, to), shown),
        _ => return None,
    })
}

/// The values of expressions for a row.
fn all(run: &Run<'_>, values: &[Expr], row: &Row) -> Result<Row, Diagnostic> {
    run.check(0)?;
    values.iter().map(|value| evaluate(run, value, row)).collect()
}

/// Both sides of what two rows agree in, each of the type that holds both.
fn sides(on: &[(Expr, Expr)]) -> (Vec<Expr>, Vec<Expr>) {
    let both = |(mine, theirs): &(Expr, Expr)| {
        let of = mine.of.join(theirs.of).unwrap_or(mine.of);
        (Expr { of, ..mine.clone() }, Expr { of, ..theirs.clone() })
    };
    on.iter().map(both).unzip()
}

/// The values of expressions for a row, as those of their types.
fn widened(run: &Run<'_>, values: &[Expr], row: &Row) -> Result<Row, Diagnostic> {
    let given = all(run, values, row)?;
    Ok(given.into_iter().zip(values).map(|(value, expr)| run.store.widened(value, expr.of)).collect())
}

/// A number for the values of single keys of a row: rows with the same values have the same.
fn group_of(run: &Run<'_>, interner: &mut Interner, keys: &[Expr], row: &Row) -> Result<usize, Diagnostic> {
    Ok(interner.code(&Value::list(all(run, keys, row)?)) as usize)
}
