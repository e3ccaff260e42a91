//! A value of a bare file as a type, if it is one: by the rules, and the usual spellings in fewer steps.

use super::Cell;
use crate::value::{Base, Date, Edtf, civil, days, parse_edtf};

/// What the name of a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It is the date of the event.
    Date,
    /// It is some date.
    Day,
    /// It is the kind of the event.
    Kind,
    /// Nothing.
    Other,
}

/// A value read as its column's type.
pub(super) enum Read<'a> {
    Bool(bool),
    Int(i64),
    Float(f64),
    Date(Edtf, bool),
    Text(&'a str),
}

impl Read<'_> {
    pub(super) fn is_interval(&self) -> bool {
        matches!(self, Self::Date(date, _) if date.start != date.end)
    }
}

/// A value as this type, if it is one.
pub(super) fn read<'a>(base: Base, cell: &'a Cell<'_>, role: Role) -> Option<Read<'a>> {
    match (base, cell) {
        (Base::Bool, Cell::Bool(value)) => Some(Read::Bool(*value)),
        (Base::Bool, Cell::Plain(text)) => match &**text {
            "true" | "True" | "TRUE" => Some(Read::Bool(true)),
            "false" | "False" | "FALSE" => Some(Read::Bool(false)),
            _ => None,
        },
        (Base::Int, Cell::Number(_) | Cell::Plain(_)) => int(spelling(cell)?).map(Read::Int),
        (Base::Float, Cell::Number(_) | Cell::Plain(_)) => float(spelling(cell)?).map(Read::Float),
        (Base::Date, Cell::Number(text)) if role != Role::Other => compact(text).map(|date| Read::Date(date, false)),
        (Base::Date, Cell::Plain(text) | Cell::Text(text)) => date_of(text, role),
        (Base::Text, _) => spelling(cell).map(Read::Text),
        _ => None,
    }
}

/// A single value as it is spelled.
pub(super) fn spelling<'a>(cell: &'a Cell<'_>) -> Option<&'a str> {
    match cell {
        Cell::Plain(text) | Cell::Text(text) => Some(text),
        Cell::Number(text) => Some(text),
        Cell::Bool(value) => Some(if *value { "true" } else { "false" }),
        Cell::Missing | Cell::List(_) => None,
    }
}

/// Whether these digits are spelled as a number's are, without needless zeros.
fn is_whole(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.is_empty()
        && (digits == "0" || !digits.starts_with('0'))
}

pub(super) fn int(text: &str) -> Option<i64> {
    let is_spelled = is_whole(text.strip_prefix('-').unwrap_or(text)) && text != "-0";
    is_spelled.then(|| text.parse().ok()).flatten()
}

pub(super) fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_whole(whole) || !is_digits(fraction) || !is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)) {
        return None;
    }
    let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
    let is_kept = unsigned.contains(['.', 'e', 'E']) || value.abs() < 9_007_199_254_740_992.0;
    is_kept.then_some(value)
}

/// A number of few digits with a fraction: what [`float`] gives, or `None` where that is to be asked. A quotient of two
/// integers below 2^53 is the float nearest to it.
pub(super) fn short_float(text: &str) -> Option<f64> {
    let (negative, unsigned) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        all => (false, all),
    };
    if unsigned.len() > 16 || matches!(unsigned, [] | [b'.', ..] | [.., b'.'] | [b'0', b'0'..=b'9', ..]) {
        return None;
    }
    let (mut digits, mut scale) = (0_u64, None);
    for &byte in unsigned {
        match (byte, scale) {
            (b'0'..=b'9', None) => digits = digits * 10 + u64::from(byte - b'0'),
            (b'0'..=b'9', Some(scaled)) => {
                digits = digits * 10 + u64::from(byte - b'0');
                scale = Some(scaled * 10.0);
            }
            (b'.', None) => scale = Some(1.0),
            _ => return None,
        }
    }
    let value = digits as f64 / scale?;
    Some(if negative { -value } else { value })
}

/// A date that stands where only dates do.
pub(super) fn date(text: &str) -> Option<Read<'static>> {
    date_of(text, Role::Date)
}

/// A date, and whether it has a time of day.
fn date_of(text: &str, role: Role) -> Option<Read<'static>> {
    if let Some(date) = compact(text).filter(|_| role != Role::Other) {
        return Some(Read::Date(date, false));
    }
    let is_marked = text.get(1..).is_some_and(|rest| rest.contains(['-', '/']));
    if role != Role::Date && !is_marked {
        return None;
    }
    match text.split_once(' ') {
        Some((day, time)) => parse_edtf(&format!("{day}T{time}")).map(|date| Read::Date(date, true)),
        None => parse_edtf(text).map(|date| Read::Date(date, text.contains('T'))),
    }
}

/// `20240516`, of the years 1000 to 2999.
pub(super) fn compact(text: &str) -> Option<Edtf> {
    let is_day = text.len() == 8 && text.starts_with(['1', '2']) && text.bytes().all(|byte| byte.is_ascii_digit());
    let digits = text.as_bytes();
    let day = if is_day { day_of(&digits[..4], &digits[4..6], &digits[6..])? } else { return None };
    let date = Date::day(day);
    Some(Edtf { start: date, end: date })
}

/// `2024-05-16`: the day that it is in ISO 8601.
pub(super) fn plain_day(text: &str) -> Option<i32> {
    match text.as_bytes() {
        [year @ .., b'-', m1, m2, b'-', d1, d2] if year.len() == 4 => day_of(year, &[*m1, *m2], &[*d1, *d2]),
        _ => None,
    }
}

/// The day of these digits, if the month has it.
fn day_of(year: &[u8], month: &[u8], day: &[u8]) -> Option<i32> {
    let number = |digits: &[u8]| {
        let each = |sum: i32, digit: &u8| digit.is_ascii_digit().then(|| sum * 10 + i32::from(digit - b'0'));
        digits.iter().try_fold(0, each)
    };
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    let day_number = days(year, month.clamp(1, 12), day);
    (day <= 28 && (1..=12).contains(&month) && day > 0 || civil(day_number) == (year, month, day)).then_some(day_number)
}
