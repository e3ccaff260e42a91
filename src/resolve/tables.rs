//! Stages of two tables: what follows or precedes a row, rows in both or either, rows that agree.

use super::Resolver;
use super::query::domain_of;
use super::scope::{Relation, Scope};
use super::stage::wrapped;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::ast::{self, Combination, Query, Side};
use crate::ir::plan::{Expr, Node, PlanColumn};
use crate::span::Span;
use crate::store::EVENTS;
use crate::value::{Base, Type};

impl Resolver<'_> {
    /// `followed by Q within D [on a]`, `preceded by Q within D [on a]`
    pub(super) fn near(
        &mut self,
        mut relation: Relation,
        side: Side,
        query: &Query,
        (within, on): (&ast::Expr, &[ast::Expr]),
        span: Span,
    ) -> Option<Relation> {
        let (word, names) = match side {
            Side::After => ("followed by", ["next", "followed"]),
            Side::Before => ("preceded by", ["previous", "preceded"]),
        };
        let other = self.query(query)?;
        let within = self.duration_of(within)?;
        let dates = (self.date_of(&relation.scope, span, word)?, self.date_of(&other.scope, query.span, word)?);
        let on = self.agreeing(&relation.scope, &other.scope, on)?;
        if let Some(name) = names.iter().find(|name| relation.scope.names().any(|other| other == **name)) {
            return self.two_columns(name, span);
        }
        let event = |scope: &Scope| event_of(scope);
        let places = event(&relation.scope).zip(event(&other.scope));
        let shown = event(&other.scope).unwrap_or_else(|| dates.1.clone());
        let store = self.world.store;
        let end = store.about.as_of.or_else(|| store.last_day());
        relation.scope.add(names[0], shown.of);
        relation.scope.add(names[1], Type::one(Base::Text));
        let columns = relation.scope.columns.clone();
        let node = Node::Near { side, within, on, dates, places, shown, end };
        let mut plan = relation.plan.then(node, columns);
        plan.inputs.push(other.plan);
        Some(Relation { plan, scope: relation.scope })
    }

    /// What each of two tables calls the same.
    fn agreeing(&mut self, left: &Scope, right: &Scope, on: &[ast::Expr]) -> Option<Vec<(Expr, Expr)>> {
        let mut pairs = Vec::new();
        for key in on {
            let (one, other) = (self.expression(key, left), self.expression(key, right));
            let (one, other) = (one?, other?);
            let same = match (one.of.base, other.of.base) {
                (Base::Coded(one), Base::Coded(other)) => one == other,
                _ => one.of.join(other.of).is_some(),
            };
            if !same {
                let (one, other) = (self.a(one.of), self.a(other.of));
                let message = format!("here it is {one}, there {other}");
                return self.mismatch(key.span, message, "both tables must hold the same under this name");
            }
            pairs.push((one, other));
        }
        Some(pairs)
    }

    /// `union Q`, `intersect Q`, `except Q`
    pub(super) fn combine(
        &mut self,
        relation: Relation,
        how: Combination,
        query: &Query,
        span: Span,
    ) -> Option<Relation> {
        let other = self.query(query)?;
        if relation.scope.table.is_some()
            && relation.scope.table == other.scope.table
            && relation.scope.columns == other.scope.columns
        {
            let mut plan = relation.plan.then_same(Node::Combine(how));
            plan.inputs.push(other.plan);
            return Some(Relation { plan, scope: relation.scope });
        }
        let is_pivoted = relation.scope.is_pivoted || other.scope.is_pivoted;
        let (left, right) = (relation.shown(false), other.shown(false));
        if left.columns != right.columns || is_pivoted {
            let list = |columns: &[PlanColumn]| {
                let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
                names.join(", ")
            };
            let message =
                format!("the tables have other columns: {} and {}", list(&left.columns), list(&right.columns));
            let help = "`select` the same columns of both";
            return self.fail(Diagnostic::new(Code::STAGE_MISMATCH, span, message).help(help));
        }
        let columns = left.columns.clone();
        let is_date = |column: &PlanColumn| column.name == "date" && column.of == Type::one(Base::Date);
        let scope = Scope { date: columns.iter().position(is_date), columns: columns.clone(), ..Scope::default() };
        let mut plan = left.then(Node::Combine(how), columns);
        plan.inputs.push(right);
        Some(Relation { plan, scope })
    }

    /// `join Q on a`
    pub(super) fn join(&mut self, mut relation: Relation, query: &Query, on: &[ast::Expr]) -> Option<Relation> {
        let other = self.query(query)?;
        let pairs = self.agreeing(&relation.scope, &other.scope, on)?;
        let is_key = |name: &str| {
            on.iter()
                .any(|key| matches!(&*key.kind, ast::ExprKind::Name(key) | ast::ExprKind::Field(key) if key == name))
        };
        let mut take = Vec::new();
        for (name, value) in other.scope.shown().into_iter().filter(|(name, _)| !is_key(name)) {
            let is_taken = |scope: &Scope, name: &str| scope.names().any(|other| other == name);
            let mut free = name.clone();
            let mut number = 2;
            while is_taken(&relation.scope, &free) {
                free = format!("{name}_{number}");
                number += 1;
            }
            let name = free;
            relation.scope.add(&name, value.of);
            take.push(value);
        }
        // A group with several rows of the other table is several rows.
        relation.scope.groups = None;
        let scope = relation.scope.clone();
        let mut joined = wrapped(relation, Node::Join { on: pairs, take });
        joined.plan.inputs.push(other.plan);
        Some(Relation { plan: joined.plan, scope })
    }
}

/// The column in which a row is an event.
pub(super) fn event_of(scope: &Scope) -> Option<Expr> {
    let place = scope.columns.iter().position(|column| column.name == "id" && !column.of.many)?;
    let column = scope.column(place, Span::default());
    (scope.table == Some(EVENTS) && domain_of(&column).is_some()).then_some(column)
}
