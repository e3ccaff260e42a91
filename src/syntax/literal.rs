//! Numbers, dates and escapes: from their text to their value, or to what is wrong with them.

use jiff::civil::{Date, ISOWeekDate, Weekday};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::ast::Unit;
use crate::ir::token::TokenKind;
use crate::span::Span;

/// The words of calendar time, one and several.
const UNITS: &[(&str, &str, Unit)] = &[
    ("hour", "hours", Unit::Hour),
    ("day", "days", Unit::Day),
    ("week", "weeks", Unit::Week),
    ("month", "months", Unit::Month),
    ("quarter", "quarters", Unit::Quarter),
    ("year", "years", Unit::Year),
];

/// The unit that `word` names, in the singular or the plural.
pub(super) fn unit(word: &str) -> Option<Unit> {
    UNITS.iter().find(|entry| entry.0 == word || entry.1 == word).map(|entry| entry.2)
}

/// The unit that `word` names after `this` or `last`.
pub(super) fn period(word: &str) -> Option<Unit> {
    UNITS
        .iter()
        .find(|entry| entry.0 == word)
        .map(|entry| entry.2)
        .filter(|unit| !matches!(unit, Unit::Hour | Unit::Day))
}

/// The kind and length of the number or date at the start of `rest`, which starts with a digit; `start` is its place.
pub(super) fn scan_number(rest: &str, start: usize) -> (TokenKind, usize, Option<Diagnostic>) {
    let digits = length_of(rest, |byte| byte.is_ascii_digit());
    if digits == 4
        && let Some((length, checked)) = scan_date(rest)
    {
        return judge(TokenKind::Date, length, start, checked);
    }
    let (kind, length) = scan_decimal(rest);
    let tail = length_of(&rest[length..], |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let text = &rest[..length + tail];
    let ends_loosely = |digits: &str| digits.ends_with('_');
    let checked = if tail > 0 || rest[..length].split(['.', 'e', 'E']).any(ends_loosely) {
        let (number, word) = (&rest[..length], &rest[length..length + tail]);
        let help = match unit(word) {
            Some(_) => format!("a blank stands before the unit: `{number} {word}`"),
            None => "a name starts with a letter; any other name goes in backquotes".to_owned(),
        };
        Err((format!("`{}` is no number", shorten(text)), help))
    } else if kind == TokenKind::Integer {
        integer(text).map(drop).ok_or_else(|| {
            let help = "an integer is at most 9223372036854775807; with a fraction, such as `.0`, it is a float";
            (format!("`{}` does not fit 64 bits", shorten(text)), help.to_owned())
        })
    } else {
        float(text).map(drop).ok_or_else(|| {
            (format!("`{}` is too large", shorten(text)), "the largest float is about 1.8e308".to_owned())
        })
    };
    judge(kind, length + tail, start, checked)
}

type Checked = Result<(), (String, String)>;

fn judge(kind: TokenKind, length: usize, start: usize, checked: Checked) -> (TokenKind, usize, Option<Diagnostic>) {
    match checked {
        Ok(()) => (kind, length, None),
        Err((message, help)) => {
            let span = Span::new(start, start + length);
            (TokenKind::Invalid, length, Some(Diagnostic::new(Code::BAD_LITERAL, span, message).help(help)))
        }
    }
}

fn length_of(text: &str, accepts: impl Fn(u8) -> bool) -> usize {
    text.bytes().position(|byte| !accepts(byte)).unwrap_or(text.len())
}

/// The text, cut where it is long enough to drown a message.
pub(super) fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    match line.char_indices().nth(40) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None if line.len() < text.len() => format!("{line}…"),
        None => line.to_owned(),
    }
}

fn scan_decimal(rest: &str) -> (TokenKind, usize) {
    let bytes = rest.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let digits = |from: usize| from + length_of(&rest[from..], |byte| byte.is_ascii_digit() || byte == b'_');
    let mut kind = TokenKind::Integer;
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') && is_digit(end + 1) {
        kind = TokenKind::Float;
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if is_digit(end + 1 + sign) {
            kind = TokenKind::Float;
            end = digits(end + 1 + sign);
        }
    }
    (kind, end)
}

/// The value of an integer token.
pub(super) fn integer(text: &str) -> Option<i64> {
    text.replace('_', "").parse().ok()
}

/// The value of a number token.
pub(super) fn float(text: &str) -> Option<f64> {
    text.replace('_', "").parse().ok().filter(|value: &f64| value.is_finite())
}

/// The length of the date that starts with four digits and goes on after a `-`, and whether it exists.
fn scan_date(rest: &str) -> Option<(usize, Checked)> {
    let bytes = rest.as_bytes();
    let word = |from: usize| from + length_of(&rest[from..], |byte| byte.is_ascii_alphanumeric());
    let starts_part = |at: usize| {
        bytes.get(at) == Some(&b'-')
            && match bytes.get(at + 1) {
                Some(b'Q' | b'W') => bytes.get(at + 2).is_some_and(u8::is_ascii_digit),
                next => next.is_some_and(u8::is_ascii_digit),
            }
    };
    if !starts_part(4) {
        return None;
    }
    let mut end = word(5);
    if bytes[5].is_ascii_digit() && starts_part(end) {
        end = word(end + 1);
        if rest[..end].contains('T') {
            while let Some(byte) = bytes.get(end) {
                let goes_on = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
                let part = byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'+' | b'-' | b'.') && goes_on;
                if !part {
                    break;
                }
                end += 1;
            }
        }
    }
    Some((end, check_date(&rest[..end])))
}

