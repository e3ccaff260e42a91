//! Sources and clauses.

use super::Resolver;
use super::scope::{Relation, Scope};
use super::suggest::an;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::ast::{self};
use crate::ir::ast::{Clause, Condition, LetBody, Query, Source, Stage};
use crate::ir::plan::{Comparison, Expr, ExprKind, Node, Plan, PlanColumn, Scan, Sides, Status};
use crate::span::{Span, Spanned};
use crate::store::EVENTS;
use crate::value::{Base, Type, Value};

impl Resolver<'_> {
    /// A query with its clauses and stages.
    pub(super) fn query(&mut self, query: &Query) -> Option<Relation> {
        // A picture has its sources under it, where the data set says what they are.
        let has_works = !self.world.store.about.sources.is_empty();
        let cites = query.stages.iter().any(|stage| match stage.node {
            Stage::Render(_) => has_works,
            Stage::Cite => true,
            _ => false,
        });
        let outer = (self.speaks_of_status, self.cites);
        self.speaks_of_status = false;
        self.cites |= cites;
        let relation = self.deeper(1, query.span, |resolver| resolver.query_inside(query));
        let speaks = self.speaks_of_status;
        (self.speaks_of_status, self.cites) = outer;
        relation.map(|mut relation| {
            if speaks && let Some(scan) = relation.plan.scan_mut() {
                scan.status = Status::Any;
            }
            relation
        })
    }

    /// The rows that a query counts or sums at its end, or gives, where an expression is made of one.
    pub(super) fn rows_behind(&mut self, expr: &ast::Expr) -> Option<Relation> {
        match &*expr.kind {
            ast::ExprKind::Query(query) => {
                let mut query = query;
                while let (Source::Query(inner), [], []) = (&query.source.node, &*query.clauses, &*query.stages) {
                    query = inner;
                }
                let mut query = query.clone();
                let is_total = |stage: &Spanned<Stage>| match &stage.node {
                    Stage::Count(by) | Stage::Summarize { by, .. } => by.is_empty(),
                    _ => false,
                };
                query.stages.pop_if(|stage| is_total(stage));
                self.query(&query)
            }
            ast::ExprKind::Name(name) => {
                let binding = self.environment.get(name).cloned()?;
                let body = match &binding.body {
                    LetBody::Query(query) => ast::Expr::new(ast::ExprKind::Query(query.clone()), expr.span),
                    LetBody::Expr(expr) => expr.clone(),
                };
                self.inside_let(&binding, &[], expr.span, |inside| inside.rows_behind(&body))
            }
            ast::ExprKind::Call { name, arguments, .. } => {
                let binding = self.environment.get(&name.node).cloned()?;
                let LetBody::Query(query) = &binding.body else { return None };
                let body = ast::Expr::new(ast::ExprKind::Query(query.clone()), expr.span);
                self.inside_let(&binding, arguments, expr.span, |inside| inside.rows_behind(&body))
            }
            ast::ExprKind::Negate(one) => self.rows_behind(one),
            ast::ExprKind::Binary(_, left, right) => self.rows_behind(left).or_else(|| self.rows_behind(right)),
            _ => None,
        }
    }

    fn query_inside(&mut self, query: &Query) -> Option<Relation> {
        let side = query.clauses.iter().find_map(|clause| match &clause.node {
            Clause::Of(side) => Some((side, clause.span)),
            _ => None,
        });
        let mut relation = self.source(&query.source)?;
        if let Some((side, span)) = side {
            self.tell_from(&mut relation, side.as_ref(), span)?;
        }
        let mut sound = true;
        let mut predicates: Vec<Expr> = Vec::new();
        for clause in &query.clauses {
            match &clause.node {
                Clause::Of(_) => {}
                Clause::Where(condition) if condition.possibly => {
                    self.one_more_stage(clause.span)?;
                    match self.predicate(&condition.predicate, &relation.scope) {
                        Some(predicate) => relation = filtered(relation, vec![predicate], true),
                        None => sound = false,
                    }
                }
                other => match self.clause(other, clause.span, &relation.scope) {
                    Some(predicate) => predicates.extend(self.pin(conjuncts(predicate))),
                    None => sound = false,
                },
            }
        }
        if !predicates.is_empty() {
            relation = filtered(relation, predicates, false);
        }
        if !sound {
            // What a stage says of names is still worth telling.
            for stage in &query.stages {
                relation = self.stage(relation, stage, query)?;
            }
            return None;
        }
        for stage in &query.stages {
            relation = self.stage(relation, stage, query)?;
        }
        Some(relation)
    }

    /// A `where` as a stage.
    pub(super) fn condition(&mut self, relation: Relation, condition: &Condition) -> Option<Relation> {
        let predicate = self.predicate(&condition.predicate, &relation.scope)?;
        let predicates = self.pin(conjuncts(predicate));
        Some(filtered(relation, predicates, condition.possibly))
    }

    /// In the body of a `let`, what is told of predicates is told of its use.
    fn pin(&self, mut predicates: Vec<Expr>) -> Vec<Expr> {
        if let Some(span) = self.pinned {
            predicates.iter_mut().for_each(|predicate| predicate.span = span);
        }
        predicates
    }

    fn source(&mut self, source: &Spanned<Source>) -> Option<Relation> {
        match &source.node {
            Source::Invalid => None,
            Source::Query(query) => self.query(query),
            Source::Sequence(sequence) => self.sequence(sequence, source.span),
            Source::Name(name) => self.named_source(name, &[], source.span),
            Source::Call(name, arguments) => self.named_source(&name.node, arguments, source.span),
        }
    }

    fn named_source(&mut self, name: &str, arguments: &[ast::Expr], span: Span) -> Option<Relation> {
        if let Some(binding) = self.environment.get(name).cloned() {
            let LetBody::Query(query) = &binding.body else {
                let message = format!("`{name}` is a value, not a source of rows");
                let help = "a source is a query: `let term = meetings since 2024-05-07`";
                return self.fail(Diagnostic::new(Code::UNKNOWN_SOURCE, span, message).help(help));
            };
            return self.inside_let(&binding, arguments, span, |inside| inside.query(query));
        }
        if self.defining.as_deref() == Some(name) {
            return self.needs_itself(name, span);
        }
        let store = self.world.store;
        if let Some(code) = store.about.kinds.iter().position(|kind| kind.plural == name) {
            let mut kinds = vec![code as u32 + 1];
            let mut next = 0;
            while next < kinds.len() {
                let parent = kinds[next];
                let below = store.about.kinds.iter().enumerate().filter(|(_, kind)| kind.parent == parent);
                kinds.extend(below.map(|(place, _)| place as u32 + 1));
                next += 1;
            }
            return self.scan(EVENTS, Some(kinds), span);
        }
        if let Some(table) = store.tables.iter().position(|table| table.name == name) {
            return self.scan(table, None, span);
        }
        self.unknown_source(name, span)
    }

    fn scan(&mut self, table: usize, kinds: Option<Vec<u32>>, span: Span) -> Option<Relation> {
        let store = self.world.store;
        let stored = &store.tables[table];
        let columns: Vec<PlanColumn> =
            stored.fields.iter().map(|field| PlanColumn { name: field.name.clone(), of: field.of }).collect();
        let is_events = table == EVENTS;
        let time = |name: &str| stored.field(name).filter(|&field| stored.fields[field].of == Type::one(Base::Date));
        let sides = match store.about.focus {
            Some((_, focus)) if is_events => Sides::Of(vec![focus]),
            _ => Sides::Recorded,
        };
        let held = stored.field("status").filter(|_| is_events).and_then(|field| match stored.fields[field].of.base {
            Base::Coded(domain) => match store.domain(domain).find("held") {
                crate::store::Found::One(code) => Some(code),
                _ => None,
            },
            _ => None,
        });
        let status = held.map_or(Status::Any, Status::Only);
        let mut scope = Scope {
            columns: columns.clone(),
            date: time(store.about.date.as_deref().unwrap_or("date")).filter(|_| is_events),
            end: time("end").filter(|_| is_events),
            source: stored.field("source").filter(|&field| stored.fields[field].of == Type::many(Base::Text)),
            table: Some(table),
            show: Some(stored.show.clone()),
            ..Scope::default()
        };
        // Derived fields were written elsewhere: what is wrong with them is told at the source.
        let outer = (self.speaks_of_status, self.pinned);
        self.pinned = self.pinned.or(Some(span));
        for (name, expr) in self.world.derived.get(table).map_or(&[][..], Vec::as_slice) {
            let expected = stored.derived.iter().find(|field| field.name == *name).and_then(|field| field.of);
            if let Some(expr) = self.expecting(expr, &scope, expected) {
                scope.derived.push((name.clone(), expr));
            }
        }
        (self.speaks_of_status, self.pinned) = outer;
        Some(Relation { plan: Plan::scan(Scan { table, kinds, sides, status, period: None }, columns), scope })
    }

    fn tell_from(&mut self, relation: &mut Relation, side: Option<&ast::Expr>, span: Span) -> Option<()> {
        let actor = relation.scope.columns.iter().find(|column| column.name == "actor").map(|column| column.of.base);
        let (Some(Base::Coded(domain)), Some(EVENTS)) = (actor, relation.scope.table) else {
            return self.fail(
                Diagnostic::new(Code::NO_SIDES, span, "these rows have no sides to be told from")
                    .help("`of` goes with events: `meetings of Putin`"),
            );
        };
        let Some(side) = side else {
            tell(relation, Sides::Recorded);
            return Some(());
        };
        let side = self.expecting(side, &Scope::default(), Some(domain))?;
        let mut codes = Vec::new();
        for item in literal_items(&side) {
            match item {
                Some(Value::Coded(of, code)) if of == domain => codes.push(code),
                _ => {
                    let wanted = self.world.store.domain(domain).name.clone();
                    return self.mismatch(
                        side.span,
                        format!("`of` takes the name of {}", an(&wanted)),
                        "such as `meetings of Putin`",
                    );
                }
            }
        }
        tell(relation, Sides::Of(codes));
        Some(())
    }

    fn clause(&mut self, clause: &Clause, span: Span, scope: &Scope) -> Option<Expr> {
        let date = |resolver: &mut Self| match scope.date {
            Some(place) => Some(scope.column(place, span)),
            None => resolver.fail(
                Diagnostic::new(Code::NO_SIDES, span, "these rows have no date to compare with")
                    .help("a clause of time goes with events: `meetings since 2024-05`"),
            ),
        };
        match clause {
            Clause::Of(_) => None,
            Clause::Where(condition) => self.predicate(&condition.predicate, scope),
            Clause::With(who) => self.taking_part(who, span, scope),
            Clause::In(place) => self.held_in(place, span, scope),
            Clause::Since(when) => {
                let (date, when) = (date(self)?, self.period(when)?);
                Some(compared(Comparison::GreaterOrEqual, date, when, span))
            }
            Clause::Until(when) => {
                let (date, when) = (date(self)?, self.period(when)?);
                Some(compared(Comparison::LessOrEqual, date, when, span))
            }
            Clause::Before(when) => {
                let (date, when) = (date(self)?, self.period(when)?);
                Some(compared(Comparison::Less, date, when, span))
            }
            Clause::After(when) => {
                let (date, when) = (date(self)?, self.period(when)?);
                Some(compared(Comparison::Greater, date, when, span))
            }
            Clause::During(when) => {
                let (date, when) = (date(self)?, self.period(when)?);
                let end = scope.end.map_or_else(|| date.clone(), |place| scope.column(place, span));
                let started = compared(Comparison::LessOrEqual, date, when.clone(), span);
                let not_over = compared(Comparison::GreaterOrEqual, end, when, span);
                Some(Expr { kind: ExprKind::And(vec![started, not_over]), of: Type::one(Base::Bool), span })
            }
        }
    }

    /// `with X`: a participant, or one from a country, region or bloc.
    fn taking_part(&mut self, who: &ast::Expr, span: Span, scope: &Scope) -> Option<Expr> {
        let paths: &[&[&str]] = &[&["participants"], &["leader", "country"], &["leader", "country", "region"]];
        self.through(who, span, scope, paths, "with Xi")
    }

    /// `in PLACE`: a city, country or region, or a bloc of countries.
    fn held_in(&mut self, place: &ast::Expr, span: Span, scope: &Scope) -> Option<Expr> {
        let city = if scope.field("places", span).is_some() { "places" } else { "place" };
        let countries = self.world.store.domain_named("country");
        let host = scope.field("host", span).and_then(|host| domain_of(&host)).filter(|of| Some(*of) == countries);
        let paths: &[&[&str]] = match host {
            Some(_) => &[&[city], &["host"], &["host", "region"]],
            None => &[&[city], &[city, "country"], &[city, "country", "region"]],
        };
        self.through(place, span, scope, paths, "in Moscow")
    }

    /// Whether the entity named is at the end of one of these paths of fields; blocs go with the countries.
    fn through(&mut self, what: &ast::Expr, span: Span, scope: &Scope, paths: &[&[&str]], form: &str) -> Option<Expr> {
        let mut ends = Vec::new();
        for path in paths {
            let Some(mut end) = scope.field(path[0], span) else { continue };
            let mut reached = true;
            for name in &path[1..] {
                match self.follow(end.clone(), name, span, span, scope) {
                    Some(next) => end = next,
                    None => reached = false,
                }
            }
            if reached {
                ends.push(end);
            }
        }
        if ends.is_empty() {
            let what = if form.starts_with("in") { "where they are held" } else { "who takes part" };
            let message = format!("these rows do not say {what}");
            let help = format!("the clause goes with events: `meetings {form}`");
            return self.fail(Diagnostic::new(Code::NO_SIDES, span, message).help(help));
        }
        let items = match &*what.kind {
            ast::ExprKind::List(items) => items.clone(),
            _ => vec![what.clone()],
        };
        let mut choices = Vec::new();
        for item in &items {
            choices.extend(self.through_one(item, span, scope, &ends, form)?);
        }
        Some(one_or_all(choices, ExprKind::Or, span))
    }

    fn through_one(
        &mut self,
        what: &ast::Expr,
        span: Span,
        scope: &Scope,
        ends: &[Expr],
        form: &str,
    ) -> Option<Vec<Expr>> {
        let store = self.world.store;
        let at = self.pinned.unwrap_or(what.span);
        let Some(word) = self.word(what) else {
            let value = self.expecting(what, &Scope::default(), domain_of(&ends[0]))?;
            if domain_of(&value).is_none() && value.of.base != Base::Text {
                let (clause, _) = form.split_once(' ').unwrap_or((form, ""));
                let (kind, found) = (if clause == "in" { "place" } else { "name" }, self.a(value.of));
                let help = match clause {
                    "in" => "such as `in Moscow`; a time stands after `during`: `during 2024`".to_owned(),
                    _ => format!("such as `{form}`"),
                };
                return self.mismatch(what.span, format!("`{clause}` takes a {kind}, found {found}"), help);
            }
            let end = ends.iter().find(|end| end.of.base == value.of.base).unwrap_or(&ends[0]).clone();
            return self.equal(end, value, span).map(|choice| vec![choice]);
        };
        let mut choices = Vec::new();
        for end in ends {
            let Some(domain) = domain_of(end) else { continue };
            match store.domain(domain).find(&word) {
                crate::store::Found::One(code) => {
                    let value = Expr::literal(Value::Coded(domain, code), Type::one(Base::Coded(domain)), at);
                    choices.push(compared(Comparison::Equal, end.clone(), value, span));
                }
                crate::store::Found::Several(codes) => return self.ambiguous(domain, &word, &codes, what.span),
                crate::store::Found::Nothing => {}
            }
            if let Some(group) = store.group_of(domain)
                && let crate::store::Found::One(code) = store.domain(group).find(&word)
            {
                let value = Expr::literal(Value::Coded(group, code), Type::one(Base::Coded(group)), at);
                choices.push(self.member(end.clone(), value, None, scope, span));
            }
        }
        if choices.is_empty() {
            let domains: Vec<_> = ends.iter().filter_map(domain_of).collect();
            return self.unknown_value(&domains, &word, what.span);
        }
        Some(choices)
    }
}

