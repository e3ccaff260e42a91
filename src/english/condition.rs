//! Conditions and values in words: `region = "Global South"` is `with leaders of the Global South`.

use super::{Writer, series};
use crate::ir::ast::{BinaryOperator, Expr, ExprKind};
use crate::value::{Value, fold};

impl Writer<'_> {
    /// What follows a noun: `held abroad`, `whose count is more than 3`.
    pub(super) fn condition(&self, predicate: &Expr) -> String {
        match &*predicate.kind {
            ExprKind::Binary(BinaryOperator::And, ..) => {
                let parts = chain(predicate, BinaryOperator::And);
                let said = parts.into_iter().map(|part| self.grouped(part, BinaryOperator::Or));
                said.collect::<Vec<_>>().join(", ")
            }
            ExprKind::Binary(BinaryOperator::Or, ..) => {
                let parts = chain(predicate, BinaryOperator::Or);
                series(parts.into_iter().map(|part| self.grouped(part, BinaryOperator::And)), "or")
            }
            ExprKind::Not(inner) => match &*inner.kind {
                ExprKind::Binary(BinaryOperator::And | BinaryOperator::Or, ..) => {
                    format!("not ({})", self.condition(inner))
                }
                _ => format!("not {}", self.condition(inner)),
            },
            ExprKind::Every(inner) => self.comparison(inner, true),
            _ => self.comparison(predicate, false),
        }
    }

    fn grouped(&self, part: &Expr, other: BinaryOperator) -> String {
        match &*part.kind {
            ExprKind::Binary(operator, ..) if *operator == other => format!("({})", self.condition(part)),
            _ => self.condition(part),
        }
    }

    fn comparison(&self, predicate: &Expr, every: bool) -> String {
        let whose = |field: &Expr, rest: String| {
            let whose = if every { "of which every" } else { "whose" };
            format!("{whose} {} {rest}", self.field(field))
        };
        match &*predicate.kind {
            ExprKind::Binary(BinaryOperator::Equal, field, value) => match self.phrase(field, value) {
                Some(phrase) if !every => phrase,
                _ => whose(field, format!("is {}", self.value(value))),
            },
            ExprKind::Binary(BinaryOperator::NotEqual, field, value) => match self.phrase(field, value) {
                Some(phrase) if !every => format!("not {phrase}"),
                _ => whose(field, format!("is not {}", self.value(value))),
            },
            ExprKind::Binary(operator, field, value) => {
                let is_time = self.is_time(value);
                let how = match operator {
                    BinaryOperator::Less if is_time => "is before",
                    BinaryOperator::Less => "is less than",
                    BinaryOperator::LessOrEqual if is_time => "is by the end of",
                    BinaryOperator::LessOrEqual => "is at most",
                    BinaryOperator::Greater if is_time => "is after",
                    BinaryOperator::Greater => "is more than",
                    BinaryOperator::GreaterOrEqual if is_time => "is not before",
                    BinaryOperator::GreaterOrEqual => "is at least",
                    BinaryOperator::Contains => "contains",
                    BinaryOperator::StartsWith => "starts with",
                    BinaryOperator::EndsWith => "ends with",
                    BinaryOperator::Matches => "matches",
                    _ => return format!("for which `{}`", predicate.span.of(self.text)),
                };
                whose(field, format!("{how} {}", self.value(value)))
            }
            ExprKind::Between(negated, field, from, to) => {
                let not = if *negated { "not " } else { "" };
                whose(field, format!("is {not}between {} and {}", self.value(from), self.value(to)))
            }
            ExprKind::In { negated, value, within, .. } => {
                let not = if *negated { "not " } else { "" };
                match self.understood.membership(predicate.span) {
                    Some(on) => {
                        let on = match on {
                            Value::Missing => "on the day".to_owned(),
                            date => format!("as of {}", self.store.text(date)),
                        };
                        whose(value, format!("was {not}in {} {on}", self.values(within)))
                    }
                    None => match self.phrase(value, within) {
                        Some(phrase) if !every => format!("{not}{phrase}"),
                        _ if matches!(*within.kind, ExprKind::Query(_)) => {
                            whose(value, format!("is {not}among {}", self.value(within)))
                        }
                        _ => whose(value, format!("is {not}{}", self.values(within))),
                    },
                }
            }
            ExprKind::Is(present, field) => whose(field, if *present { "is known" } else { "is not known" }.to_owned()),
            _ => format!("for which `{}`", predicate.span.of(self.text)),
        }
    }

    /// How the data set says that a field of events is a value.
    fn phrase(&self, field: &Expr, value: &Expr) -> Option<String> {
        let (ExprKind::Name(name) | ExprKind::Field(name)) = &*field.kind else { return None };
        let phrases = &self.store.about.phrases;
        let said = |phrase: Option<&String>, value: &Expr| Some(phrase?.replace("{}", &self.value(value)));
        let own = |value: &Expr| {
            let found = self.understood.value(value.span).map(|value| self.store.text(value))?;
            phrases.get(&(name.clone(), Some(found)))
        };
        match &*value.kind {
            ExprKind::Query(_) | ExprKind::Missing => None,
            ExprKind::List(items) => {
                let each = items.iter().map(|item| said(own(item), item)).collect::<Option<Vec<_>>>();
                match (each, phrases.get(&(name.clone(), None))) {
                    (Some(each), _) => Some(series(each.into_iter(), "or")),
                    (None, phrase) => Some(phrase?.replace("{}", &self.values(value))),
                }
            }
            _ => said(own(value).or_else(|| phrases.get(&(name.clone(), None))), value),
        }
    }

    fn is_time(&self, value: &Expr) -> bool {
        let is_found = matches!(self.understood.value(value.span), Some(Value::Period(_) | Value::Date(_)));
        is_found || matches!(&*value.kind, ExprKind::Date(_) | ExprKind::Today | ExprKind::Yesterday)
    }

    /// A field in words: `leader's country`; whatever is computed stands as it was written.
    pub(super) fn field(&self, field: &Expr) -> String {
        match &*field.kind {
            ExprKind::Name(name) | ExprKind::Field(name) => name.replace('_', " "),
            ExprKind::Path(base, name) => format!("{}'s {}", self.field(base), name.node.replace('_', " ")),
            ExprKind::Query(_) => self.value(field),
            _ => format!("`{}`", field.span.of(self.text)),
        }
    }

    pub(super) fn fields(&self, fields: &[Expr]) -> String {
        series(fields.iter().map(|field| self.field(field)), "and")
    }

    /// Any of several values.
    pub(super) fn values(&self, value: &Expr) -> String {
        match &*value.kind {
            ExprKind::List(items) => match self.understood.value(value.span) {
                Some(Value::List(found)) if found.len() == items.len() => self.several(found),
                _ => series(items.iter().map(|item| self.value(item)), "or"),
            },
            _ => self.value(value),
        }
    }

    fn several(&self, values: &[Value]) -> String {
        series(values.iter().map(|value| self.with_article(value)), "or")
    }

    /// A value as the data has it, with the article that it takes in a sentence.
    pub(super) fn value(&self, value: &Expr) -> String {
        let written = value.span.of(self.text);
        match &*value.kind {
            ExprKind::Query(query) => format!("({})", self.query(query)),
            ExprKind::List(_) => self.values(value),
            ExprKind::Range(from, to) => match (from, to) {
                (Some(from), Some(to)) => format!("{} to {}", self.value(from), self.value(to)),
                (Some(from), None) => format!("{} or later", self.value(from)),
                (None, Some(to)) => format!("{} or earlier", self.value(to)),
                (None, None) => "any time".to_owned(),
            },
            ExprKind::Date(_) | ExprKind::Duration(..) | ExprKind::Int(_) | ExprKind::Float(_) => written.to_owned(),
            _ => match self.understood.value(value.span) {
                Some(Value::Period(period)) => {
                    let period = period.to_string();
                    let name = written.trim_matches('"');
                    if name == period { period } else { format!("{name} ({})", period.replace("..", " to ")) }
                }
                Some(found @ Value::Coded(..)) => self.with_article(found),
                Some(Value::List(items)) if items.iter().all(|item| matches!(item, Value::Coded(..))) => {
                    self.several(items)
                }
                Some(found @ Value::Text(_)) => format!("\"{}\"", self.store.text(found)),
                Some(found) if !found.is_missing() => self.store.text(found),
                _ => self.field(value),
            },
        }
    }

    /// `the Netherlands`, where the data has that name, too.
    fn with_article(&self, value: &Value) -> String {
        let name = self.store.text(value);
        let Value::Coded(domain, code) = value else { return name };
        let article = fold(&format!("the {name}"));
        let mut others = self.store.domain(*domain).other_names();
        if others.any(|(of, other)| of == *code && fold(other) == article) { format!("the {name}") } else { name }
    }
}

/// The parts of `a and b and c`.
fn chain(predicate: &Expr, operator: BinaryOperator) -> Vec<&Expr> {
    match &*predicate.kind {
        ExprKind::Binary(found, left, right) if *found == operator => {
            let mut parts = chain(left, operator);
            parts.extend(chain(right, operator));
            parts
        }
        _ => vec![predicate],
    }
}
