//! Plans whose rows say whether they are of one event.

use crate::ir::plan::{Comparison, Expr, ExprKind, Node, Plan, PlanColumn};
use crate::span::Span;
use crate::value::{Base, Type, Value};

/// A plan with one column more, the first: whether a row is of the event.
pub(super) struct Marked(pub Plan);

pub(super) fn is_marked(row: &[Value]) -> bool {
    row.first() == Some(&Value::Bool(true))
}

pub(super) fn column(place: usize, of: Type) -> Expr {
    Expr { kind: ExprKind::Column(place), of, span: Span::default() }
}

pub(super) fn mark() -> Expr {
    column(0, Type::one(Base::Bool))
}

pub(super) fn falsehood() -> Expr {
    Expr::literal(Value::Bool(false), Type::one(Base::Bool), Span::default())
}

/// Whether a column is a value, or one of those of a list.
pub(super) fn equal(place: usize, of: Type, value: &Value) -> Expr {
    let left = Box::new(column(place, of));
    let kind = if value.is_missing() {
        ExprKind::IsMissing(left)
    } else {
        let right = Box::new(Expr::literal(value.clone(), of, Span::default()));
        ExprKind::Compare { operator: Comparison::Equal, left, right, every: false }
    };
    Expr { kind, of: Type::one(Base::Bool), span: Span::default() }
}

/// A plan with a first column more.
pub(super) fn marked(plan: Plan, by: Expr) -> Marked {
    let own = plan.columns.iter().enumerate().map(|(place, of)| column(place, of.of));
    let values = std::iter::once(by).chain(own).collect();
    let columns = marked_columns(&plan.columns);
    Marked(plan.then(Node::Project { values }, columns))
}

fn marked_columns(columns: &[PlanColumn]) -> Vec<PlanColumn> {
    let mark = PlanColumn { name: String::new(), of: Type::one(Base::Bool) };
    std::iter::once(mark).chain(columns.iter().cloned()).collect()
}

/// A plan whose rows are marked where these columns have the values of one of the rows.
pub(super) fn marked_by_values(plan: &Plan, columns: &[usize], rows: &[Vec<Value>]) -> Marked {
    let of = Type::one(Base::Bool);
    let row = |row: &Vec<Value>| {
        let equals = columns.iter().zip(row).map(|(&place, value)| equal(place, plan.columns[place].of, value));
        Expr { kind: ExprKind::And(equals.collect()), of, span: Span::default() }
    };
    let any = ExprKind::Or(rows.iter().map(row).collect());
    marked(plan.clone(), if rows.is_empty() { falsehood() } else { Expr { kind: any, of, span: Span::default() } })
}

/// An expression over rows with the mark before their columns.
pub(super) fn shifted(mut expr: Expr) -> Expr {
    shift(&mut expr);
    expr
}

fn shift(expr: &mut Expr) {
    if let ExprKind::Column(place) = &mut expr.kind {
        *place += 1;
    }
    expr.parts_mut().into_iter().for_each(shift);
}

/// What a node that keeps the columns of its first input makes of it with the mark.
pub(super) fn passed_on(plan: &Plan, before: Marked) -> Marked {
    let mut node = plan.node.clone();
    match &mut node {
        Node::Near { on, dates, places, .. } => {
            on.iter_mut().for_each(|(one, _)| shift(one));
            shift(&mut dates.0);
            places.iter_mut().for_each(|(one, _)| shift(one));
        }
        Node::Join { on, .. } => on.iter_mut().for_each(|(one, _)| shift(one)),
        Node::Expand { column } | Node::Share { column } => *column += 1,
        node => node.expressions_mut().into_iter().for_each(shift),
    }
    if let Node::Project { values } = &mut node {
        values.insert(0, mark());
    }
    let inputs = std::iter::once(before.0).chain(plan.inputs.iter().skip(1).cloned()).collect();
    Marked(Plan { node, inputs, columns: marked_columns(&plan.columns) })
}
