//! What stands instead of the numbers of a damaged file that cannot be right: what is missing, so that nothing is looked up
//! where nothing is; no query is answered from then on. A column is looked through when it is first asked for.

use crate::store::{NO_DAY, StoredDate};
use crate::value::days as day;

/// Any number is right.
pub(super) fn nothing<T>(_: &[T]) -> Option<Vec<T>> {
    None
}

/// Codes up to `most`; those beyond are missing.
pub(super) fn codes<T: Copy + Ord + Default>(most: T) -> impl Fn(&[T]) -> Option<Vec<T>> {
    move |codes| {
        let highest = codes.iter().fold(T::default(), |highest, &code| highest.max(code));
        (highest > most).then(|| codes.iter().map(|&code| if code > most { T::default() } else { code }).collect())
    }
}

/// Days of the calendar; others are missing.
pub(super) fn days(days: &[i32]) -> Option<Vec<i32>> {
    let is_wrong = days.iter().fold(false, |is_wrong, &day| is_wrong | !is_day(day));
    is_wrong.then(|| days.iter().map(|&day| if is_day(day) { day } else { NO_DAY }).collect())
}

/// Days in their order, of which none is missing; another is as late as the one before.
pub(super) fn in_order(days: &[i32]) -> Option<Vec<i32>> {
    if days.is_sorted() && days.iter().all(|&day| is_day(day) && day != NO_DAY) {
        return None;
    }
    let mut latest = 0;
    let mut next = |day: i32| {
        if is_day(day) && day != NO_DAY {
            latest = latest.max(day);
        }
        latest
    };
    Some(days.iter().map(|&day| next(day)).collect())
}

/// Dates within bounds that are not the wrong way round.
pub(super) fn dates(dates: &[StoredDate]) -> Option<Vec<StoredDate>> {
    const MISSING: StoredDate = [0, 0, 4];
    let is_bound = |day: i32| is_day(day) || day == i32::MIN;
    let is_right = |[earliest, latest, marks]: StoredDate| {
        is_bound(earliest) && is_bound(latest) && earliest <= latest && (0..8).contains(&marks)
    };
    let mend = |&date: &StoredDate| if is_right(date) { date } else { MISSING };
    dates.iter().any(|&date| !is_right(date)).then(|| dates.iter().map(mend).collect())
}

/// Where each list starts among so many items; if that is not in order, no list has any.
pub(super) fn starts(items: usize) -> impl Fn(&[u32]) -> Option<Vec<u32>> {
    move |starts| {
        let is_right = starts.is_sorted() && starts.last().is_none_or(|&last| last as usize <= items);
        (!is_right).then(|| vec![0; starts.len()])
    }
}

/// Where each text ends among so many bytes; if that is not in order, all are empty.
pub(super) fn ends<T: Copy + Ord + Default + Into<u64>>(bytes: u64) -> impl Fn(&[T]) -> Option<Vec<T>> {
    move |ends| {
        let is_right = ends.is_sorted() && ends.last().is_none_or(|&last| last.into() <= bytes);
        (!is_right).then(|| vec![T::default(); ends.len()])
    }
}

/// Rows in their order; if they are not among so many, there are none.
pub(super) fn rows(rows: usize) -> impl Fn(&[u32]) -> Option<Vec<u32>> {
    move |missing| {
        let is_right = missing.is_sorted() && missing.last().is_none_or(|&last| (last as usize) < rows);
        (!is_right).then(Vec::new)
    }
}

fn is_day(number: i32) -> bool {
    number == NO_DAY || (day(-99_999, 1, 1)..=day(99_999, 12, 31)).contains(&number)
}
