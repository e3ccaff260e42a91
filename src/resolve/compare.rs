//! Predicates: comparisons, membership and what is missing, with the types that go together.

use std::sync::Arc;

use regex::RegexBuilder;

use super::Resolver;
use super::query::{compared, domain_of, one_or_all};
use super::scope::Scope;
use super::suggest::{an, spelled};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::ast::{self, BinaryOperator};
use crate::ir::plan::{Comparison, Expr, ExprKind};
use crate::span::Span;
use crate::store::Found;
use crate::value::{Base, Date, DomainId, Type, Value};

impl Resolver<'_> {
    /// An expression that must be a predicate.
    pub(super) fn predicate(&mut self, expr: &ast::Expr, scope: &Scope) -> Option<Expr> {
        let predicate = self.expression(expr, scope)?;
        if matches!(predicate.of.base, Base::Bool | Base::Nothing) {
            return Some(predicate);
        }
        let found = self.a(predicate.of);
        self.mismatch(
            expr.span,
            format!("expected a condition, found {found}"),
            "a condition compares: `venue = abroad`",
        )
    }

    /// `left operator right`
    pub(super) fn comparison(
        &mut self,
        operator: BinaryOperator,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
        scope: &Scope,
    ) -> Option<Expr> {
        if is_textual(operator) {
            let left = self.expression(left, scope)?;
            let right = match self.word(right).filter(|_| self.is_value_word(right, scope)) {
                Some(word) => Expr::literal(Value::text(word), Type::one(Base::Text), right.span),
                None => self.expression(right, scope)?,
            };
            return match operator {
                BinaryOperator::Matches => self.matches(left, &right, span),
                BinaryOperator::StartsWith => self.checked(Comparison::StartsWith, left, right, span),
                BinaryOperator::EndsWith => self.checked(Comparison::EndsWith, left, right, span),
                _ => self.checked(Comparison::Contains, left, right, span),
            };
        }
        let (left, right) = if self.is_value_word(left, scope) && !self.is_value_word(right, scope) {
            let right = self.side(right, scope, None)?;
            (self.side(left, scope, Some(&right))?, right)
        } else {
            let left = self.side(left, scope, None)?;
            let right = self.side(right, scope, Some(&left))?;
            (left, right)
        };
        let comparison = match operator {
            BinaryOperator::Less => Comparison::Less,
            BinaryOperator::LessOrEqual => Comparison::LessOrEqual,
            BinaryOperator::Greater => Comparison::Greater,
            BinaryOperator::GreaterOrEqual => Comparison::GreaterOrEqual,
            _ => Comparison::Equal,
        };
        let compared = self.checked(comparison, left, right, span)?;
        if operator == BinaryOperator::NotEqual {
            return Some(Expr { kind: ExprKind::Not(Box::new(compared)), of: Type::one(Base::Bool), span });
        }
        Some(compared)
    }

    /// One side of a comparison; a word is looked up where the other side's values come from.
    fn side(&mut self, expr: &ast::Expr, scope: &Scope, other: Option<&Expr>) -> Option<Expr> {
        // What a `let` stands for may hold words that mean values of the other side.
        if let (ast::ExprKind::Name(name), Some(domain)) = (&*expr.kind, other.and_then(domain_of))
            && scope.field(name, expr.span).is_none()
            && (self.arguments.contains_key(name) || self.environment.get(name).is_some())
        {
            return self.expecting(expr, scope, Some(domain));
        }
        let Some(other) = other.filter(|_| self.is_value_word(expr, scope)) else {
            let may_be_name =
                matches!(&*expr.kind, ast::ExprKind::Name(_) | ast::ExprKind::Binary(BinaryOperator::Subtract, ..));
            let expected = other.filter(|_| may_be_name).and_then(domain_of);
            return self.expecting(expr, scope, expected);
        };
        if let ast::ExprKind::List(items) = &*expr.kind {
            let items: Vec<Option<Expr>> = items.iter().map(|item| self.side(item, scope, Some(other))).collect();
            return self.listed(items.into_iter().collect::<Option<_>>()?, expr.span);
        }
        let Some(word) = self.word(expr) else { return self.expression(expr, scope) };
        match other.of.base {
            Base::Coded(domain) => self.value(domain, &word, expr.span),
            Base::Date | Base::Period => self.period_named(&word, expr.span),
            Base::Text => Some(Expr::literal(Value::text(word), Type::one(Base::Text), expr.span)),
            _ => self.expression(expr, scope),
        }
    }

    pub(super) fn equal(&mut self, left: Expr, right: Expr, span: Span) -> Option<Expr> {
        self.checked(Comparison::Equal, left, right, span)
    }

    /// A comparison of sides whose types go together; a number of four digits beside a date is a year.
    fn checked(&mut self, operator: Comparison, left: Expr, right: Expr, span: Span) -> Option<Expr> {
        let (left, right) = match (left.of.is_time(), right.of.is_time()) {
            (true, false) if matches!(right.of.base, Base::Int) => (left, self.year_beside(right)?),
            (false, true) if matches!(left.of.base, Base::Int) => (self.year_beside(left)?, right),
            _ => (left, right),
        };
        let textual = matches!(operator, Comparison::Contains | Comparison::StartsWith | Comparison::EndsWith);
        let is_text = |expr: &Expr| matches!(expr.of.base, Base::Text | Base::Coded(_) | Base::Nothing);
        let fits = if textual {
            is_text(&left) && is_text(&right)
        } else {
            match (left.of.base, right.of.base) {
                (Base::Coded(one), Base::Coded(other)) => one == other,
                _ => left.of.join(right.of).is_some(),
            }
        };
        if !fits {
            let (one, other) = (self.one(left.of), self.one(right.of));
            let help =
                if textual { "only texts and names are looked into".to_owned() } else { self.goes_with(&left, &right) };
            return self.mismatch(span, format!("{one} cannot be compared with {other}"), help);
        }
        let constant_first =
            matches!(left.kind, ExprKind::Literal(Value::Period(_))) && !matches!(right.kind, ExprKind::Literal(_));
        if constant_first {
            let flipped = match operator {
                Comparison::Less => Comparison::Greater,
                Comparison::LessOrEqual => Comparison::GreaterOrEqual,
                Comparison::Greater => Comparison::Less,
                Comparison::GreaterOrEqual => Comparison::LessOrEqual,
                same => same,
            };
            return Some(compared(flipped, right, left, span));
        }
        Some(compared(operator, left, right, span))
    }

    /// What one side of a comparison goes with.
    fn goes_with(&self, left: &Expr, right: &Expr) -> String {
        let either = |wanted: fn(&Expr) -> bool| [left, right].into_iter().find(|side| wanted(side));
        if either(|side| side.of.base == Base::Duration).is_some() {
            return "a duration goes with a duration, written with its unit: `9 months`".to_owned();
        }
        if either(|side| side.of.is_time()).is_some() {
            return "a date goes with a date or a period: `2024-05`".to_owned();
        }
        let store = self.world.store;
        if let Some(domain) = either(|side| domain_of(side).is_some()).and_then(domain_of) {
            let domain = store.domain(domain);
            let example = domain.names().next().map(|name| format!(", such as `{}`", spelled(name)));
            return format!("{} goes with a name{}", an(&domain.name), example.unwrap_or_default());
        }
        if either(|side| side.of.is_number()).is_some() {
            return "a number is written without quotes".to_owned();
        }
        "both sides are of one type".to_owned()
    }

    fn year_beside(&mut self, value: Expr) -> Option<Expr> {
        if matches!(value.kind, ExprKind::Literal(Value::Int(1000..=9999))) {
            return self.timed(value);
        }
        let help = "a date is written `2024`, `2024-05` or `2024-05-16`; so is a month: `month = 2024-05`";
        self.mismatch(value.span, "a date cannot be compared with an int", help)
    }

    fn matches(&mut self, value: Expr, pattern: &Expr, span: Span) -> Option<Expr> {
        let ExprKind::Literal(Value::Text(pattern_text)) = &pattern.kind else {
            return self.mismatch(
                pattern.span,
                "`matches` takes a text in quotes",
                "such as `summary matches \"(?i)gas|oil\"`",
            );
        };
        if !matches!(value.of.base, Base::Text | Base::Coded(_)) {
            let found = self.a(value.of);
            return self.mismatch(value.span, format!("`matches` looks at text, found {found}"), "such as `summary`");
        }
        match RegexBuilder::new(pattern_text).size_limit(1 << 20).build() {
            Ok(regex) => {
                let kind = ExprKind::Matches { value: Box::new(value), pattern: Arc::new(regex), every: false };
                Some(Expr { kind, of: Type::one(Base::Bool), span })
            }
            Err(error) => {
                let text = error.to_string();
                let reason = text.lines().last().unwrap_or("").trim_start_matches("error: ").to_owned();
                let message = format!("`{pattern_text}` is no regular expression: {reason}");
                let help = "a mark such as `(` or `*` stands for itself in brackets: `[(]`";
                self.fail(Diagnostic::new(Code::BAD_PATTERN, pattern.span, message).help(help))
            }
        }
    }

    /// `value in within [as of D]`
    pub(super) fn membership(
        &mut self,
        value: &ast::Expr,
        within: &ast::Expr,
        as_of: Option<&ast::Expr>,
        span: Span,
        scope: &Scope,
    ) -> Option<Expr> {
        if let ast::ExprKind::Query(query) = &*within.kind
            && self.is_value_word(value, scope)
        {
            let list = self.sub_query(query, within.span, true)?;
            let value = self.side(value, scope, Some(&list))?;
            return self.equal(value, list, span);
        }
        let before = self.expressions;
        let value = self.expression(value, scope)?;
        let copied = self.expressions - before;
        let as_of = match as_of {
            Some(when) => Some(self.period(when)?),
            None => None,
        };
        if value.of.is_time() {
            let period = match &*within.kind {
                ast::ExprKind::List(items) => {
                    let periods: Vec<Option<Expr>> = items.iter().map(|item| self.period(item)).collect();
                    self.listed(periods.into_iter().collect::<Option<_>>()?, within.span)?
                }
                ast::ExprKind::Query(query) => self.sub_query(query, within.span, true)?,
                _ => self.period(within)?,
            };
            return self.equal(value, period, span);
        }
        match &*within.kind {
            ast::ExprKind::Query(query) => {
                let list = self.sub_query(query, within.span, true)?;
                self.equal(value, list, span)
            }
            ast::ExprKind::List(items) => {
                self.spend(copied.saturating_mul(items.len()), span)?;
                let choices: Vec<Option<Expr>> =
                    items.iter().map(|item| self.one_of(value.clone(), item, as_of.clone(), span, scope)).collect();
                let choices = choices.into_iter().collect::<Option<Vec<Expr>>>()?;
                let written = format!("{value:?}");
                match choices.iter().map(|choice| literal_beside(choice, &written)).collect::<Option<_>>() {
                    Some(literals) => {
                        let list = self.listed(literals, within.span)?;
                        self.equal(value, list, span)
                    }
                    None => Some(one_or_all(choices, ExprKind::Or, span)),
                }
            }
            ast::ExprKind::Range(Some(from), Some(to)) => {
                let (from, to) = (self.expression(from, scope)?, self.expression(to, scope)?);
                let from = self.checked(Comparison::GreaterOrEqual, value.clone(), from, span)?;
                let to = self.checked(Comparison::LessOrEqual, value, to, span)?;
                Some(between(from, to, span))
            }
            _ => self.one_of(value, within, as_of, span, scope),
        }
    }

    /// Whether a value is this one, belongs to this group, or lies in this entity.
    fn one_of(
        &mut self,
        value: Expr,
        item: &ast::Expr,
        as_of: Option<Expr>,
        span: Span,
        scope: &Scope,
    ) -> Option<Expr> {
        let store = self.world.store;
        let (Some(domain), Some(word)) = (domain_of(&value), self.word(item)) else {
            let item = self.side(item, scope, Some(&value))?;
            if let Some(group) = domain_of(&value).and_then(|domain| store.group_of(domain))
                && domain_of(&item) == Some(group)
            {
                return Some(self.member(value, item, as_of, scope, span));
            }
            return self.equal(value, item, span);
        };
        let group = store.group_of(domain);
        if let Some(Found::One(code)) = group.map(|group| store.domain(group).find(&word)) {
            let group = group?;
            let group = Expr::literal(Value::Coded(group, code), Type::one(Base::Coded(group)), item.span);
            return Some(self.member(value, group, as_of, scope, span));
        }
        if let Some(choice) = self.within(value.clone(), &word, item.span, scope) {
            return Some(choice);
        }
        match store.domain(domain).find(&word) {
            Found::Nothing => {
                let domains: Vec<DomainId> = group.into_iter().chain([domain]).collect();
                self.unknown_value(&domains, &word, item.span)
            }
            _ => {
                let item = self.value(domain, &word, item.span)?;
                self.equal(value, item, span)
            }
        }
    }

    /// A comparison that must hold for every value of its left side.
    pub(super) fn every(&mut self, mut predicate: Expr, span: Span) -> Option<Expr> {
        match &mut predicate.kind {
            ExprKind::Compare { every, .. }
            | ExprKind::Between { every, .. }
            | ExprKind::Matches { every, .. }
            | ExprKind::IsMember { every, .. } => *every = true,
            ExprKind::Not(inner) => match &inner.kind {
                // Every value differs exactly where none is equal, but of a list of nothing that is unknown.
                ExprKind::Compare { left: value, .. }
                | ExprKind::Between { value, .. }
                | ExprKind::Matches { value, .. }
                | ExprKind::IsMember { member: value, .. } => {
                    let of = predicate.of;
                    let is_missing = Expr { kind: ExprKind::IsMissing(value.clone()), of, span };
                    let missing = Expr::literal(Value::Missing, of, span);
                    predicate = Expr { kind: ExprKind::Call("if", vec![is_missing, missing, predicate]), of, span };
                }
                _ => return self.every_takes_one(span),
            },
            _ => return self.every_takes_one(span),
        }
        predicate.span = span;
        Some(predicate)
    }

    fn every_takes_one<T>(&mut self, span: Span) -> Option<T> {
        self.mismatch(span, "`every` takes one comparison", "such as `every region = \"Asia\"`")
    }

    /// A list of values of one type.
    pub(super) fn listed(&mut self, items: Vec<Expr>, span: Span) -> Option<Expr> {
        let mut of = Type::many(Base::Nothing);
        for item in &items {
            let Some(joined) = of.join(item.of) else {
                let message = format!("{} cannot hold {}", self.a(of), self.a(item.of));
                return self.mismatch(item.span, message, "a list holds values of one type");
            };
            of = Type { many: true, ..joined };
        }
        let literal = |item: &Expr| if let ExprKind::Literal(value) = &item.kind { Some(value.clone()) } else { None };
        if let Some(values) = items.iter().map(literal).collect::<Option<Vec<Value>>>() {
            let values = values
                .iter()
                .flat_map(Value::items)
                .map(|value| self.world.store.widened(value.clone(), Type { many: false, ..of }));
            return Some(Expr::literal(Value::list(values), of, span));
        }
        Some(Expr { kind: ExprKind::List(items), of, span })
    }

    /// A period as a bounded date, for arithmetic.
    pub(super) fn as_date(value: Expr) -> Expr {
        match value.kind {
            ExprKind::Literal(Value::Period(period)) => {
                Expr::literal(Value::Date(Date::within(period)), Type::one(Base::Date), value.span)
            }
            _ => value,
        }
    }
}

