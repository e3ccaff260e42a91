//! Stages of the network that events make of those who take part: pairs, and chains of events.

use super::Resolver;
use super::query::domain_of;
use super::scope::{Relation, Scope};
use super::tables::event_of;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::ast;
use crate::ir::plan::{Expr, ExprKind, Node, PlanColumn};
use crate::span::Span;
use crate::value::{Base, Type, Value};

impl Resolver<'_> {
    /// `links`
    pub(super) fn links(&mut self, relation: Relation, span: Span) -> Option<Relation> {
        let members = self.members(&relation.scope, span)?;
        let date = self.date_of(&relation.scope, span, "links")?;
        let one = Type { many: false, ..members.of };
        let mut columns = vec![("one", one), ("other", one), ("count", Type::one(Base::Int))];
        columns.extend([("first", Type::one(Base::Date)), ("last", Type::one(Base::Date))]);
        let sources = relation.scope.source.filter(|_| self.cites);
        let sources = sources.map(|place| relation.scope.column(place, span));
        columns.extend(sources.iter().map(|sources| ("source", sources.of)));
        let node = Node::Links { members, date, sources };
        Some(made(relation, node, &columns))
    }

    /// `path from X to Y`
    pub(super) fn path(
        &mut self,
        relation: Relation,
        from: &ast::Expr,
        to: &ast::Expr,
        span: Span,
    ) -> Option<Relation> {
        let members = self.members(&relation.scope, span)?;
        let date = self.date_of(&relation.scope, span, "path")?;
        let (from, to) = (self.member_named(from, &members)?, self.member_named(to, &members)?);
        let one = Type { many: false, ..members.of };
        let mut columns = vec![("step", Type::one(Base::Int)), ("one", one), ("other", one)];
        let mut shown = vec![("date", date)];
        shown.extend(relation.scope.field("place", span).map(|place| ("place", place)));
        shown.extend(event_of(&relation.scope).map(|event| ("event", event)));
        let source = relation.scope.source.filter(|_| self.cites);
        shown.extend(source.map(|place| ("source", relation.scope.column(place, span))));
        columns.extend(shown.iter().map(|(name, value)| (*name, value.of)));
        let shown = shown.into_iter().map(|(_, value)| value).collect();
        Some(made(relation, Node::Path { members, from, to, shown }, &columns))
    }

    /// Those who took part in an event: its participants, or the two sides of a plain table.
    fn members(&mut self, scope: &Scope, span: Span) -> Option<Expr> {
        if let Some(members) = scope.field("participants", span).filter(|members| members.of.many) {
            return Some(members);
        }
        match (scope.field("actor", span), scope.field("target", span)) {
            (Some(actor), Some(target)) if actor.of == target.of => {
                let of = Type { many: true, ..actor.of };
                Some(Expr { kind: ExprKind::List(vec![actor, target]), of, span })
            }
            _ => {
                let message = "these rows do not say who took part";
                let help = "`links` and `path` go with events that have participants, or an actor and a target";
                self.fail(Diagnostic::new(Code::STAGE_MISMATCH, span, message).help(help))
            }
        }
    }

    fn member_named(&mut self, name: &ast::Expr, members: &Expr) -> Option<Value> {
        let value = self.expecting(name, &Scope::default(), domain_of(members));
        let value = match (value, self.word(name), members.of.base) {
            (_, Some(word), Base::Text) => return Some(Value::text(word)),
            (value, ..) => value?,
        };
        match value.kind {
            ExprKind::Literal(value) if !matches!(value, Value::List(_)) => Some(value),
            _ => self.mismatch(name.span, "`path` goes from one name to another", "such as `path from Orban to Modi`"),
        }
    }
}

/// A table of its own columns.
fn made(relation: Relation, node: Node, columns: &[(&str, Type)]) -> Relation {
    let columns: Vec<PlanColumn> =
        columns.iter().map(|(name, of)| PlanColumn { name: (*name).to_owned(), of: *of }).collect();
    let place = |name: &str| columns.iter().position(|column| column.name == name);
    let source = place("source");
    let show = source.map(|source| {
        let others = columns.iter().enumerate().filter(|(place, _)| *place != source);
        others.map(|(_, column)| column.name.clone()).collect()
    });
    let scope = Scope { columns: columns.clone(), date: place("date"), source, show, ..Scope::default() };
    Relation { plan: relation.plan.then(node, columns), scope }
}
