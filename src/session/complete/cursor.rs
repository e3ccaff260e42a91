//! Where in a syntax tree a mark stands, and what kind of thing could stand there. It looks no name up.

use crate::ir::ast::{BinaryOperator, Clause, Column, Condition, Expr, ExprKind, LetBody, Query, Sequence, Source};
use crate::ir::ast::{Stage, Statement, StatementKind};
use crate::span::Spanned;

/// The name that stands for what is to be completed.
pub(super) const MARK: &str = "mark_of_the_cursor";

/// Where the mark stands.
#[derive(Debug, Clone)]
pub(super) struct Cursor {
    /// The query whose rows an expression there is about; none for an expression on its own.
    pub(super) rows: Option<Query>,
    /// What could stand there.
    pub(super) role: Role,
}

/// What could stand at the mark.
#[derive(Debug, Clone)]
pub(super) enum Role {
    /// A source: `▮ | count`.
    Source,
    /// Whose side: `of ▮`.
    Side,
    /// Who: `with ▮`.
    Participant,
    /// Where: `in ▮`.
    Place,
    /// When: `since ▮`, `as of ▮`.
    Time,
    /// A predicate: `where ▮`.
    Predicate,
    /// What an expression is compared with: `venue = ▮`.
    Compared(Expr),
    /// What an expression is in: `country in ▮`.
    Member(Expr),
    /// A field of what an expression is: `leader.▮`.
    Path(Expr),
    /// A field for certain: `.▮`.
    Field,
    /// An aggregate: `summarize n = ▮`.
    Aggregate,
    /// The argument of an aggregate: `count(▮)`.
    Argument,
    /// Any value: `select ▮`.
    Value,
}

/// The place of the mark in a statement.
pub(super) fn find(statement: &Statement) -> Option<Cursor> {
    match &statement.kind {
        StatementKind::Query(query) | StatementKind::Let { body: LetBody::Query(query), .. } => in_query(query),
        StatementKind::Let { body: LetBody::Expr(expr), .. } => in_expr(expr, Role::Value, None),
        StatementKind::Expect { predicate, .. } => in_expr(predicate, Role::Predicate, None),
        StatementKind::Use(_) => None,
    }
}

fn in_query(query: &Query) -> Option<Cursor> {
    let found = match &query.source.node {
        Source::Name(name) if name == MARK => return Some(Cursor { rows: None, role: Role::Source }),
        Source::Query(inner) => in_query(inner),
        Source::Call(_, arguments) => each(arguments, &Role::Value, None),
        Source::Sequence(sequence) => in_sequence(sequence),
        _ => None,
    };
    let in_clauses = || {
        query.clauses.iter().enumerate().find_map(|(place, clause)| {
            let mut others = Query { stages: Vec::new(), ..query.clone() };
            others.clauses.remove(place);
            in_clause(clause, &others)
        })
    };
    let in_stages = || {
        query.stages.iter().enumerate().find_map(|(place, stage)| {
            let before = Query { stages: query.stages[..place].to_vec(), ..query.clone() };
            in_stage(&stage.node, &before)
        })
    };
    found.or_else(in_clauses).or_else(in_stages)
}

/// A key is about the events of the first step.
fn in_sequence(sequence: &Sequence) -> Option<Cursor> {
    let queries = || sequence.steps.iter().map(|step| &step.query).chain(&sequence.until);
    let in_keys = || each(&sequence.by, &Role::Value, queries().next());
    queries().find_map(in_query).or_else(in_keys)
}

fn in_clause(clause: &Spanned<Clause>, rows: &Query) -> Option<Cursor> {
    let rows = Some(rows);
    match &clause.node {
        Clause::Of(side) => in_expr(side.as_ref()?, Role::Side, rows),
        Clause::With(who) => in_expr(who, Role::Participant, rows),
        Clause::In(place) => in_expr(place, Role::Place, rows),
        Clause::Where(Condition { predicate, .. }) => in_expr(predicate, Role::Predicate, rows),
        Clause::Since(when) | Clause::Until(when) | Clause::Before(when) | Clause::After(when) => {
            in_expr(when, Role::Time, rows)
        }
        Clause::During(when) => in_expr(when, Role::Time, rows),
    }
}