/// The values of a literal or a list of literals; `None` for what is neither.
fn literal_items(expr: &Expr) -> Vec<Option<Value>> {
    match &expr.kind {
        ExprKind::Literal(value) => value.items().iter().cloned().map(Some).collect(),
        ExprKind::List(items) => items.iter().flat_map(literal_items).collect(),
        _ => vec![None],
    }
}

/// The domain of an expression's values.
pub(super) fn domain_of(expr: &Expr) -> Option<crate::value::DomainId> {
    if let Base::Coded(domain) = expr.of.base { Some(domain) } else { None }
}

/// `left operator right`.
pub(super) fn compared(operator: Comparison, left: Expr, right: Expr, span: Span) -> Expr {
    let kind = ExprKind::Compare { operator, left: Box::new(left), right: Box::new(right), every: false };
    Expr { kind, of: Type::one(Base::Bool), span }
}

/// One predicate, or several in one.
pub(super) fn one_or_all(mut parts: Vec<Expr>, together: fn(Vec<Expr>) -> ExprKind, span: Span) -> Expr {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    Expr { kind: together(parts), of: Type::one(Base::Bool), span }
}

/// The predicates that must all hold.
fn conjuncts(predicate: Expr) -> Vec<Expr> {
    match predicate.kind {
        ExprKind::And(parts) => parts.into_iter().flat_map(conjuncts).collect(),
        _ => vec![predicate],
    }
}

/// The rows for which predicates hold; two such filters in a row are one.
fn filtered(relation: Relation, mut predicates: Vec<Expr>, possibly: bool) -> Relation {
    let Relation { mut plan, scope } = relation;
    if let Node::Filter { predicates: before, possibly: also, .. } = &mut plan.node
        && *also == possibly
    {
        before.append(&mut predicates);
        return Relation { plan, scope };
    }
    Relation { plan: plan.then_same(Node::Filter { predicates, possibly }), scope }
}

/// Tells the events from other sides.
fn tell(relation: &mut Relation, sides: Sides) {
    if let Some(scan) = relation.plan.scan_mut() {
        scan.sides = sides;
    }
}
