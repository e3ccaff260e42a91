//! Dates that may be known only within bounds, and extents of days: reading, showing and comparing them.
//!
//! A [`Date`] is one day, somewhere between two bounds. A [`Period`] is all the days from the first to the last.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::calendar::{Bucket, add_months, civil, days, month_length, weekday};
use super::duration::Duration;
use super::truth::Truth;

/// The day before every day.
const OPEN_START: i32 = i32::MIN;
/// The day after every day.
const OPEN_END: i32 = i32::MAX;

/// One day, somewhere from `earliest` to `latest`, in days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Date {
    /// The first day that it may be; `i32::MIN` is without bound.
    #[serde(with = "super::iso")]
    pub earliest: i32,
    /// The last day that it may be; `i32::MAX` is without bound.
    #[serde(with = "super::iso")]
    pub latest: i32,
    /// Marked uncertain in its source, `?`; widens no bounds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uncertain: bool,
    /// Marked approximate in its source, `~`; widens no bounds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approximate: bool,
}

/// All the days from `first` to `last`, in days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    /// The first day; `i32::MIN` is without bound.
    #[serde(with = "super::iso")]
    pub first: i32,
    /// The last day; `i32::MAX` is without bound.
    #[serde(with = "super::iso")]
    pub last: i32,
}

/// How precisely a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Certainty {
    /// To the day.
    Day,
    /// To a calendar month.
    Month,
    /// To a calendar year.
    Year,
    /// Within other bounds.
    Range,
}

impl Date {
    /// A day known exactly.
    pub fn day(day_number: i32) -> Self {
        Self::within(Period { first: day_number, last: day_number })
    }

    /// Some day of a period.
    pub fn within(period: Period) -> Self {
        Self { earliest: period.first, latest: period.last, uncertain: false, approximate: false }
    }

    /// The day that it is, if that is known exactly and in no doubt.
    pub fn as_day(self) -> Option<i32> {
        (self == Self::day(self.earliest) && self.certainty() == Certainty::Day).then_some(self.earliest)
    }

    /// The days that it may be.
    pub fn bounds(self) -> Period {
        Period { first: self.earliest, last: self.latest }
    }

    /// How precisely it is known.
    pub fn certainty(self) -> Certainty {
        let bounds = self.bounds();
        if bounds.first == OPEN_START || bounds.last == OPEN_END {
            Certainty::Range
        } else if bounds.first == bounds.last {
            Certainty::Day
        } else if bounds == Bucket::Month.of(bounds.first) {
            Certainty::Month
        } else if bounds == Bucket::Year.of(bounds.first) {
            Certainty::Year
        } else {
            Certainty::Range
        }
    }

    /// The bucket that it falls into, if all the days that it may be fall into the same.
    pub fn bucket(self, bucket: Bucket) -> Option<Period> {
        if self.earliest == OPEN_START || self.latest == OPEN_END {
            return None;
        }
        let period = bucket.of(self.earliest);
        (self.latest <= period.last).then_some(period)
    }

    /// Whether it is before `period` starts.
    pub fn before(self, period: Period) -> Truth {
        Truth::from_bounds(self.latest < period.first, self.earliest < period.first)
    }

    /// Whether it is after `period` ends.
    pub fn after(self, period: Period) -> Truth {
        Truth::from_bounds(self.earliest > period.last, self.latest > period.last)
    }

    /// Whether it is a day of `period`.
    pub fn is_in(self, period: Period) -> Truth {
        let certain = self.earliest >= period.first && self.latest <= period.last;
        Truth::from_bounds(certain, self.earliest <= period.last && self.latest >= period.first)
    }

    /// Whether it is an earlier day than `other`.
    pub fn less(self, other: Self) -> Truth {
        Truth::from_bounds(self.latest < other.earliest, self.earliest < other.latest)
    }

    /// Whether both are the same day.
    pub fn equal(self, other: Self) -> Truth {
        let certain = self.earliest == self.latest && self.bounds() == other.bounds();
        Truth::from_bounds(certain, self.earliest <= other.latest && other.earliest <= self.latest)
    }

