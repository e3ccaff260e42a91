//! What comparisons, orders and arithmetic mean for values.

use std::cmp::Ordering;

use super::Overflow;
use crate::ir::plan::{Comparison, Operation};
use crate::store::Store;
use crate::value::{Date, Duration, Truth, Value, fold};

/// Whether a comparison holds; of lists, whether it does for any pair, or with `every` for each value on the left.
pub fn compare(store: &Store, operator: Comparison, left: &Value, right: &Value, every: bool) -> Truth {
    match (left, right) {
        (Value::List(items), _) if every => {
            let truths = items.iter().map(|item| compare(store, operator, item, right, false));
            if items.is_empty() { Truth::Unknown } else { truths.fold(Truth::True, Truth::and) }
        }
        (Value::List(items), _) => {
            items.iter().fold(Truth::False, |truth, item| truth.or(compare(store, operator, item, right, false)))
        }
        (_, Value::List(items)) => {
            items.iter().fold(Truth::False, |truth, item| truth.or(compare(store, operator, left, item, false)))
        }
        _ => compare_one(store, operator, left, right),
    }
}

fn compare_one(store: &Store, operator: Comparison, left: &Value, right: &Value) -> Truth {
    use Comparison::{Contains, EndsWith, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, StartsWith};
    match (left, right) {
        (Value::Missing, _) | (_, Value::Missing) => Truth::Unknown,
        (Value::Date(date), Value::Period(period)) => match operator {
            Equal => date.is_in(*period),
            Less => date.before(*period),
            LessOrEqual => !date.after(*period),
            Greater => date.after(*period),
            _ => !date.before(*period),
        },
        (Value::Period(_), Value::Date(_)) => {
            let flipped = match operator {
                Less => Greater,
                LessOrEqual => GreaterOrEqual,
                Greater => Less,
                GreaterOrEqual => LessOrEqual,
                same => same,
            };
            compare_one(store, flipped, right, left)
        }
        (Value::Period(left), Value::Period(right)) => {
            let within = left.first >= right.first && left.last <= right.last;
            Truth::from_bool(match operator {
                Equal => within,
                Less => left.last < right.first,
                LessOrEqual => left.last <= right.last,
                Greater => left.first > right.last,
                _ => left.first >= right.first,
            })
        }
        (Value::Date(left), Value::Date(right)) => match operator {
            Equal => left.equal(*right),
            Less => left.less(*right),
            LessOrEqual => !right.less(*left),
            Greater => right.less(*left),
            _ => !left.less(*right),
        },
        (Value::Duration(left), Value::Duration(right)) => match operator {
            Equal => left.equal(*right),
            Less => left.less(*right),
            LessOrEqual => !right.less(*left),
            Greater => right.less(*left),
            _ => !left.less(*right),
        },
        (Value::Coded(domain, left), Value::Coded(other, right)) if operator == Equal && domain == other => {
            Truth::from_bool(left == right)
        }
        _ => {
            let ordering = match (left, right) {
                (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
                (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
                _ => match (left.as_float(), right.as_float()) {
                    (Some(left), Some(right)) => left.partial_cmp(&right),
                    _ => {
                        let (left, right) = (fold(&store.text(left)), fold(&store.text(right)));
                        match operator {
                            Contains => return Truth::from_bool(left.contains(&right)),
                            StartsWith => return Truth::from_bool(left.starts_with(&right)),
                            EndsWith => return Truth::from_bool(left.ends_with(&right)),
                            _ => Some(left.cmp(&right)),
                        }
                    }
                },
            };
            let Some(ordering) = ordering else { return Truth::Unknown };
            Truth::from_bool(match operator {
                Less => ordering == Ordering::Less,
                LessOrEqual => ordering != Ordering::Greater,
                Greater => ordering == Ordering::Greater,
                GreaterOrEqual => ordering != Ordering::Less,
                _ => ordering == Ordering::Equal,
            })
        }
    }
}

/// The order in which values are sorted: missing last, text folded and then raw, dates and periods by their bounds.
///
/// It is total, also for the values that one column can mix.
pub fn order(store: &Store, left: &Value, right: &Value) -> Ordering {
    let text = |value: &Value| matches!(value, Value::Text(_) | Value::Coded(..));
    let bounds = |value: &Value| match value {
        Value::Date(date) => Some((date.earliest, date.latest, date.uncertain, date.approximate, false)),
        Value::Period(period) => Some((period.first, period.last, false, false, true)),
        _ => None,
    };
    match (left, right) {
        (left, right) if left.is_missing() || right.is_missing() => left.is_missing().cmp(&right.is_missing()),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Int(left), Value::Int(right)) => left.cmp(right),
        (Value::Date(_) | Value::Period(_), Value::Date(_) | Value::Period(_)) => bounds(left).cmp(&bounds(right)),
        (Value::Duration(left), Value::Duration(right)) => left.order(*right),
        (Value::List(_), _) | (_, Value::List(_)) => order_lists(store, left.items(), right.items()),
        (Value::Coded(domain, left), Value::Coded(other, right)) if domain == other && left == right => Ordering::Equal,
        (left, right) if text(left) && text(right) => {
            let (left, right) = (store.text(left), store.text(right));
            fold(&left).cmp(&fold(&right)).then_with(|| left.cmp(&right))
        }
        _ => match (left.as_float(), right.as_float()) {
            // The two zeros are one number.
            (Some(left), Some(right)) => (left + 0.0).total_cmp(&(right + 0.0)),
            _ => Ordering::Equal,
        },
    }
}

/// The order of several values, the first decides first.
pub fn order_lists(store: &Store, left: &[Value], right: &[Value]) -> Ordering {
    let pairs = left.iter().zip(right).map(|(left, right)| order(store, left, right));
    pairs.fold(Ordering::Equal, Ordering::then).then(left.len().cmp(&right.len()))
}

/// What an operation gives; an operand that is missing makes it missing, and so does a division by zero.
pub fn arithmetic(store: &Store, operation: Operation, left: &Value, right: &Value) -> Result<Value, Overflow> {
    use Operation::{Add, Divide, Multiply, Remainder, Subtract};
    let date = |value: &Value| match value {
        Value::Date(date) => Some(*date),
        Value::Period(period) => Some(Date::within(*period)),
        _ => None,
    };
    Ok(match (left, right) {
        (Value::Missing, _) | (_, Value::Missing) => Value::Missing,
        (Value::Int(left), Value::Int(right)) => match operation {
            Divide if *right == 0 => Value::Missing,
            Divide => Value::Float(*left as f64 / *right as f64),
            Remainder if *right == 0 => Value::Missing,
            Add => Value::Int(left.checked_add(*right).ok_or(Overflow)?),
            Subtract => Value::Int(left.checked_sub(*right).ok_or(Overflow)?),
            Multiply => Value::Int(left.checked_mul(*right).ok_or(Overflow)?),
            Remainder => Value::Int(left.checked_rem(*right).unwrap_or(0)),
        },
        (Value::Duration(left), Value::Duration(right)) => {
            let right = if operation == Subtract { right.negate().ok_or(Overflow)? } else { *right };
            Value::Duration(left.plus(right).ok_or(Overflow)?)
        }
        (Value::Duration(duration), _) if date(right).is_none() => scale(*duration, operation, right)?,
        (_, Value::Duration(duration)) if right.as_float().is_none() && date(left).is_none() => {
            scale(*duration, operation, left)?
        }
        (_, Value::Duration(duration)) => {
            let duration = if operation == Subtract { duration.negate().ok_or(Overflow)? } else { *duration };
            let Some(date) = date(left) else { return scale(duration, operation, left) };
            Value::Date(date.later_by(duration).ok_or(Overflow)?)
        }
        (Value::Duration(duration), _) => {
            let Some(date) = date(right) else { return Ok(Value::Missing) };
            Value::Date(date.later_by(*duration).ok_or(Overflow)?)
        }
        _ if date(left).is_some() && date(right).is_some() => {
            let both = date(left).zip(date(right));
            both.and_then(|(left, right)| left.since(right)).map_or(Value::Missing, Value::Duration)
        }
        _ => match (left.as_float(), right.as_float()) {
            (Some(left), Some(right)) => {
                let value = match operation {
                    Add => left + right,
                    Subtract => left - right,
                    Multiply => left * right,
                    Divide => left / right,
                    Remainder => left % right,
                };
                if right == 0.0 && matches!(operation, Divide | Remainder) {
                    Value::Missing
                } else if value.is_finite() {
                    Value::Float(value)
                } else {
                    return Err(Overflow);
                }
            }
            _ => Value::text(store.text(left) + &store.text(right)),
        },
    })
}

fn scale(duration: Duration, operation: Operation, by: &Value) -> Result<Value, Overflow> {
    let Some(by) = by.as_float() else { return Ok(Value::Missing) };
    let factor = match operation {
        Operation::Divide if by == 0.0 => return Ok(Value::Missing),
        Operation::Divide => by.recip(),
        _ => by,
    };
    // What is longest becomes shortest where the sign turns.
    let days = if factor < 0.0 { duration.days.saturating_add_unsigned(duration.spread) } else { duration.days };
    let months = Duration::of_units(factor, duration.months, 0).ok_or(Overflow)?;
    let rest = Duration::of_units(factor, 0, duration.hours.saturating_add(days.saturating_mul(24))).ok_or(Overflow)?;
    let spread = (f64::from(duration.spread) * factor.abs()).ceil() as u32;
    Ok(Value::Duration(Duration { spread, ..months.plus(rest).ok_or(Overflow)? }))
}

/// The value with its sign turned.
pub fn negate(value: &Value) -> Result<Value, Overflow> {
    Ok(match value {
        Value::Int(value) => Value::Int(value.checked_neg().ok_or(Overflow)?),
        Value::Float(value) => Value::Float(-value),
        Value::Duration(value) => Value::Duration(value.negate().ok_or(Overflow)?),
        _ => Value::Missing,
    })
}
