//! A text whose names are known to warnings of what can hardly be meant; nothing of it is an error, and nothing is run.

mod condition;
mod literal;
mod unused;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::plan::{Expr, ExprKind, Node, Plan};
use crate::store::{EVENTS, Store};
use crate::value::Truth;

pub use unused::unused;

/// What the plan of a statement is looked at with.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// The data.
    pub store: &'a Store,
    /// The text of the statement.
    pub text: &'a str,
    /// Whether `let` bound a name: what is written in its body is told of there.
    pub is_bound: &'a dyn Fn(&str) -> bool,
    /// The truth of a predicate that speaks of no row, as far as it is known.
    pub truth: &'a dyn Fn(&Expr) -> Option<Truth>,
}

impl<'a> Look<'a> {
    /// What is worth a warning in the conditions of a plan.
    pub fn plan(self, mut plan: Plan) -> Vec<Diagnostic> {
        let mut warnings = Vec::new();
        for input in std::mem::take(&mut plan.inputs) {
            let is_events = matches!(&input.node, Node::Scan(scan) if scan.table == EVENTS);
            if let Node::Filter { predicates, possibly: false } = &plan.node {
                let written: Vec<&Expr> = predicates.iter().filter(|one| self.is_written_here(one)).collect();
                self.conditions(&written, &mut warnings);
                if is_events {
                    self.dates(&written, &mut warnings);
                }
            }
            warnings.extend(self.plan(input));
        }
        for expr in plan.node.expressions_mut() {
            warnings.extend(self.expression(expr));
        }
        warnings
    }

    /// What is worth a warning in the queries within an expression.
    pub fn expression(self, expr: &Expr) -> Vec<Diagnostic> {
        match &expr.kind {
            ExprKind::Scalar(plan) | ExprKind::Column1(plan) => self.plan((**plan).clone()),
            _ => expr.parts().into_iter().flat_map(|part| self.expression(part)).collect(),
        }
    }

    /// Whether a predicate stands in the text as it is: not in the body of a `let`, and with no value of a parameter,
    /// which is chosen anew for each run.
    fn is_written_here(self, predicate: &Expr) -> bool {
        let written = predicate.span.of(self.text);
        let name = written.split('(').next().unwrap_or("").trim().trim_matches('`');
        !written.is_empty() && !written.contains('$') && !(self.is_bound)(name)
    }

    fn written(self, expr: &Expr) -> &'a str {
        expr.span.of(self.text)
    }

    fn warn(self, warnings: &mut Vec<Diagnostic>, code: Code, at: &Expr, message: String, help: &str) {
        let warning = Diagnostic::new(code, at.span, message);
        warnings.push(if help.is_empty() { warning } else { warning.help(help) });
    }
}