fn in_stage(stage: &Stage, rows: &Query) -> Option<Cursor> {
    let rows = Some(rows);
    let columns =
        |columns: &[Column], role: &Role| columns.iter().find_map(|column| in_expr(&column.value, role.clone(), rows));
    let key = |per: &Option<Expr>| per.as_ref().and_then(|per| in_expr(per, Role::Value, rows));
    match stage {
        Stage::Where(condition) => in_expr(&condition.predicate, Role::Predicate, rows),
        Stage::Select(given) | Stage::Derive(given) | Stage::Distinct(given) | Stage::Count(given) => {
            columns(given, &Role::Value)
        }
        Stage::Sort(keys) => keys.iter().find_map(|key| in_expr(&key.value, Role::Value, rows)),
        Stage::Top { by, per, .. } => in_expr(&by.value, Role::Value, rows).or_else(|| key(per)),
        Stage::First { per, .. } | Stage::Last { per, .. } => key(per),
        Stage::Expand(list) => in_expr(list, Role::Value, rows),
        Stage::Summarize { aggregates, by } => {
            let computed = || {
                aggregates.iter().find_map(|column| match &*column.value.kind {
                    ExprKind::Call { arguments, .. } => each(arguments, &Role::Argument, rows),
                    _ => in_expr(&column.value, Role::Aggregate, rows),
                })
            };
            computed().or_else(|| columns(by, &Role::Value))
        }
        Stage::Gap(keys) => each(keys, &Role::Value, rows),
        _ => None,
    }
}

fn each(exprs: &[Expr], role: &Role, rows: Option<&Query>) -> Option<Cursor> {
    exprs.iter().find_map(|expr| in_expr(expr, role.clone(), rows))
}

/// The place of the mark in an expression; `role` is what it would have as all of it.
fn in_expr(expr: &Expr, role: Role, rows: Option<&Query>) -> Option<Cursor> {
    let here = |role: Role| Some(Cursor { rows: rows.cloned(), role });
    let one = |expr: &Expr, role: Role| in_expr(expr, role, rows);
    match &*expr.kind {
        ExprKind::Name(name) if name == MARK => here(role),
        ExprKind::Field(name) if name == MARK => here(Role::Field),
        ExprKind::Path(base, name) if name.node == MARK => here(Role::Path(base.clone())),
        ExprKind::Path(base, _) => one(base, Role::Value),
        ExprKind::Not(inner) | ExprKind::Every(inner) | ExprKind::Negate(inner) => one(inner, role),
        ExprKind::Is(_, inner) => one(inner, Role::Predicate),
        ExprKind::Binary(operator, left, right) => {
            let (left_role, right_role) = match operator {
                BinaryOperator::And | BinaryOperator::Or => (role.clone(), role),
                BinaryOperator::Add | BinaryOperator::Subtract => (Role::Value, Role::Value),
                BinaryOperator::Multiply | BinaryOperator::Divide | BinaryOperator::Remainder => {
                    (Role::Value, Role::Value)
                }
                _ => (Role::Predicate, Role::Compared(left.clone())),
            };
            one(left, left_role).or_else(|| one(right, right_role))
        }
        ExprKind::Between(_, value, low, high) => one(value, Role::Predicate)
            .or_else(|| one(low, Role::Compared(value.clone())))
            .or_else(|| one(high, Role::Compared(value.clone()))),
        ExprKind::In { value, within, as_of, .. } => one(value, Role::Predicate)
            .or_else(|| one(within, Role::Member(value.clone())))
            .or_else(|| one(as_of.as_ref()?, Role::Time)),
        ExprKind::Range(low, high) => low.iter().chain(high).find_map(|end| one(end, role.clone())),
        ExprKind::List(items) => each(items, &role, rows),
        ExprKind::Call { arguments, .. } => each(arguments, &Role::Value, rows),
        ExprKind::Query(query) => in_query(query),
        _ => None,
    }
}
