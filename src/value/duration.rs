//! Lengths of time, in months and days.

use std::cmp::Ordering;
use std::fmt;

use super::truth::Truth;

/// The mean length of a month in the Gregorian calendar, in days: 146,097 days in 4,800 months.
const MONTH: f64 = 30.436_875;

/// A length of time: months and days, which the calendar alone can turn into one another, and hours.
///
/// A difference of two dates that are known within bounds is known within bounds: from `days` to `days + spread`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Duration {
    /// Calendar months.
    pub months: i32,
    /// Days.
    pub days: i32,
    /// Hours.
    pub hours: i32,
    /// How many days more it may be; `u32::MAX` is without limit.
    pub spread: u32,
}

impl Duration {
    /// So many days.
    pub fn of_days(days: i32) -> Self {
        Self { days, ..Self::default() }
    }

    /// So many of a unit, given in months and in hours; a fraction of a month is days.
    pub fn of_units(count: f64, months: i32, hours: i32) -> Option<Self> {
        let whole = (count * f64::from(months)).trunc();
        let rest = count * f64::from(months) - whole;
        let hours = count * f64::from(hours) + (rest * MONTH).round() * 24.0;
        let days = (hours / 24.0).trunc();
        let fits = |value: f64| (value.abs() <= 1e9).then_some(value as i32);
        Some(Self { months: fits(whole)?, days: fits(days)?, hours: fits((hours - days * 24.0).round())?, spread: 0 })
    }

    /// Its shortest length in days, a month counted as 30.436875.
    pub fn nominal(self) -> f64 {
        f64::from(self.months) * MONTH + f64::from(self.days) + f64::from(self.hours) / 24.0
    }

    fn longest(self) -> f64 {
        if self.spread == u32::MAX { f64::INFINITY } else { self.nominal() + f64::from(self.spread) }
    }

    /// Whether it is shorter than `other`.
    pub fn less(self, other: Self) -> Truth {
        Truth::from_bounds(self.longest() < other.nominal(), self.nominal() < other.longest())
    }

    /// Whether both are equally long.
    pub fn equal(self, other: Self) -> Truth {
        let certain = self.spread == 0 && other.spread == 0 && self.nominal().to_bits() == other.nominal().to_bits();
        Truth::from_bounds(certain, self.nominal() <= other.longest() && other.nominal() <= self.longest())
    }

    /// The order in which durations are sorted.
    pub fn order(self, other: Self) -> Ordering {
        let parts = |duration: Self| (duration.spread, duration.months, duration.days, duration.hours);
        self.nominal().total_cmp(&other.nominal()).then(parts(self).cmp(&parts(other)))
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            months: self.months.checked_add(other.months)?,
            days: self.days.checked_add(other.days)?,
            hours: self.hours.checked_add(other.hours)?,
            spread: self.spread.saturating_add(other.spread),
        })
    }

    /// The same length the other way.
    pub fn negate(self) -> Option<Self> {
        let longest =
            if self.spread == u32::MAX { return None } else { self.days.checked_add_unsigned(self.spread)? };
        Some(Self {
            months: self.months.checked_neg()?,
            days: longest.checked_neg()?,
            hours: self.hours.checked_neg()?,
            spread: self.spread,
        })
    }

    /// ISO 8601: `P9M`, `P303D`, `PT12H`; one known within bounds is `P29D/P31D`.
    pub fn iso(self) -> String {
        let (years, months) = (self.months / 12, self.months % 12);
        let part = |value: i32, unit: &str| if value == 0 { String::new() } else { format!("{value}{unit}") };
        let date = [part(years, "Y"), part(months, "M")].concat();
        let one = |days: i32| {
            let time = part(self.hours, "H");
            let time = if time.is_empty() { time } else { format!("T{time}") };
            let all = [date.clone(), part(days, "D"), time].concat();
            if all.is_empty() { "P0D".to_owned() } else { format!("P{all}") }
        };
        match self.spread {
            0 => one(self.days),
            u32::MAX => format!("{}/..", one(self.days)),
            spread => format!("{}/{}", one(self.days), one(self.days.saturating_add_unsigned(spread))),
        }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = |value: i32, name: &str| match value {
            0 => None,
            1 | -1 => Some(format!("{value} {name}")),
            _ => Some(format!("{value} {name}s")),
        };
        let days = match self.spread {
            0 => unit(self.days, "day"),
            u32::MAX => Some(format!("{} days or more", self.days)),
            spread => Some(format!("{} to {} days", self.days, i64::from(self.days) + i64::from(spread))),
        };
        let parts = [unit(self.months / 12, "year"), unit(self.months % 12, "month"), days, unit(self.hours, "hour")];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let text = if parts.is_empty() { "0 days".to_owned() } else { parts.join(" ") };
        if self.months == 0 && self.spread == 0 {
            let length = f64::from(self.days);
            if length.abs() >= 730.0 {
                return write!(formatter, "{text} ({:.1} years)", length / (MONTH * 12.0));
            }
            if length.abs() >= 60.0 {
                return write!(formatter, "{text} ({:.1} months)", length / MONTH);
            }
        }
        formatter.write_str(&text)
    }
}
