//! What one name means: a field, a `let`, an argument, a value of a domain, a part of the date.

use super::query::{compared, domain_of, one_or_all};
use super::scope::Scope;
use super::suggest::{an, did_you_mean, several, spelled};
use super::{Arguments, Binding, CALENDAR, DEEPEST, Environment, IT, Resolver};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::ir::ast::{self, LetBody};
use crate::ir::plan::{Comparison, Expr, ExprKind};
use crate::span::Span;
use crate::store::Found;
use crate::value::{Base, Date, DomainId, Period, Type, Value, fold, parse_period};

impl Resolver<'_> {
    /// The text of a bare word or a quoted text, through the arguments and the names that a `let` bound.
    pub(super) fn word(&self, expr: &ast::Expr) -> Option<String> {
        self.word_among(expr, &self.environment, &self.arguments, 0)
    }

    fn word_among(
        &self,
        expr: &ast::Expr,
        environment: &Environment,
        arguments: &Arguments,
        depth: usize,
    ) -> Option<String> {
        match &*expr.kind {
            ast::ExprKind::Text(text) => Some(text.clone()),
            ast::ExprKind::Parameter(name) => match self.world.parameters.get(name) {
                Some(Value::Text(text)) => Some(text.to_string()),
                _ => None,
            },
            ast::ExprKind::Name(name) => match (arguments.get(name), environment.get(name)) {
                _ if depth > DEEPEST => None,
                (Some(argument), _) => {
                    self.word_among(&argument.expr, &argument.environment, &argument.arguments, depth + 1)
                }
                (None, Some(binding)) => match &binding.body {
                    LetBody::Expr(expr) if binding.parameters.is_empty() => {
                        self.word_among(expr, &environment.inside(binding), &Arguments::default(), depth + 1)
                    }
                    _ => None,
                },
                (None, None) => Some(name.clone()),
            },
            _ => None,
        }
    }

    /// Whether an expression is a word that means no field, so that its meaning hangs on what it is compared with.
    pub(super) fn is_value_word(&self, expr: &ast::Expr, scope: &Scope) -> bool {
        match &*expr.kind {
            ast::ExprKind::Text(_) | ast::ExprKind::Parameter(_) => true,
            ast::ExprKind::Name(name) if self.arguments.contains_key(name) => self.word(expr).is_some(),
            ast::ExprKind::Name(name) => {
                scope.field(name, expr.span).is_none()
                    && self.word(expr).is_some()
                    && !(scope.date.is_some() && CALENDAR.contains(&name.as_str()))
            }
            ast::ExprKind::List(items) => items.iter().all(|item| self.is_value_word(item, scope)),
            _ => false,
        }
    }

    /// Whether an expression is a word, or a list of words, whose meaning hangs on where a `let` of it is used.
    pub(super) fn names_values(&self, expr: &ast::Expr) -> bool {
        let is_known = |name: &str| self.world.store.domains.iter().any(|domain| domain.find(name) != Found::Nothing);
        match &*expr.kind {
            ast::ExprKind::List(items) => items.iter().all(|item| self.names_values(item)),
            ast::ExprKind::Name(_) => self.word(expr).is_some_and(|word| is_known(&word)),
            _ => self.word(expr).is_some(),
        }
    }

    /// A bare name, where a value of a domain may be expected.
    pub(super) fn named(&mut self, name: &str, span: Span, scope: &Scope, expected: Option<DomainId>) -> Option<Expr> {
        if let Some(argument) = self.arguments.get(name).cloned() {
            return self.argument_value(argument, span, expected);
        }
        let store = self.world.store;
        let found = expected.map(|domain| store.domain(domain).find(name));
        if let Some(field) = self.field_named(name, span, scope) {
            if let Some(Found::One(_)) = found {
                let message = format!("`{name}` is a field and a value too");
                let help = format!("write `\"{name}\"` for the value, `.{name}` for the field");
                return self.fail(Diagnostic::new(Code::AMBIGUOUS, span, message).help(help));
            }
            return Some(field);
        }
        match (expected, found) {
            (Some(domain), Some(Found::One(_))) if name == IT && self.environment.get(IT).is_some() => {
                let domain = &store.domain(domain).name;
                let message = format!("`{IT}` is {} and the last answer too", an(domain));
                let help = format!("write `\"{IT}\"` for the {domain}, `({IT} | select {domain})` for the answer");
                return self.fail(Diagnostic::new(Code::AMBIGUOUS, span, message).help(help));
            }
            (Some(domain), Some(Found::One(code))) => {
                return Some(Expr::literal(Value::Coded(domain, code), Type::one(Base::Coded(domain)), span));
            }
            (Some(domain), Some(Found::Several(codes))) => return self.ambiguous(domain, name, &codes, span),
            _ => {}
        }
        if let Some(binding) = self.environment.get(name).cloned() {
            return self.bound_value(&binding, &[], span, expected);
        }
        if self.defining.as_deref() == Some(name) {
            return self.needs_itself(name, span);
        }
        if let Some(domain) = expected {
            return self.unknown_value(&[domain], name, span);
        }
        self.unknown_field(name, span, scope)
    }

    /// The value for which a `let` stands.
    pub(super) fn bound_value(
        &mut self,
        binding: &Binding,
        arguments: &[ast::Expr],
        span: Span,
        expected: Option<DomainId>,
    ) -> Option<Expr> {
        let mut value = self.inside_let(binding, arguments, span, |inside| match &binding.body {
            LetBody::Expr(expr) => inside.expecting(expr, &Scope::default(), expected),
            LetBody::Query(query) => inside.sub_query(query, span, false),
        })?;
        if self.pinned.is_none() {
            place(&mut value, span);
        }
        Some(value)
    }

    pub(super) fn needs_itself<T>(&mut self, name: &str, span: Span) -> Option<T> {
        let message = format!("`{name}` is used in its own definition");
        self.fail(Diagnostic::new(Code::RECURSION, span, message).help("a `let` can use only what stands before it"))
    }

    /// A field of the rows, or a part of their date.
    pub(super) fn field_named(&mut self, name: &str, span: Span, scope: &Scope) -> Option<Expr> {
        if let Some(field) = scope.field(name, span) {
            if name == "status" && scope.table == Some(crate::store::EVENTS) {
                self.speaks_of_status = true;
            }
            return Some(field);
        }
        let part = CALENDAR.iter().find(|part| **part == name)?;
        let date = scope.column(scope.date?, span);
        let base = if *part == "weekday" { Base::Text } else { Base::Period };
        Some(Expr { kind: ExprKind::Call(part, vec![date]), of: Type::one(base), span })
    }

    /// `base.name`: a field of the entity that the base is; the name stands `at` its own place.
    pub(super) fn follow(&mut self, base: Expr, name: &str, at: Span, span: Span, scope: &Scope) -> Option<Expr> {
        let store = self.world.store;
        let domain = domain_of(&base);
        let table = domain.and_then(|domain| store.table_of(domain));
        let Some((domain, table)) = domain.zip(table) else {
            let message = format!("{} has no field `{name}`", self.one(base.of));
            return self.mismatch(at, message, "a path follows a leader, a country, a place or another entity");
        };
        let many = base.of.many;
        if let Some(field) = store.tables[table].field(name) {
            let of = store.tables[table].fields[field].of;
            let of = Type { many: many || of.many, ..of };
            return Some(Expr { kind: ExprKind::Follow { base: Box::new(base), table, field }, of, span });
        }
        if let Some(group) = store.group_of(domain).filter(|group| store.domain(*group).name == name) {
            let on = Box::new(self.as_of_date(None, &base, scope, span));
            let kind = ExprKind::Groups { member: Box::new(base), domain: group, on };
            return Some(Expr { kind, of: Type::many(Base::Coded(group)), span });
        }
        let names = store.tables[table].fields.iter().map(|field| field.name.as_str());
        let near = nearest(name, names.clone());
        let help = if near.is_empty() {
            format!("fields: {}", several(&names.collect::<Vec<_>>()))
        } else {
            did_you_mean(near)
        };
        let message = format!("{} has no field `{name}`", an(&store.domain(domain).name));
        self.fail(Diagnostic::new(Code::UNKNOWN_FIELD, at, message).help(help))
    }

    /// The date on which membership is asked: as said, or that of the event, or today.
    fn as_of_date(&self, said: Option<Expr>, member: &Expr, scope: &Scope, span: Span) -> Expr {
        match (said, scope.date_of(member)) {
            (Some(said), _) => said,
            (None, Some(date)) => scope.column(date, span),
            (None, None) => Expr::literal(Value::Date(Date::day(self.world.today)), Type::one(Base::Date), span),
        }
    }

    /// Whether entities belong to a group.
    pub(super) fn member(&self, member: Expr, groups: Expr, as_of: Option<Expr>, scope: &Scope, span: Span) -> Expr {
        let on = self.as_of_date(as_of, &member, scope, span);
        let (member, groups, on) = (Box::new(member), Box::new(groups), Box::new(on));
        Expr { kind: ExprKind::IsMember { member, groups, on, every: false }, of: Type::one(Base::Bool), span }
    }

    /// A word or text as a value of a domain.
    pub(super) fn value(&mut self, domain: DomainId, word: &str, span: Span) -> Option<Expr> {
        match self.world.store.domain(domain).find(word) {
            Found::One(code) => Some(Expr::literal(Value::Coded(domain, code), Type::one(Base::Coded(domain)), span)),
            Found::Several(codes) => self.ambiguous(domain, word, &codes, span),
            Found::Nothing => self.unknown_value(&[domain], word, span),
        }
    }

    pub(super) fn ambiguous<T>(&mut self, domain: DomainId, word: &str, codes: &[u32], span: Span) -> Option<T> {
        let store = self.world.store;
        let names: Vec<String> = codes.iter().map(|&code| spelled(store.name(domain, code))).collect();
        let message = format!("`{word}` fits more than one {}", store.domain(domain).name);
        let help = format!("write one of: {}", several(&names.iter().map(String::as_str).collect::<Vec<_>>()));
        self.fail(Diagnostic::new(Code::AMBIGUOUS, span, message).help(help))
    }

    /// A date, a year, a range or the name of a period, as an extent of days.
    pub(super) fn period(&mut self, expr: &ast::Expr) -> Option<Expr> {
        if let Some(word) = self.word(expr) {
            return self.period_named(&word, self.pinned.unwrap_or(expr.span));
        }
        let value = self.expression(expr, &Scope::default())?;
        self.timed(value)
    }

    /// The period of this name, or the date that a text holds.
    pub(super) fn period_named(&mut self, word: &str, span: Span) -> Option<Expr> {
        let periods = &self.world.store.about.periods;
        let wanted = fold(word);
        let named = periods.iter().find(|(name, _)| fold(name) == wanted).map(|(_, period)| *period);
        if let Some(period) = named.or_else(|| parse_period(word)) {
            return Some(Expr::literal(Value::Period(period), Type::one(Base::Period), span));
        }
        let near = nearest(word, periods.keys().map(String::as_str).chain(self.environment.names()));
        let help = if near.is_empty() {
            "a date is written `2024`, `2024-05` or `2024-05-16`".to_owned()
        } else {
            did_you_mean(near.iter().map(|near| spelled(near)).collect())
        };
        let message = format!("`{word}` is no date and no period of this data");
        self.fail(Diagnostic::new(Code::NOT_A_PERIOD, span, message).help(help))
    }

    /// The value as a date or period: a number of four digits is a year.
    pub(super) fn timed(&mut self, value: Expr) -> Option<Expr> {
        match value.kind {
            ExprKind::Literal(Value::Int(year @ 0..=9999)) => {
                let period = Value::Period(Period::year(year as i32));
                Some(Expr::literal(period, Type::one(Base::Period), value.span))
            }
            _ if value.of.is_time() || value.of.base == Base::Nothing => Some(value),
            _ => {
                let found = self.a(value.of);
                let help = "a date is written `2024`, `2024-05` or `2024-05-16`";
                self.mismatch(value.span, format!("expected a date, found {found}"), help)
            }
        }
    }

    /// `place in Russia`: the entities of a field of what is asked, by the first field that knows the name.
    pub(super) fn within(&mut self, value: Expr, word: &str, span: Span, scope: &Scope) -> Option<Expr> {
        let store = self.world.store;
        let own = domain_of(&value)?;
        let table = &store.tables[store.table_of(own)?];
        let mut choices = Vec::new();
        for field in &table.fields {
            let Base::Coded(domain) = field.of.base else { continue };
            // What names one of its own kind is that one, and not what lies in it.
            if domain == own {
                continue;
            }
            if let Found::One(code) = store.domain(domain).find(word) {
                let right = Expr::literal(Value::Coded(domain, code), Type::one(Base::Coded(domain)), span);
                let left = self.follow(value.clone(), &field.name, span, span, scope)?;
                choices.push(compared(Comparison::Equal, left, right, span));
            }
        }
        (!choices.is_empty()).then(|| one_or_all(choices, ExprKind::Or, span))
    }

    /// Whether a `let` that looks like a query is a name for a value: a single word that is no source.
    pub(super) fn is_expression_let(&self, query: &ast::Query) -> bool {
        let alone = query.clauses.is_empty() && query.stages.is_empty();
        let (name, called) = match &query.source.node {
            ast::Source::Name(name) => (name, false),
            ast::Source::Call(name, _) => (&name.node, true),
            _ => return false,
        };
        let store = self.world.store;
        let is_source = store.tables.iter().any(|table| table.name == *name)
            || store.about.kinds.iter().any(|kind| kind.plural == *name);
        let is_value = match self.environment.get(name) {
            Some(binding) => matches!(binding.body, LetBody::Expr(_)),
            None => {
                called && crate::builtin::function(name).is_some()
                    || store.domains.iter().any(|domain| matches!(domain.find(name), Found::One(_)))
            }
        };
        alone && !is_source && is_value
    }
}

/// The single word or call of a query as an expression.
pub(super) fn as_expression(query: &ast::Query) -> ast::Expr {
    let kind = match &query.source.node {
        ast::Source::Name(name) => ast::ExprKind::Name(name.clone()),
        ast::Source::Call(name, arguments) => {
            ast::ExprKind::Call { name: name.clone(), distinct: false, arguments: arguments.clone() }
        }
        _ => ast::ExprKind::Invalid,
    };
    ast::Expr::new(kind, query.span)
}

/// What is told of an expression when it runs, and of its parts, is told at `span`.
fn place(expr: &mut Expr, span: Span) {
    expr.span = span;
    expr.parts_mut().into_iter().for_each(|part| place(part, span));
}