/// Whether a value is not below one bound and not above the other: of a list, whether one value of it is both.
pub(super) fn between(from: Expr, to: Expr, span: Span) -> Expr {
    let kind = match (&from.kind, &to.kind) {
        (ExprKind::Compare { left: value, right: from, .. }, ExprKind::Compare { right: to, .. }) if value.of.many => {
            ExprKind::Between { value: value.clone(), from: from.clone(), to: to.clone(), every: false }
        }
        _ => ExprKind::And(vec![from, to]),
    };
    Expr { kind, of: Type::one(Base::Bool), span }
}

/// The literal that a choice compares the value itself with, which is `written` as the plan has it: an expression in
/// which a pattern stands has no equality of its own.
fn literal_beside(choice: &Expr, written: &str) -> Option<Expr> {
    let ExprKind::Compare { operator: Comparison::Equal, left, right, .. } = &choice.kind else { return None };
    let is_literal = matches!(&right.kind, ExprKind::Literal(literal) if !literal.is_missing());
    (is_literal && format!("{left:?}") == written).then(|| (**right).clone())
}

/// Whether an operator looks into texts.
fn is_textual(operator: BinaryOperator) -> bool {
    use BinaryOperator::{Contains, EndsWith, Matches, StartsWith};
    matches!(operator, Contains | StartsWith | EndsWith | Matches)
}
