//! Cells as times: the extent of days that a period is, and a date within its bounds.

use crate::answer::Cell;
use crate::value::{Bucket, Certainty, Date, Period, parse_edtf, parse_period};

/// The unbounded ends of a date.
const OPEN: [i32; 2] = [i32::MIN, i32::MAX];

/// The extent of days of a cell: `2024-05`, `2024-05-07..2024-07-11`; not of a date that is known within bounds.
pub(super) fn period(cell: &Cell) -> Option<Period> {
    let period = match cell {
        Cell::Period(period) => *period,
        Cell::Date(date) if date.certainty() != Certainty::Range && !date.uncertain && !date.approximate => {
            date.bounds()
        }
        Cell::Text(text) => match text.split_once("..") {
            Some((first, last)) => parse_period(first)?.to(parse_period(last)?),
            None => parse_period(text)?,
        },
        _ => return None,
    };
    let is_bounded = !OPEN.contains(&period.first) && !OPEN.contains(&period.last);
    (is_bounded && period.first <= period.last).then_some(period)
}

/// When the event of a cell began, or what extent it has: from the first day to the last, each within bounds.
pub(super) fn extent(cell: &Cell, kind: &str) -> Option<(Date, Date)> {
    if kind == "period" {
        return period(cell).map(|period| (Date::day(period.first), Date::day(period.last)));
    }
    let (start, end) = match cell {
        Cell::Date(date) => (*date, *date),
        Cell::Text(text) => parse_edtf(text).map(|found| (found.start, found.end))?,
        _ => return None,
    };
    let is_bounded = |date: Date| !OPEN.contains(&date.earliest) && !OPEN.contains(&date.latest);
    (is_bounded(start) && is_bounded(end)).then_some((start, end))
}

/// The unit of the calendar that each of these is, if they are in its order.
pub(super) fn unit(periods: &[Period]) -> Option<Bucket> {
    let is_in_order = periods.is_sorted_by_key(|period| period.first);
    let is_one = |unit: &Bucket| periods.iter().all(|period| unit.of(period.first) == *period);
    Bucket::ALL.into_iter().rev().find(|unit| is_in_order && !periods.is_empty() && is_one(unit))
}

/// So many of a unit: `1 month`, `11 months`.
pub(super) fn counted(count: i64, unit: Bucket) -> String {
    format!("{count} {}{}", unit.name(), if count == 1 { "" } else { "s" })
}
