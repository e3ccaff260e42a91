//! The value of an expression for one row.

use super::Run;
use crate::builtin::{Overflow, arithmetic, compare, function};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::plan::{Comparison, Expr, ExprKind};
use crate::span::Span;
use crate::value::{Date, Truth, Value};

/// One row, asked for the value of a column.
pub(super) trait Row {
    /// The value of the column at a place.
    fn value(&self, place: usize) -> Value;
}

impl Row for Vec<Value> {
    fn value(&self, place: usize) -> Value {
        self[place].clone()
    }
}

/// The row of an expression that speaks of none.
pub(super) struct NoRow;

impl Row for NoRow {
    fn value(&self, _: usize) -> Value {
        Value::Missing
    }
}

/// The value of `expr` for `row`; the queries in it are answered before, see [`super::subquery`].
pub(super) fn evaluate(run: &Run<'_>, expr: &Expr, row: &dyn Row) -> Result<Value, Diagnostic> {
    let store = run.store;
    Ok(match &expr.kind {
        ExprKind::Literal(value) => value.clone(),
        ExprKind::Column(place) => row.value(*place),
        ExprKind::Follow { base, table, field } => {
            let column = &store.tables[*table].fields[*field].column;
            let follow = |value: &Value| match value {
                Value::Coded(_, code) => column.value(*code as usize - 1),
                _ => Value::Missing,
            };
            match evaluate(run, base, row)? {
                Value::List(items) => flatten(items.iter().map(follow)),
                value => follow(&value),
            }
        }
        ExprKind::Groups { member, domain, on } => {
            let (members, on) = (evaluate(run, member, row)?, evaluate(run, on, row)?);
            let Some(on) = as_date(&on) else { return Ok(Value::list([])) };
            let spells = members.items().iter().flat_map(|member| {
                store.memberships.iter().filter(move |entry| {
                    let is_of = matches!(member, Value::Coded(domain, code) if (*domain, *code) == entry.member);
                    is_of && entry.group.0 == *domain && entry.covers(on) == Truth::True
                })
            });
            flatten(spells.map(|entry| Value::Coded(entry.group.0, entry.group.1)))
        }
        ExprKind::IsMember { member, groups, on, every } => {
            let on = as_date(&evaluate(run, on, row)?);
            let groups = evaluate(run, groups, row)?;
            each(&evaluate(run, member, row)?, *every, |member| {
                let (Value::Coded(domain, code), Some(on)) = (member, on) else { return Truth::Unknown };
                groups.items().iter().fold(Truth::False, |truth, group| match group {
                    Value::Coded(of, group) => truth.or(store.is_member((*domain, *code), (*of, *group), on)),
                    _ => truth.or(Truth::Unknown),
                })
            })
        }
        ExprKind::Compare { operator, left, right, every } => {
            let (left, right) = (evaluate(run, left, row)?, evaluate(run, right, row)?);
            compare(store, *operator, &left, &right, *every).into()
        }
        ExprKind::Between { value, from, to, every } => {
            let value = evaluate(run, value, row)?;
            let (from, to) = (evaluate(run, from, row)?, evaluate(run, to, row)?);
            each(&value, *every, |value| {
                let not_below = compare(store, Comparison::GreaterOrEqual, value, &from, false);
                not_below.and(compare(store, Comparison::LessOrEqual, value, &to, false))
            })
        }
        ExprKind::Matches { value, pattern, every } => {
            let value = evaluate(run, value, row)?;
            each(&value, *every, |value| match value {
                Value::Missing => Truth::Unknown,
                value => Truth::from_bool(pattern.is_match(&store.text(value))),
            })
        }
        ExprKind::IsMissing(value) => Value::Bool(evaluate(run, value, row)?.is_missing()),
        ExprKind::And(parts) => {
            let mut truth = Truth::True;
            for part in parts {
                truth = truth.and(holds(run, part, row)?);
                if truth == Truth::False {
                    break;
                }
            }
            truth.into()
        }
        ExprKind::Or(parts) => {
            let mut truth = Truth::False;
            for part in parts {
                truth = truth.or(holds(run, part, row)?);
                if truth == Truth::True {
                    break;
                }
            }
            truth.into()
        }
        ExprKind::Not(part) => (!holds(run, part, row)?).into(),
        ExprKind::Arithmetic(operation, left, right) => {
            let (left, right) = (evaluate(run, left, row)?, evaluate(run, right, row)?);
            arithmetic(store, *operation, &left, &right).map_err(|Overflow| overflow(expr.span))?
        }
        ExprKind::Call(name, arguments) => {
            let given: Vec<Value> =
                arguments.iter().map(|argument| evaluate(run, argument, row)).collect::<Result<_, _>>()?;
            let value = call(run, name, &given).map_err(|Overflow| overflow(expr.span))?;
            store.widened(value, expr.of)
        }
        ExprKind::List(items) => {
            let items = items.iter().map(|item| evaluate(run, item, row)).collect::<Result<Vec<_>, _>>()?;
            store.widened(flatten(items.into_iter()), expr.of)
        }
        ExprKind::Scalar(_) | ExprKind::Column1(_) => Value::Missing,
    })
}

/// Whether a predicate holds for `row`.
pub(super) fn holds(run: &Run<'_>, expr: &Expr, row: &dyn Row) -> Result<Truth, Diagnostic> {
    Ok(evaluate(run, expr, row)?.truth())
}

fn call(run: &Run<'_>, name: &str, given: &[Value]) -> Result<Value, Overflow> {
    let Some(function) = function(name) else { return Ok(Value::Missing) };
    if function.takes_missing() {
        return (function.body)(run.store, given);
    }
    if let Some(place) = given.iter().position(|value| matches!(value, Value::List(_))) {
        let mapped: Result<Vec<Value>, Overflow> = given[place]
            .items()
            .iter()
            .map(|item| {
                let mut one = given.to_vec();
                one[place] = item.clone();
                call(run, name, &one)
            })
            .collect();
        return Ok(flatten(mapped?.into_iter()));
    }
    if given.contains(&Value::Missing) { Ok(Value::Missing) } else { (function.body)(run.store, given) }
}

pub(super) fn overflow(span: Span) -> Diagnostic {
    Diagnostic::new(Code::OVERFLOW, span, "the result does not fit its type")
        .help("an integer has 64 bits; multiply by `1.0` for a float")
}

fn as_date(value: &Value) -> Option<Date> {
    match value {
        Value::Date(date) => Some(*date),
        Value::Period(period) => Some(Date::within(*period)),
        _ => None,
    }
}

/// One list of all values and the values of all lists, without what is missing.
pub(super) fn flatten(values: impl Iterator<Item = Value>) -> Value {
    let mut all = Vec::new();
    for value in values {
        all.extend_from_slice(value.items());
    }
    Value::list(all)
}

/// Whether something holds of a value; of a list, of any of its values or of every one.
fn each(value: &Value, every: bool, holds: impl Fn(&Value) -> Truth) -> Value {
    let truth = match value {
        Value::List(items) if every && items.is_empty() => Truth::Unknown,
        Value::List(items) if every => items.iter().map(holds).fold(Truth::True, Truth::and),
        Value::List(items) => items.iter().map(holds).fold(Truth::False, Truth::or),
        value => holds(value),
    };
    truth.into()
}
