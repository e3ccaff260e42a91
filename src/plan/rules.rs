//! The rules: each looks at the top of a plan and changes it, or gives it back.
//!
//! An expression that may fail is never asked about other rows than before: an error stays one, and none is added.

use crate::ir::plan::{Comparison, Expr, ExprKind, Node, Plan};
use crate::store::Store;
use crate::value::{Period, Value};

/// `sort a | where P` is `where P | sort a`.
pub(super) fn filter_before_sort(_: &Store, mut plan: Plan) -> Result<Plan, Plan> {
    let is_movable = matches!(plan.node, Node::Filter { .. })
        && matches!(&plan.inputs[..], [Plan { node: Node::Sort { keys }, .. }] if keys.iter().all(|key| key.value.is_safe()));
    if !is_movable {
        return Err(plan);
    }
    let mut sort = plan.inputs.remove(0);
    let filtered = sort.inputs.remove(0).then_same(plan.node);
    Ok(filtered.then(sort.node, sort.columns))
}

/// `derive x = … | where P` is `where P | derive x = …`, with what `x` stands for in `P`.
pub(super) fn filter_before_project(_: &Store, mut plan: Plan) -> Result<Plan, Plan> {
    let values = match (&plan.node, &plan.inputs[..]) {
        (Node::Filter { .. }, [Plan { node: Node::Project { values }, .. }]) if values.iter().all(Expr::is_safe) => {
            values.clone()
        }
        _ => return Err(plan),
    };
    let mut project = plan.inputs.remove(0);
    plan.node.expressions_mut().into_iter().for_each(|predicate| substitute(predicate, &values));
    let filtered = project.inputs.remove(0).then_same(plan.node);
    Ok(filtered.then(project.node, project.columns))
}

/// `select … | take 3` is `take 3 | select …`.
pub(super) fn slice_before_project(_: &Store, mut plan: Plan) -> Result<Plan, Plan> {
    let is_movable = matches!(plan.node, Node::Slice { .. })
        && matches!(&plan.inputs[..], [Plan { node: Node::Project { values }, .. }] if values.iter().all(Expr::is_safe));
    if !is_movable {
        return Err(plan);
    }
    let mut project = plan.inputs.remove(0);
    let sliced = project.inputs.remove(0).then_same(plan.node);
    Ok(sliced.then(project.node, project.columns))
}

/// `sort a | take 3` is `top 3 by a`.
pub(super) fn top_for_sort_and_slice(_: &Store, mut plan: Plan) -> Result<Plan, Plan> {
    let (count, keys) = match (&plan.node, &plan.inputs[..]) {
        (Node::Slice { skip: 0, take: Some(count) }, [Plan { node: Node::Sort { keys }, .. }]) => {
            (*count, keys.clone())
        }
        _ => return Err(plan),
    };
    let input = plan.inputs.remove(0).inputs.remove(0);
    Ok(input.then_same(Node::Top { count, keys, per: None }))
}

/// `sort a | count by b` is `count by b`.
pub(super) fn count_without_sort(_: &Store, mut plan: Plan) -> Result<Plan, Plan> {
    let counts = match (&plan.node, &plan.inputs[..]) {
        (Node::Group { aggregates, .. }, [Plan { node: Node::Sort { keys }, .. }]) => {
            aggregates.iter().all(|aggregate| aggregate.function == "count")
                && keys.iter().all(|key| key.value.is_safe())
        }
        _ => false,
    };
    if !counts {
        return Err(plan);
    }
    let input = plan.inputs.remove(0).inputs.remove(0);
    Ok(input.then(plan.node, plan.columns))
}

/// `where date >= 2024-05` reads the rows from there on, where rows stand in the order of exact dates.
pub(super) fn period_of_scan(store: &Store, mut plan: Plan) -> Result<Plan, Plan> {
    let (Node::Filter { predicates, .. }, [Plan { node: Node::Scan(scan), .. }]) = (&plan.node, &mut plan.inputs[..])
    else {
        return Err(plan);
    };
    let Some(date) = store.date_of(&store.tables[scan.table]).filter(|_| scan.period.is_none()) else {
        return Err(plan);
    };
    let mut period = Period::ALWAYS;
    for predicate in predicates {
        if let Some(within) = days_of(predicate, date) {
            period.first = period.first.max(within.first);
            period.last = period.last.min(within.last);
        } else if !predicate.is_safe() {
            break;
        }
    }
    if period == Period::ALWAYS || store.ordered_by(scan.table) != Some(date) {
        return Err(plan);
    }
    scan.period = Some(period);
    Ok(plan)
}

/// The days that a condition on the date alone allows.
fn days_of(predicate: &Expr, date: usize) -> Option<Period> {
    let ExprKind::Compare { operator, left, right, .. } = &predicate.kind else { return None };
    let (ExprKind::Column(place), ExprKind::Literal(Value::Period(period))) = (&left.kind, &right.kind) else {
        return None;
    };
    if *place != date {
        return None;
    }
    Some(match operator {
        Comparison::Equal => *period,
        Comparison::Less => Period { first: i32::MIN, last: period.first.checked_sub(1)? },
        Comparison::LessOrEqual => Period { first: i32::MIN, last: period.last },
        Comparison::Greater => Period { first: period.last.checked_add(1)?, last: i32::MAX },
        Comparison::GreaterOrEqual => Period { first: period.first, last: i32::MAX },
        _ => return None,
    })
}

/// Puts in the place of each column what it stands for.
fn substitute(expr: &mut Expr, values: &[Expr]) {
    if let ExprKind::Column(place) = expr.kind {
        let span = expr.span;
        *expr = Expr { span, ..values[place].clone() };
        return;
    }
    expr.parts_mut().into_iter().for_each(|part| substitute(part, values));
}
