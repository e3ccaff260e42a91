//! Stages of series: groups spread out, empty buckets filled in, aggregates over the time before a row.

use super::Resolver;
use super::scope::{Groups, Relation};
use super::stage::{same_columns, wrapped};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::ast::{self, Column};
use crate::ir::plan::{Aggregate, ExprKind, Node};
use crate::span::Span;
use crate::value::{Base, Duration, Type, Value};

impl Resolver<'_> {
    /// `pivot a`
    pub(super) fn pivot(&mut self, relation: Relation, key: &ast::Expr, span: Span) -> Option<Relation> {
        let Relation { plan, mut scope } = relation;
        let Some(groups) = scope.groups.clone().filter(|groups| !groups.keys.is_empty()) else {
            let help = "such as `count by region, venue | pivot venue`";
            let message = "`pivot` needs rows that are groups";
            return self.fail(Diagnostic::new(Code::STAGE_MISMATCH, span, message).help(help));
        };
        let resolved = self.expression(key, &scope)?;
        let keys: Vec<usize> = groups.keys.iter().map(|(column, _)| *column).collect();
        let place = match resolved.kind {
            ExprKind::Column(place) if keys.contains(&place) => place,
            _ => {
                let names: Vec<String> = keys.iter().map(|&key| format!("`{}`", scope.columns[key].name)).collect();
                let message = "`pivot` takes a key of the groups";
                let help = format!("the keys are {}", names.join(", "));
                return self.fail(Diagnostic::new(Code::STAGE_MISMATCH, key.span, message).help(help));
            }
        };
        let rows: Vec<usize> = keys.into_iter().filter(|&key| key != place).collect();
        let shown = |column: &usize| {
            scope.show.as_ref().is_none_or(|show| show.contains(&scope.columns[*column].name))
                && scope.source != Some(*column)
        };
        let value = (0..scope.columns.len()).rev().find(|column| !groups.is_key(*column) && shown(column));
        let Some(value) = value else {
            let message = "`pivot` needs a value for its cells";
            return self.fail(Diagnostic::new(Code::STAGE_MISMATCH, span, message).help("such as `count by a, b`"));
        };
        let absent = absent(&groups, value, scope.columns[value].of);
        let bucket = |column: usize| groups.keys.iter().find(|(key, _)| *key == column).and_then(|(_, bucket)| *bucket);
        let left = Groups {
            keys: rows.iter().enumerate().map(|(at, &row)| (at, bucket(row))).collect(),
            counts: Vec::new(),
            absent: Some(absent.clone()),
        };
        scope.columns = rows.iter().map(|&row| scope.columns[row].clone()).collect();
        (scope.date, scope.end, scope.source, scope.table, scope.show) = (None, None, None, None, None);
        scope.derived.clear();
        (scope.groups, scope.is_pivoted) = (Some(left), true);
        let node = Node::Pivot { key: place, value, rows, absent };
        Some(wrapped(Relation { plan, scope }, node))
    }

    /// `fill [from D] [to D]`
    pub(super) fn fill(
        &mut self,
        relation: Relation,
        from: Option<&ast::Expr>,
        to: Option<&ast::Expr>,
        span: Span,
    ) -> Option<Relation> {
        let scope = &relation.scope;
        let found = scope.groups.as_ref().and_then(|groups| {
            groups.keys.iter().find_map(|(column, bucket)| Some((groups.clone(), *column, (*bucket)?)))
        });
        let Some((groups, time, bucket)) = found else {
            let help = "such as `count by month | fill`";
            let message = "`fill` needs groups by a part of the date";
            return self.fail(Diagnostic::new(Code::STAGE_MISMATCH, span, message).help(help));
        };
        let mut day = |expr: Option<&ast::Expr>, last: bool| -> Option<Option<i32>> {
            let Some(expr) = expr else { return Some(None) };
            match self.period(expr)?.kind {
                ExprKind::Literal(Value::Period(period)) if period.first > i32::MIN && period.last < i32::MAX => {
                    Some(Some(if last { period.last } else { period.first }))
                }
                _ => self.mismatch(
                    expr.span,
                    "`fill` goes from a date to a date",
                    "such as `fill from 2024-01 to 2024-12`",
                ),
            }
        };
        let within = (day(from, false)?, day(to, true)?);
        let columns = (0..scope.columns.len()).map(|column| absent(&groups, column, scope.columns[column].of));
        let absent = columns.chain([groups.absent.clone().unwrap_or(Value::Missing)]).collect();
        let keys = groups.keys.iter().map(|(column, _)| *column).collect();
        Some(same_columns(relation, Node::Fill { keys, time, bucket, within, absent }))
    }

    /// `rolling D agg [by a]`
    pub(super) fn rolling(
        &mut self,
        mut relation: Relation,
        window: &ast::Expr,
        aggregates: &[Column],
        by: &[ast::Expr],
        span: Span,
    ) -> Option<Relation> {
        let window = self.duration_of(window)?;
        let date = self.date_of(&relation.scope, span, "rolling")?;
        let keys = self.single_keys(&mut relation, by, "rolling … by")?;
        let aggregates = self.windowed(&mut relation, aggregates)?;
        Some(wrapped(relation, Node::Rolling { window, keys, date, aggregates }))
    }

    /// `running agg [by a]`
    pub(super) fn running(
        &mut self,
        mut relation: Relation,
        aggregates: &[Column],
        by: &[ast::Expr],
    ) -> Option<Relation> {
        let keys = self.single_keys(&mut relation, by, "running … by")?;
        let aggregates = self.windowed(&mut relation, aggregates)?;
        Some(wrapped(relation, Node::Running { keys, aggregates }))
    }

    /// Aggregates, each a column more.
    fn windowed(&mut self, relation: &mut Relation, columns: &[Column]) -> Option<Vec<Aggregate>> {
        let named: Vec<Option<_>> = columns.iter().map(|column| self.aggregate(column, &relation.scope)).collect();
        let named: Vec<(String, Aggregate, Type)> = named.into_iter().collect::<Option<_>>()?;
        for ((name, _, of), column) in named.iter().zip(columns) {
            if relation.scope.names().any(|other| other == name) {
                return self.two_columns(name, column.value.span);
            }
            relation.scope.add(name, *of);
        }
        Some(named.into_iter().map(|(_, aggregate, _)| aggregate).collect())
    }

    /// A length of time that stands for itself.
    pub(super) fn duration_of(&mut self, expr: &ast::Expr) -> Option<Duration> {
        let value = self.expression(expr, &super::scope::Scope::default())?;
        match value.kind {
            ExprKind::Literal(Value::Duration(duration)) if duration.nominal() >= 0.0 => Some(duration),
            _ if value.of == Type::one(Base::Duration) => {
                self.mismatch(expr.span, "the length of time must be known before the query runs", "such as `30 days`")
            }
            _ => {
                let found = self.a(value.of);
                self.mismatch(expr.span, format!("expected a length of time, found {found}"), "such as `30 days`")
            }
        }
    }
}

impl Groups {
    /// The same where a column is no count any more.
    pub(super) fn without(mut self, column: usize) -> Self {
        self.counts.retain(|count| *count != column);
        self
    }

    pub(super) fn is_key(&self, column: usize) -> bool {
        self.keys.iter().any(|(key, _)| *key == column)
    }
}

/// What stands in a column for a group without rows.
fn absent(groups: &Groups, column: usize, of: Type) -> Value {
    match (groups.counts.contains(&column), of.base) {
        (true, Base::Float) => Value::Float(0.0),
        (true, _) => Value::Int(0),
        (false, _) => Value::Missing,
    }
}
