//! Dates that may be known only within bounds, and extents of days: reading, showing and comparing them.
//!
//! A [`Date`] is one day, somewhere between two bounds. A [`Period`] is all the days from the first to the last.

use std::fmt;

use super::calendar::{Bucket, add_months, civil, days, month_length, weekday};
use super::duration::Duration;
use super::truth::Truth;

/// The day before every day.
const OPEN_START: i32 = i32::MIN;
/// The day after every day.
const OPEN_END: i32 = i32::MAX;

/// One day, somewhere from `earliest` to `latest`, in days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Date {
    /// The first day that it may be; `i32::MIN` is without bound.
    pub earliest: i32,
    /// The last day that it may be; `i32::MAX` is without bound.
    pub latest: i32,
    /// Marked uncertain in its source, `?`; widens no bounds.
    pub uncertain: bool,
    /// Marked approximate in its source, `~`; widens no bounds.
    pub approximate: bool,
}

/// All the days from `first` to `last`, in days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// The first day; `i32::MIN` is without bound.
    pub first: i32,
    /// The last day; `i32::MAX` is without bound.
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

    /// The days that it may be.
    pub fn bounds(self) -> Period {
        Period { first: self.earliest, last: self.latest }
    }

    /// How precisely it is known.
    pub fn certainty(self) -> Certainty {
        let bounds = self.bounds();
        if bounds.first == bounds.last {
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
            let moved = i64::from(add_months(day_number, duration.months))
                + i64::from(duration.days)
                + i64::from(duration.hours).div_euclid(24)
                + more;
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
    /// As a query writes it: `2024`, `2024-Q2`, `2024-05`, `2024-W20`, `2024-05-16`, `2024-05-07..2024-07-11`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == OPEN_START || self.last == OPEN_END {
            return write!(formatter, "{}", DayRange(*self));
        }
        let (year, month, _) = civil(self.first);
        if self.first == self.last {
            write!(formatter, "{}", Day(self.first))
        } else if *self == Bucket::Month.of(self.first) {
            write!(formatter, "{year:04}-{month:02}")
        } else if *self == Bucket::Year.of(self.first) {
            write!(formatter, "{year:04}")
        } else if *self == Bucket::Quarter.of(self.first) {
            write!(formatter, "{year:04}-Q{}", (month + 2) / 3)
        } else if *self == Bucket::Week.of(self.first) {
            let (week_year, ..) = civil(self.first + 3);
            write!(formatter, "{week_year:04}-W{:02}", (self.first - week_one(week_year)) / 7 + 1)
        } else {
            write!(formatter, "{}", DayRange(*self))
        }
    }
}

struct Day(i32);

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(self.0);
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
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
    let number = |part: &str, length: usize| -> Option<i32> {
        (part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok()).flatten()
    };
    let year = sign * number(digits.get(..4)?, 4)?;
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
    let day = day.split_once('T').map_or(day, |(day, _)| day);
    let day = number(day, 2).filter(|day| (1..=month_length(year, month)).contains(day))?;
    let first = days(year, month, day);
    Some(Period { first, last: first })
}

/// When an event began and when it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edtf {
    /// When it began.
    pub start: Date,
    /// When it ended, the same unless it lasted.
    pub end: Date,
}

/// A date of ISO 8601-2 (EDTF): level 1, and from level 2 one day of a range, `[2024-05-20..2024-06-03]`.
///
/// ```
/// let date = demarche::value::parse_edtf("2024-05-23/2024-05-24").unwrap();
/// assert_eq!(date.end.to_string(), "2024-05-24");
/// assert!(demarche::value::parse_edtf("2024-02-30").is_none());
/// ```
pub fn parse_edtf(text: &str) -> Option<Edtf> {
    let Some((start, end)) = text.split_once('/') else {
        let start = parse_point(text)?;
        return Some(Edtf { start, end: start });
    };
    let open = |text: &str| text.is_empty() || text == "..";
    match (open(start), open(end)) {
        (true, true) => None,
        (true, false) => {
            let end = parse_point(end)?;
            Some(Edtf { start: Date::within(Period { first: OPEN_START, last: end.latest }), end })
        }
        (false, true) => {
            let start = parse_point(start)?;
            Some(Edtf { start, end: Date::within(Period { first: start.earliest, last: OPEN_END }) })
        }
        (false, false) => {
            let (start, end) = (parse_point(start)?, parse_point(end)?);
            (start.earliest <= end.latest).then_some(Edtf { start, end })
        }
    }
}

fn parse_point(text: &str) -> Option<Date> {
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let (first, last) = inner.split_once("..")?;
        let first = if first.is_empty() { OPEN_START } else { parse_qualified(first)?.earliest };
        let last = if last.is_empty() { OPEN_END } else { parse_qualified(last)?.latest };
        return (first <= last && (first, last) != (OPEN_START, OPEN_END))
            .then(|| Date::within(Period { first, last }));
    }
    parse_qualified(text)
}

fn parse_qualified(text: &str) -> Option<Date> {
    let (plain, uncertain, approximate) = match text.as_bytes().last()? {
        b'?' => (&text[..text.len() - 1], true, false),
        b'~' => (&text[..text.len() - 1], false, true),
        b'%' => (&text[..text.len() - 1], true, true),
        _ => (text, false, false),
    };
    let plain = plain.strip_suffix("-XX").unwrap_or(plain);
    let plain = plain.strip_suffix("-XX").unwrap_or(plain);
    let digits = plain.strip_suffix("XX").or_else(|| plain.strip_suffix('X'));
    let bounds = match digits {
        Some(digits) if plain.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            let fill = |digit: &str| parse_period(&format!("{digits}{}", digit.repeat(4 - digits.len())));
            fill("0")?.to(fill("9")?)
        }
        Some(_) => return None,
        None if plain.contains(['Q', 'W']) => return None,
        None => parse_period(plain)?,
    };
    Some(Date { uncertain, approximate, ..Date::within(bounds) })
}