fn check_date(text: &str) -> Checked {
    let wrong = |help: String| Err((format!("the date `{}` does not exist", shorten(text)), help));
    let (year_text, part) = text.split_at(5);
    let year: i16 = year_text[..4].parse().unwrap_or(0);
    if let Some(quarter) = part.strip_prefix('Q') {
        return match quarter {
            "1" | "2" | "3" | "4" => Ok(()),
            _ => wrong("a year has four quarters, `Q1` to `Q4`".to_owned()),
        };
    }
    if let Some(week) = part.strip_prefix('W') {
        let last = if ISOWeekDate::new(year, 53, Weekday::Monday).is_ok() { 53 } else { 52 };
        return match two_digits(week) {
            None => wrong(format!("a week has two digits: `{year_text}W05`")),
            Some(number) if number < 1 || number > last => wrong(format!("{year} has {last} weeks")),
            Some(_) => Ok(()),
        };
    }
    let (month_text, after) = part.split_once('-').map_or((part, None), |(month, after)| (month, Some(after)));
    let month = match two_digits(month_text) {
        None if month_text.len() == 1 => {
            let blank = format!("a subtraction has blanks: `{year:04} - {month_text}`");
            return wrong(format!("a month has two digits: `{year_text}0{month_text}`; {blank}"));
        }
        None => return wrong(format!("a month has two digits: `{year_text}05`")),
        Some(month) if !(1..=12).contains(&month) => return wrong("a year has twelve months".to_owned()),
        Some(month) => month,
    };
    let Some(after) = after else { return Ok(()) };
    let (day_text, time) = after.split_once('T').map_or((after, None), |(day, time)| (day, Some(time)));
    let last = Date::new(year, month, 1).map_or(31, Date::days_in_month);
    match two_digits(day_text) {
        None => return wrong(format!("a day has two digits: `{year_text}{month_text}-05`")),
        Some(day) if day < 1 || day > last => {
            return wrong(format!("{} {year} has {last} days", MONTHS[month as usize - 1]));
        }
        Some(_) => {}
    }
    match time {
        Some(time) if !is_time(time) => wrong(format!("a time is written `{year_text}{month_text}-{day_text}T09:30Z`")),
        _ => Ok(()),
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn two_digits(text: &str) -> Option<i8> {
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Whether `text` is `HH:MM`, with seconds and a fraction of them or without, with `Z` or an offset or without.
fn is_time(text: &str) -> bool {
    let (clock, offset) = match text.find(['Z', '+', '-']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let below = |part: &str, limit: i8| two_digits(part).is_some_and(|value| value < limit);
    let parts: Vec<&str> = clock.split(':').collect();
    let clock_is_right = match parts.as_slice() {
        [hour, minute] => below(hour, 24) && below(minute, 60),
        [hour, minute, second] => {
            let (whole, fraction) = second.split_once('.').unwrap_or((second, "0"));
            let digits = (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
            below(hour, 24) && below(minute, 60) && below(whole, 60) && digits
        }
        _ => false,
    };
    let offset_is_right = match offset.strip_prefix(['+', '-']) {
        Some(rest) => rest.split_once(':').is_some_and(|(hour, minute)| below(hour, 24) && below(minute, 60)),
        None => offset.is_empty() || offset == "Z",
    };
    clock_is_right && offset_is_right
}

/// One escape at the start of `rest`, which starts with `\`: its length and its character, if it is one.
pub(super) fn scan_escape(rest: &str) -> (usize, Option<char>) {
    let Some(letter) = rest[1..].chars().next() else { return (1, None) };
    let simple = match letter {
        'n' => '\n',
        't' => '\t',
        '\\' | '"' | '\'' => letter,
        'u' => return scan_unicode(rest),
        _ => return (1 + letter.len_utf8(), None),
    };
    (2, Some(simple))
}

fn scan_unicode(rest: &str) -> (usize, Option<char>) {
    let Some(inner) = rest[2..].strip_prefix('{') else { return (2, None) };
    let digits = length_of(inner, |byte| byte.is_ascii_hexdigit());
    if !inner[digits..].starts_with('}') {
        return (3 + digits, None);
    }
    let value = (1..=6).contains(&digits).then(|| u32::from_str_radix(&inner[..digits], 16).ok()).flatten();
    (4 + digits, value.and_then(char::from_u32))
}

/// The text between the quotes of `quoted`, with its escapes undone.
pub(super) fn unescape(quoted: &str) -> String {
    let mut rest = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or("");
    let mut text = String::with_capacity(rest.len());
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let (length, value) = scan_escape(&rest[at..]);
        text.extend(value);
        rest = &rest[at + length..];
    }
    text.push_str(rest);
    text
}
