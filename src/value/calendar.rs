//! Days since 1970-01-01 to years, months and days of the proleptic Gregorian calendar, and the buckets of a day.

use super::date::Period;

/// The day number of a date; month and day are in range.
///
/// The algorithm is `days_from_civil` of Howard Hinnant's `chrono`-Compatible Low-Level Date Algorithms.
pub fn days(year: i32, month: i32, day: i32) -> i32 {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The year, month and day of a day number: `civil_from_days` of the same source.
pub fn civil(day_number: i32) -> (i32, i32, i32) {
    let shifted = day_number.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i32::from(month <= 2), month, day)
}

/// The day of the week, Monday 0 to Sunday 6.
pub fn weekday(day_number: i32) -> i32 {
    day_number.saturating_add(3).rem_euclid(7)
}

/// How many days a month has.
pub(super) fn month_length(year: i32, month: i32) -> i32 {
    let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    days(next_year, next_month, 1) - days(year, month, 1)
}

/// A day so many months on; the last day of the month where that has fewer.
pub(super) fn add_months(day_number: i32, months: i32) -> i32 {
    let (year, month, day) = civil(day_number);
    let total = i64::from(year) * 12 + i64::from(month) - 1 + i64::from(months);
    let year = total.div_euclid(12).clamp(-999_999, 999_999) as i32;
    let month = total.rem_euclid(12) as i32 + 1;
    let day = if day > 28 { day.min(month_length(year, month)) } else { day };
    days(year, month, day)
}

/// A unit of the calendar that a day falls into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// Ten calendar years, from one that ends in 0.
    Decade,
    /// A calendar year.
    Year,
    /// A quarter of a year.
    Quarter,
    /// A calendar month.
    Month,
    /// A week of ISO 8601, Monday to Sunday.
    Week,
    /// A day.
    Day,
}

impl Bucket {
    /// All of them, the longest first.
    pub const ALL: [Self; 6] = [Self::Decade, Self::Year, Self::Quarter, Self::Month, Self::Week, Self::Day];

    /// Its name, which is that of a function of the language too: `month`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Decade => "decade",
            Self::Year => "year",
            Self::Quarter => "quarter",
            Self::Month => "month",
            Self::Week => "week",
            Self::Day => "day",
        }
    }

    /// The bucket of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bucket| bucket.name() == name)
    }

    /// The bucket that holds a day.
    pub fn of(self, day_number: i32) -> Period {
        let months = |count: i32| {
            let (year, month, _) = civil(day_number);
            let start = days(year, (month - 1) / count * count + 1, 1);
            Period { first: start, last: add_months(start, count) - 1 }
        };
        match self {
            Self::Decade => {
                let start = days(civil(day_number).0.div_euclid(10) * 10, 1, 1);
                Period { first: start, last: add_months(start, 120) - 1 }
            }
            Self::Year => months(12),
            Self::Quarter => months(3),
            Self::Month => months(1),
            Self::Week => {
                let monday = day_number - weekday(day_number);
                Period { first: monday, last: monday + 6 }
            }
            Self::Day => Period { first: day_number, last: day_number },
        }
    }
}
