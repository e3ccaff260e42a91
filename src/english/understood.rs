//! What the names of a query turned out to be, by their places in its text.

use indexmap::IndexMap;

use crate::ir::plan::{Expr, ExprKind, Plan};
use crate::span::Span;
use crate::value::Value;

/// What a plan knows of the text that it was made of.
#[derive(Default)]
pub(super) struct Understood {
    values: IndexMap<Span, Value>,
    memberships: IndexMap<Span, Value>,
}

impl Understood {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut understood = Self::default();
        understood.plan(plan.clone());
        understood
    }

    /// The value that was written at a place.
    pub(super) fn value(&self, span: Span) -> Option<&Value> {
        self.values.get(&span)
    }

    /// The date of a question of membership at a place; missing if it is that of each event.
    pub(super) fn membership(&self, span: Span) -> Option<&Value> {
        self.memberships.get(&span)
    }

    fn plan(&mut self, mut plan: Plan) {
        plan.node.expressions_mut().into_iter().for_each(|expr| self.expression(expr));
        plan.inputs.into_iter().for_each(|input| self.plan(input));
    }

    fn expression(&mut self, expr: &mut Expr) {
        match &expr.kind {
            ExprKind::Literal(value) => drop(self.values.entry(expr.span).or_insert_with(|| value.clone())),
            ExprKind::IsMember { on, .. } => {
                let said = if let ExprKind::Literal(date) = &on.kind { date.clone() } else { Value::Missing };
                self.memberships.entry(expr.span).or_insert(said);
            }
            ExprKind::Scalar(plan) | ExprKind::Column1(plan) => self.plan((**plan).clone()),
            _ => {}
        }
        expr.parts_mut().into_iter().for_each(|part| self.expression(part));
    }
}