    /// The day that is so much later; `None` where it would leave the calendar.
    pub fn later_by(self, duration: Duration) -> Option<Self> {
        let shift = |day_number: i32, more: i64| -> Option<i32> {
            if day_number == OPEN_START || day_number == OPEN_END {
                return Some(day_number);
            }
            let months_on = if duration.months == 0 { day_number } else { add_months(day_number, duration.months) };
            let moved =
                i64::from(months_on) + i64::from(duration.days) + i64::from(duration.hours).div_euclid(24) + more;
            let limit = i64::from(days(99_999, 1, 1));
            (-limit..=limit).contains(&moved).then_some(moved as i32)
        };
        let spread = if duration.spread == u32::MAX { None } else { Some(i64::from(duration.spread)) };
        let latest = match spread {
            Some(spread) => shift(self.latest, spread)?,
            None => OPEN_END,
        };
        Some(Self { earliest: shift(self.earliest, 0)?, latest, ..self })
    }

    /// How long after `other` it is; `None` where a bound is open.
    pub fn since(self, other: Self) -> Option<Duration> {
        if [self.earliest, other.earliest].contains(&OPEN_START) || [self.latest, other.latest].contains(&OPEN_END) {
            return None;
        }
        let shortest = i64::from(self.earliest) - i64::from(other.latest);
        let longest = i64::from(self.latest) - i64::from(other.earliest);
        let spread = u32::try_from(longest - shortest).ok()?;
        Some(Duration { spread, ..Duration::of_days(i32::try_from(shortest).ok()?) })
    }
}

impl fmt::Display for Date {
    /// As ISO 8601-2 writes it: `2024-05-16`, `2024-06`, `2024~`, `[2024-05-22..2024-05-23]`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bounds = self.bounds();
        match self.certainty() {
            Certainty::Range => write!(formatter, "[{}]", DayRange(bounds))?,
            _ => write!(formatter, "{bounds}")?,
        }
        formatter.write_str(match (self.uncertain, self.approximate) {
            (true, true) => "%",
            (true, false) => "?",
            (false, true) => "~",
            (false, false) => "",
        })
    }
}

impl fmt::Display for Period {
    /// As a query writes it: `2020..2029`, `2024`, `2024-Q2`, `2024-05`, `2024-W20`, `2024-05-16`, `2024-05-07..2024-07-11`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == OPEN_START || self.last == OPEN_END {
            return write!(formatter, "{}", DayRange(*self));
        }
        let (year, month, _) = civil(self.first);
        let year = Year(year);
        if self.first == self.last {
            write!(formatter, "{}", Day(self.first))
        } else if *self == Bucket::Month.of(self.first) {
            write!(formatter, "{year}-{month:02}")
        } else if *self == Bucket::Year.of(self.first) {
            write!(formatter, "{year}")
        } else if *self == Bucket::Quarter.of(self.first) {
            write!(formatter, "{year}-Q{}", (month + 2) / 3)
        } else if *self == Bucket::Decade.of(self.first) {
            write!(formatter, "{year}..{}", Year(year.0 + 9))
        } else if *self == Bucket::Week.of(self.first) {
            let (week_year, ..) = civil(self.first + 3);
            write!(formatter, "{}-W{:02}", Year(week_year), (self.first - week_one(week_year)) / 7 + 1)
        } else {
            write!(formatter, "{}", DayRange(*self))
        }
    }
}

/// A year of four digits, and a sign before those before year 0.
struct Year(i32);

impl fmt::Display for Year {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(formatter, "{sign}{:04}", self.0.unsigned_abs())
    }
}

struct Day(i32);

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(self.0);
        if !(0..10_000).contains(&year) {
            return write!(formatter, "{}-{month:02}-{day:02}", Year(year));
        }
        formatter.write_str(digits(&mut [0; 10], (year, month, day)))
    }
}

