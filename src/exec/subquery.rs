//! The queries within a node's expressions, answered before the node runs: no query sees a row of another.

use super::evaluate::flatten;
use super::{Output, Run};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::plan::{Expr, ExprKind, Node, Plan};
use crate::value::Value;

/// What answers a query: one of the evaluators.
pub(super) type Execute = fn(&Run<'_>, &Plan) -> Result<Output, Diagnostic>;

/// The node with the queries in its expressions replaced by what they give.
pub(super) fn answered(run: &Run<'_>, node: &Node, execute: Execute) -> Result<Node, Diagnostic> {
    let mut node = node.clone();
    for expr in node.expressions_mut() {
        answer_queries(run, expr, execute)?;
    }
    Ok(node)
}

/// The expression with the queries in it replaced by what they give.
pub(super) fn answer_queries(run: &Run<'_>, expr: &mut Expr, execute: Execute) -> Result<(), Diagnostic> {
    match &expr.kind {
        ExprKind::Scalar(plan) => {
            let mut rows = execute(run, plan)?.rows;
            let value = match rows.len() {
                0 => Value::Missing,
                1 => rows.remove(0).swap_remove(0),
                many => {
                    let message = format!("the query has {many} rows where one value is needed");
                    return Err(Diagnostic::new(Code::NOT_ONE_ROW, expr.span, message)
                        .help("end it with `count` or `take 1`, or ask with `in`"));
                }
            };
            expr.kind = ExprKind::Literal(value);
        }
        ExprKind::Column1(plan) => {
            let rows = execute(run, plan)?.rows;
            expr.kind = ExprKind::Literal(flatten(rows.into_iter().map(|mut row| row.swap_remove(0))));
        }
        _ => {
            for part in expr.parts_mut() {
                answer_queries(run, part, execute)?;
            }
        }
    }
    Ok(())
}
