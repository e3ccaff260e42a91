//! Scales: from numbers and days to places on an axis, with ticks at round numbers and at starts of calendar units.

use crate::value::{Bucket, Period, civil};

/// A scale from `low` to `high`, 0 among them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    pub low: f64,
    pub high: f64,
}

impl Scale {
    /// The scale of these numbers; there may be none.
    pub(super) fn of(sizes: impl Iterator<Item = f64>) -> Self {
        let (low, high) = sizes.fold((0.0_f64, 0.0_f64), |(low, high), size| (low.min(size), high.max(size)));
        Self { low, high: if high > low { high } else { 1.0 } }
    }

    /// Where a number lies, from 0 to 1.
    pub(super) fn at(self, size: f64) -> f64 {
        ((size - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// Round numbers on it, at most so many.
    pub(super) fn ticks(self, most: usize) -> Vec<f64> {
        let step = step(self.high - self.low, most);
        let first = (self.low / step).ceil();
        let count = ((self.high / step).floor() - first).clamp(0.0, most as f64 * 2.0) as usize;
        (0..=count).map(|place| (first + place as f64) * step).collect()
    }

    /// The same scale, with its ends at round numbers.
    pub(super) fn rounded(self, most: usize) -> Self {
        let step = step(self.high - self.low, most);
        Self { low: (self.low / step).floor() * step, high: (self.high / step).ceil() * step }
    }
}

/// How many shades there are.
const SHADES: usize = 4;

/// A scale in shades, from the lightest to the darkest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shades {
    scale: Scale,
    /// How many of the shades are used: one for each number where these are few and whole.
    steps: usize,
    is_whole: bool,
}

impl Shades {
    /// The shades of these numbers.
    pub(super) fn of(sizes: impl Iterator<Item = f64> + Clone) -> Self {
        let scale = Scale::of(sizes.clone());
        let is_whole = sizes.into_iter().all(|size| size.fract() == 0.0);
        let is_few = scale.low >= 0.0 && scale.high <= SHADES as f64;
        Self { scale, steps: if is_whole && is_few { scale.high.max(1.0) as usize } else { SHADES }, is_whole }
    }

    /// The shade of a number, from 1; 0 where it is nothing.
    pub(super) fn shade(self, size: f64) -> usize {
        if size == 0.0 && self.scale.low >= 0.0 {
            return 0;
        }
        self.spread(((self.scale.at(size) * self.steps as f64).ceil() as usize).clamp(1, self.steps))
    }

    /// The shades that are used, each with up to how much it says.
    pub(super) fn said(self) -> Vec<(usize, String)> {
        let Scale { low, high } = self.scale;
        let most = |step: usize| {
            let most = low + (high - low) * step as f64 / self.steps as f64;
            tick(if self.is_whole { most.floor() } else { most })
        };
        (1..=self.steps).map(|step| (self.spread(step), most(step))).collect()
    }

    /// Few steps take shades that are easy to tell apart.
    fn spread(self, step: usize) -> usize {
        (step * SHADES).div_ceil(self.steps)
    }
}

/// 1, 2 or 5 times a power of ten, of which at most so many fit.
fn step(length: f64, most: usize) -> f64 {
    let least = length / most.max(1) as f64;
    let power = 10_f64.powf(least.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= least * 0.999_999).unwrap_or(10.0);
    factor * power
}

/// A number of an axis, as short as it can be said.
pub(super) fn tick(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    match value.abs() {
        size if size >= 1e12 => format!("{value:.2e}"),
        size if size >= 1e6 && value % 1e5 == 0.0 => format!("{} M", value / 1e6),
        size if size >= 1e4 && value % 1e2 == 0.0 => format!("{} k", value / 1e3),
        size if size > 0.0 && size < 1e-5 => format!("{value:.2e}"),
        _ => rounded.to_string(),
    }
}

/// How many of a unit of the calendar lie before a day.
pub(super) fn index(bucket: Bucket, day: i32) -> i64 {
    let (year, month, _) = civil(day);
    let (year, months) = (i64::from(year), i64::from(year) * 12 + i64::from(month) - 1);
    match bucket {
        Bucket::Decade => year.div_euclid(10),
        Bucket::Year => year,
        Bucket::Quarter => months.div_euclid(3),
        Bucket::Month => months,
        Bucket::Week => (i64::from(day) + 3).div_euclid(7),
        Bucket::Day => i64::from(day),
    }
}

/// Starts of calendar units in these days, each with its name, at most so many.
pub(super) fn calendar_ticks(days: Period, most: usize) -> Vec<(i32, String)> {
    const STEPS: [(Bucket, i64); 13] = [
        (Bucket::Day, 1),
        (Bucket::Day, 2),
        (Bucket::Week, 1),
        (Bucket::Week, 2),
        (Bucket::Month, 1),
        (Bucket::Month, 3),
        (Bucket::Month, 6),
        (Bucket::Year, 1),
        (Bucket::Year, 2),
        (Bucket::Year, 5),
        (Bucket::Year, 10),
        (Bucket::Year, 20),
        (Bucket::Year, 50),
    ];
    let coarser = (2..6).flat_map(|power| [1, 2, 5].map(|factor| (Bucket::Year, factor * 10_i64.pow(power))));
    let most = most.max(2);
    for (unit, step) in STEPS.into_iter().chain(coarser) {
        let count = (index(unit, days.last) - index(unit, days.first)) / step;
        // The first unit may have begun before these days.
        if count as usize > most {
            continue;
        }
        let ticks = starts(unit, step, days);
        if ticks.len() <= most {
            return ticks;
        }
    }
    Vec::new()
}

/// The starts of every so manyth unit in these days, and their names.
fn starts(unit: Bucket, step: i64, days: Period) -> Vec<(i32, String)> {
    let units = std::iter::successors(Some(unit.of(days.first)), |period| Some(unit.of(period.last + 1)));
    let inside = units.take_while(|period| period.first <= days.last);
    let starts = inside
        .filter(|period| period.first >= days.first && index(unit, period.first).rem_euclid(step) == 0)
        .map(|period| (period.first, if unit == Bucket::Week { Bucket::Day.of(period.first) } else { period }));
    starts.map(|(first, named)| (first, named.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::{Scale, Shades, calendar_ticks, tick};
    use crate::value::parse_period;

    #[test]
    fn ticks_are_round_and_few() {
        let shown =
            |low: f64, high: f64| Scale { low, high }.ticks(5).into_iter().map(tick).collect::<Vec<_>>().join(" ");
        assert_eq!(shown(0.0, 9.0), "0 2 4 6 8");
        assert_eq!(shown(-3.0, 0.4), "-3 -2 -1 0");
        assert_eq!(shown(0.0, 0.37), "0 0.1 0.2 0.3");
        assert_eq!(shown(0.0, 2_400_000.0), "0 500 k 1 M 1.5 M 2 M");
        assert!(Scale { low: -1e290, high: 1e290 }.ticks(5).len() < 12);
    }

    #[test]
    fn few_whole_numbers_have_a_shade_each() {
        let shades = |sizes: &[f64]| {
            let shades = Shades::of(sizes.iter().copied());
            sizes.iter().map(|&size| shades.shade(size).to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shades(&[0.0, 1.0, 2.0]), "0 2 4");
        assert_eq!(shades(&[1.0, 3.0, 9.0]), "1 2 4");
        assert_eq!(shades(&[0.2, 1.0]), "1 4");
        assert_eq!(shades(&[-1.0, 0.0, 1.0]), "1 2 4");
        assert_eq!(Shades::of([1.0, 2.0].into_iter()).said(), [(2, "1".to_owned()), (4, "2".to_owned())]);
    }

    #[test]
    fn a_calendar_has_ticks_at_starts_of_its_units() {
        let shown = |first: &str, last: &str, most| {
            let days = parse_period(first).expect("a period").to(parse_period(last).expect("a period"));
            calendar_ticks(days, most).into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown("2024-05-07", "2024-07-11", 3), "2024-06 2024-07");
        assert_eq!(shown("2024-05-07", "2024-05-10", 4), "2024-05-07 2024-05-08 2024-05-09 2024-05-10");
        assert_eq!(shown("2000-05", "2024-07", 6), "2005 2010 2015 2020");
        assert_eq!(shown("0001", "9999", 5), "2000 4000 6000 8000");
    }
}
