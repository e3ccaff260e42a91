//! Where the rows of each day stand in a table whose rows are in the order of their days.

use std::ops::Range;

/// Rows in the order of their days: the first row of each day, as far as days are not much rarer than rows.
#[derive(Debug, Clone)]
pub struct DayStarts {
    /// The day of the first row.
    first: i32,
    /// The first row that is not before each day from `first` on, and how many rows there are.
    starts: Vec<u32>,
}

impl DayStarts {
    /// Of days in their order; `None` where these are spread over more days than there are rows.
    pub(super) fn new(days: &[i32]) -> Option<Self> {
        let (&first, &last) = (days.first()?, days.last()?);
        let span = usize::try_from(i64::from(last) - i64::from(first) + 1).ok().filter(|&span| span <= days.len())?;
        let mut starts = Vec::with_capacity(span + 1);
        let (mut start, mut usual) = (0, 1);
        for day in first..=last {
            starts.push(start as u32);
            let count = up_to(&days[start..], day, usual);
            start += count;
            usual = usual.max(count);
        }
        starts.push(start as u32);
        Some(Self { first, starts })
    }

    /// The rows from one day to another.
    pub fn rows(&self, first: i32, last: i32) -> Range<usize> {
        let start = self.start(first.into());
        start..self.start(i64::from(last) + 1).max(start)
    }

    /// The first row that is not before a day.
    fn start(&self, day: i64) -> usize {
        let place = (day - i64::from(self.first)).clamp(0, self.starts.len() as i64 - 1);
        self.starts[place as usize] as usize
    }
}

/// How many of these days, which are in order, are not after `last`; it is found sooner if they are about as many as is usual.
fn up_to(days: &[i32], last: i32, usual: usize) -> usize {
    let near = days.len().min(usual.saturating_mul(2));
    let within = if near > 0 && days[near - 1] > last { near } else { days.len() };
    days[..within].partition_point(|&day| day <= last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_days_are_those_that_a_search_finds() {
        let days: Vec<i32> = [3, 3, 3, 5, 6, 6, 9, 9, 9, 9].to_vec();
        let starts = DayStarts::new(&days).expect("there are fewer days than rows");
        for first in 0..12 {
            for last in 0..12 {
                let start = days.partition_point(|&day| day < first);
                let end = days.partition_point(|&day| day <= last).max(start);
                assert_eq!(starts.rows(first, last), start..end, "{first} to {last}");
            }
        }
        assert_eq!(starts.rows(i32::MIN, i32::MAX), 0..10);
        assert!(DayStarts::new(&[1, 5]).is_none());
        assert!(DayStarts::new(&[]).is_none());
    }
}