/// A day of a year of four digits. Answers are full of days, and this is several times as fast as to format numbers.
fn digits(text: &mut [u8; 10], (year, month, day): (i32, i32, i32)) -> &str {
    *text = *b"0000-00-00";
    for (place, unit) in [
        (0, year / 1000),
        (1, year / 100),
        (2, year / 10),
        (3, year),
        (5, month / 10),
        (6, month),
        (8, day / 10),
        (9, day),
    ] {
        text[place] += (unit % 10) as u8;
    }
    std::str::from_utf8(text).unwrap_or_default()
}

struct DayRange(Period);

impl fmt::Display for DayRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.first != OPEN_START {
            write!(formatter, "{}", Day(self.0.first))?;
        }
        formatter.write_str("..")?;
        if self.0.last != OPEN_END {
            write!(formatter, "{}", Day(self.0.last))?;
        }
        Ok(())
    }
}

impl Period {
    /// All days.
    pub const ALWAYS: Self = Self { first: OPEN_START, last: OPEN_END };

    /// The calendar year.
    pub fn year(year: i32) -> Self {
        Self { first: days(year, 1, 1), last: days(year, 12, 31) }
    }

    /// From the start of this one to the end of `other`.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { first: self.first, last: other.last }
    }
}

/// The Monday of the first ISO week of a year.
fn week_one(year: i32) -> i32 {
    let fourth = days(year, 1, 4);
    fourth - weekday(fourth)
}

/// The extent that a date of a query covers: `2024`, `2024-Q2`, `2024-05`, `2024-W20`, `2024-05-16`; a time is dropped.
pub fn parse_period(text: &str) -> Option<Period> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let year = number(digits.get(..4)?, 4).filter(|&year| year > 0 || sign > 0)? * sign;
    let Some(part) = digits[4..].strip_prefix('-') else {
        return digits[4..].is_empty().then(|| Period::year(year));
    };
    if let Some(quarter) = part.strip_prefix('Q') {
        let quarter = number(quarter, 1).filter(|quarter| (1..=4).contains(quarter))?;
        return Some(Bucket::Quarter.of(days(year, quarter * 3, 1)));
    }
    if let Some(week) = part.strip_prefix('W') {
        let first = week_one(year) + (number(week, 2).filter(|&week| week >= 1)? - 1) * 7;
        return (first < week_one(year + 1)).then_some(Period { first, last: first + 6 });
    }
    let month = number(part.get(..2)?, 2).filter(|month| (1..=12).contains(month))?;
    let Some(day) = part[2..].strip_prefix('-') else {
        return part[2..].is_empty().then(|| Bucket::Month.of(days(year, month, 1)));
    };
    let day = match day.split_once('T') {
        Some((day, time)) => is_time(time).then_some(day)?,
        None => day,
    };
    let day = number(day, 2).filter(|day| (1..=month_length(year, month)).contains(day))?;
    let first = days(year, month, day);
    Some(Period { first, last: first })
}

fn number(part: &str, length: usize) -> Option<i32> {
    (part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok()).flatten()
}

/// Whether this is a time of day: `09:30`, `09:30:00`, `09:30:00.25`, with nothing, `Z`, `+02` or `-04:30` after it.
fn is_time(text: &str) -> bool {
    let is_clock = |text: &str, most: usize| {
        let limits = [23, 59, 59];
        let parts: Vec<&str> = text.split(':').collect();
        parts.len() <= most
            && parts.iter().zip(limits).all(|(part, limit)| number(part, 2).is_some_and(|value| value <= limit))
    };
    let (time, is_zone) = match (text.strip_suffix('Z'), text.find(['+', '-'])) {
        (Some(time), _) => (time, true),
        (None, Some(at)) => (&text[..at], is_clock(&text[at + 1..], 2)),
        (None, None) => (text, true),
    };
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let has_minutes = clock.contains(':');
    is_zone && has_minutes && is_clock(clock, 3) && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

/// When an event began and when it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edtf {
    /// When it began.
    pub start: Date,
    /// When it ended, the same unless it lasted.
    pub end: Date,
}

