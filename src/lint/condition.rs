//! Conditions: those which are the same for every row, and those which do not go together.

use super::Look;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::plan::{Comparison, Expr, ExprKind};
use crate::value::{Truth, Value, fold};

impl Look<'_> {
    /// Looks at predicates that are all to hold.
    pub(super) fn conditions(self, all: &[&Expr], warnings: &mut Vec<Diagnostic>) {
        for (place, &one) in all.iter().enumerate() {
            self.condition(one, warnings);
            let Some(other) = all[..place].iter().find(|other| conflict(other, one)) else {
                if let Some(other) = all[..place].iter().find(|other| is_met_apart(other, one)) {
                    self.warn_apart(other, one, warnings);
                }
                continue;
            };
            let message = format!("no row meets both `{}` and `{}`", self.written(other), self.written(one));
            self.warn(warnings, Code::CONTRADICTION, one, message, "");
        }
    }

    fn condition(self, one: &Expr, warnings: &mut Vec<Diagnostic>) {
        let written = self.written(one);
        let verb = match (itself(one), is_constant(one)) {
            (Some(true), _) => "is true wherever it is known",
            (Some(false), _) => "is true of no row",
            (None, false) => "",
            (None, true) => match (self.truth)(one) {
                Some(Truth::True) => "is true of every row",
                Some(Truth::False) => "is true of no row",
                Some(Truth::Unknown) => "is known of no row",
                None => "",
            },
        };
        if !verb.is_empty() {
            return self.warn(warnings, Code::CONSTANT_CONDITION, one, format!("`{written}` {verb}"), "");
        }
        match &one.kind {
            ExprKind::And(parts) => self.conditions(&parts.iter().collect::<Vec<_>>(), warnings),
            ExprKind::Or(parts) => self.choices(one, parts, warnings),
            ExprKind::Not(inner) if !matches!(inner.kind, ExprKind::Compare { .. }) => self.condition(inner, warnings),
            _ => {}
        }
    }

    /// Looks at predicates of which one is to hold.
    fn choices(self, all: &Expr, parts: &[Expr], warnings: &mut Vec<Diagnostic>) {
        for (place, one) in parts.iter().enumerate() {
            self.conditions(&[one], warnings);
            let (Some(not), others) = (negated(one), parts[..place].iter()) else { continue };
            let mut others = others.filter_map(negated);
            let Some(left) = compared_with_literal(not).map(|(_, left, _)| left) else { continue };
            if others.clone().any(|other| conflict(other, not)) {
                let message = format!("`{}` is true wherever it is known", self.written(all));
                let help = "what is neither of two values is written with `and`";
                self.warn(warnings, Code::CONSTANT_CONDITION, all, message, help);
            } else if left.of.many && others.any(|other| is_other_value(other, not)) {
                let message = format!("`{}` is true of every row without both values", self.written(all));
                let help = "what has neither of two values is written with `and`";
                self.warn(warnings, Code::ANY_OF_MANY, all, message, help);
            }
        }
    }

    fn warn_apart(self, one: &Expr, other: &Expr, warnings: &mut Vec<Diagnostic>) {
        let message = format!("different values can meet `{}` and `{}`", self.written(one), self.written(other));
        let help = "a field of several values meets a condition if any of them does; `every` asks it of each";
        self.warn(warnings, Code::ANY_OF_MANY, other, message, help);
    }
}

/// Whether a comparison of something with itself holds.
fn itself(expr: &Expr) -> Option<bool> {
    match &expr.kind {
        ExprKind::Compare { operator, left, right, .. }
            if !left.of.many && !is_constant(left) && is_same(left, right) =>
        {
            Some(!matches!(operator, Comparison::Less | Comparison::Greater))
        }
        _ => None,
    }
}

/// Whether an expression speaks of no row and holds no query.
fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Column(_) | ExprKind::Scalar(_) | ExprKind::Column1(_) => false,
        _ => expr.parts().into_iter().all(is_constant),
    }
}

fn negated(expr: &Expr) -> Option<&Expr> {
    if let ExprKind::Not(inner) = &expr.kind { Some(inner) } else { None }
}

/// Whether no row can meet both predicates.
fn conflict(one: &Expr, other: &Expr) -> bool {
    let is_negation = |one: &Expr, other: &Expr| negated(one).is_some_and(|inner| is_same(inner, other));
    if is_negation(one, other) || is_negation(other, one) {
        return true;
    }
    match (&one.kind, &other.kind) {
        (ExprKind::IsMissing(value), ExprKind::Compare { left, .. })
        | (ExprKind::Compare { left, .. }, ExprKind::IsMissing(value)) => is_same(value, left),
        _ => {
            let (Some((_, left, _)), Some((_, also, _))) = (compared_with_literal(one), compared_with_literal(other))
            else {
                return false;
            };
            !left.of.many && is_same(left, also) && (is_other_value(one, other) || are_apart(one, other))
        }
    }
}