/// A date of ISO 8601-2 (EDTF): levels 0 and 1, and from level 2 one day of a range, `[2024-05-20..2024-06-03]`.
///
/// A time is checked and dropped: a date is a day. A season is its three months in the north, `2001-21` to `2001-24`
/// for spring to winter, and winter begins in December of the year named. Years of more than four digits, `Y170000002`,
/// are not taken.
///
/// ```
/// let date = demarche::value::parse_edtf("2024-05-23/2024-05-24").unwrap();
/// assert_eq!(date.end.to_string(), "2024-05-24");
/// assert!(demarche::value::parse_edtf("2024-02-30").is_none());
/// ```
pub fn parse_edtf(text: &str) -> Option<Edtf> {
    let Some((start, end)) = text.split_once('/') else {
        let start = if text.contains('T') { parse_period(text).map(Date::within) } else { parse_point(text) }?;
        return Some(Edtf { start, end: start });
    };
    let bound = |text: &str| match text {
        "" | ".." => Some(Date::within(Period::ALWAYS)),
        text => parse_point(text),
    };
    let is_open = |date: Date| date.bounds() == Period::ALWAYS;
    let (mut first, mut last) = (bound(start)?, bound(end)?);
    if is_open(last) {
        last.earliest = first.earliest;
    } else if is_open(first) {
        first.latest = last.latest;
    } else {
        // `XX` leaves open which day it was; otherwise an end within a month or a year is that whole month or year.
        let end_from = if end.contains('X') { last.latest } else { last.earliest };
        if first.earliest > end_from {
            return None;
        }
    }
    Some(Edtf { start: first, end: last })
}

/// One day, with `?`, `~` or `%` after it where it is in doubt.
fn parse_point(text: &str) -> Option<Date> {
    let (plain, uncertain, approximate) = match text.as_bytes().last()? {
        b'?' => (&text[..text.len() - 1], true, false),
        b'~' => (&text[..text.len() - 1], false, true),
        b'%' => (&text[..text.len() - 1], true, true),
        _ => (text, false, false),
    };
    let bounds = match plain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(range) => {
            let (first, last) = range.split_once("..")?;
            let first = if first.is_empty() { OPEN_START } else { parse_unspecified(first)?.first };
            let last = if last.is_empty() { OPEN_END } else { parse_unspecified(last)?.last };
            Some(Period { first, last }).filter(|period| first <= last && *period != Period::ALWAYS)?
        }
        None => parse_unspecified(plain)?,
    };
    Some(Date { uncertain, approximate, ..Date::within(bounds) })
}

/// A year, month, day or season, of which the last digits may be `X`.
fn parse_unspecified(text: &str) -> Option<Period> {
    let year_end = if text.starts_with('-') { 5 } else { 4 };
    let (year, rest) = (text.get(..year_end)?, &text[year_end..]);
    match rest {
        "" | "-XX" | "-XX-XX" if !year.contains('X') => parse_period(year),
        "" => {
            let known = year.strip_suffix("XX").or_else(|| year.strip_suffix('X'))?;
            let fill = |digit: &str| parse_period(&format!("{known}{}", digit.repeat(year.len() - known.len())));
            let (first, last) = (fill(if known.starts_with('-') { "9" } else { "0" }), fill("9"));
            let last = if known.starts_with('-') { fill("0").or_else(|| fill("1")) } else { last };
            Some(first?.to(last?))
        }
        "-21" | "-22" | "-23" | "-24" => {
            let season = number(&rest[1..], 2)? - 20;
            let start = parse_period(&format!("{year}-{:02}", season * 3))?.first;
            Some(Period { first: start, last: add_months(start, 3) - 1 })
        }
        _ if rest.contains(['Q', 'W', 'T']) => None,
        _ => parse_period(text.strip_suffix("-XX").unwrap_or(text)),
    }
}