/// Whether both compare the same for equality, with values of which none is the other.
fn is_other_value(one: &Expr, other: &Expr) -> bool {
    let equal = |expr| compared_with_literal(expr).filter(|found| found.0 == Comparison::Equal);
    let (Some((_, left, value)), Some((_, also, another))) = (equal(one), equal(other)) else { return false };
    let is_other = match (value, another) {
        (Value::Text(value), Value::Text(another)) => fold(value) != fold(another),
        (Value::Coded(..), Value::Coded(..)) | (Value::Bool(_), Value::Bool(_)) => value != another,
        _ => are_apart(one, other),
    };
    is_same(left, also) && is_other
}

/// Whether values that meet the one and values that meet the other are apart.
fn are_apart(one: &Expr, other: &Expr) -> bool {
    let (Some(one), Some(other)) = (bounds(one), bounds(other)) else { return false };
    one.high < other.low || other.high < one.low
}

/// Whether both bound the values of a field of several, one from below and one from above, where no single value need
/// meet both.
fn is_met_apart(one: &Expr, other: &Expr) -> bool {
    let every = |expr: &Expr| matches!(expr.kind, ExprKind::Compare { every: true, .. });
    let (Some((_, left, _)), Some((_, also, _))) = (compared_with_literal(one), compared_with_literal(other)) else {
        return false;
    };
    let (Some(bounds), Some(others)) = (bounds(one), bounds(other)) else { return false };
    let is_from_both_sides = bounds.is_below() && others.is_above() || bounds.is_above() && others.is_below();
    left.of.many && is_same(left, also) && is_from_both_sides && !every(one) && !every(other) && one.span != other.span
}

/// The values that meet a comparison: the least and the greatest as numbers, and beside a number 1 or -1 where it does
/// not meet the comparison itself, so that the values begin after it or end before it.
#[derive(Clone, Copy)]
struct Bounds {
    low: (f64, i8),
    high: (f64, i8),
}

impl Bounds {
    const ALL: Self = Self { low: (f64::NEG_INFINITY, 0), high: (f64::INFINITY, 0) };

    fn is_below(self) -> bool {
        self.low.0 == f64::NEG_INFINITY
    }

    fn is_above(self) -> bool {
        self.high.0 == f64::INFINITY
    }
}

fn bounds(expr: &Expr) -> Option<Bounds> {
    let (operator, _, value) = compared_with_literal(expr)?;
    let (low, high) = match value {
        Value::Period(period) => (f64::from(period.first), f64::from(period.last)),
        number => (number.as_float()?, number.as_float()?),
    };
    Some(match operator {
        Comparison::Equal => Bounds { low: (low, 0), high: (high, 0) },
        Comparison::Less => Bounds { high: (low, -1), ..Bounds::ALL },
        Comparison::LessOrEqual => Bounds { high: (high, 0), ..Bounds::ALL },
        Comparison::Greater => Bounds { low: (high, 1), ..Bounds::ALL },
        Comparison::GreaterOrEqual => Bounds { low: (low, 0), ..Bounds::ALL },
        _ => return None,
    })
}

/// A comparison with a value: how, of what, with which.
fn compared_with_literal(expr: &Expr) -> Option<(Comparison, &Expr, &Value)> {
    match &expr.kind {
        ExprKind::Compare { operator, left, right, .. } => match &right.kind {
            ExprKind::Literal(value) => Some((*operator, left, value)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether both expressions are the same for every row.
fn is_same(one: &Expr, other: &Expr) -> bool {
    use ExprKind::{
        And, Arithmetic, Call, Column, Compare, Follow, Groups, IsMember, IsMissing, List, Literal, Matches, Not, Or,
    };
    let is_same_node = match (&one.kind, &other.kind) {
        (Literal(one), Literal(other)) => one == other,
        (Column(one), Column(other)) => one == other,
        (Follow { table, field, .. }, Follow { table: also, field: too, .. }) => table == also && field == too,
        (Groups { domain, .. }, Groups { domain: also, .. }) => domain == also,
        (IsMember { every, .. }, IsMember { every: also, .. }) => every == also,
        (Compare { operator, every, .. }, Compare { operator: also, every: too, .. }) => {
            operator == also && every == too
        }
        (Matches { pattern, every, .. }, Matches { pattern: also, every: too, .. }) => {
            pattern.as_str() == also.as_str() && every == too
        }
        (Arithmetic(one, ..), Arithmetic(other, ..)) => one == other,
        (Call(one, _), Call(other, _)) => one == other,
        (IsMissing(_), IsMissing(_)) | (Not(_), Not(_)) | (And(_), And(_)) | (Or(_), Or(_)) | (List(_), List(_)) => {
            true
        }
        _ => false,
    };
    let (parts, others) = (one.parts(), other.parts());
    is_same_node && parts.len() == others.len() && parts.into_iter().zip(others).all(|(one, other)| is_same(one, other))
}
