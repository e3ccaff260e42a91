//! Cells as numbers that can be drawn.

use crate::answer::Cell;
use crate::value::Duration;

/// Larger numbers are drawn as this one, so that scales and sums have room.
const LARGEST: f64 = 1e290;

/// A number, and how it is said.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Amount {
    /// How much: a number, or the days of a duration.
    pub size: f64,
    /// As the answer says it.
    pub text: String,
}

impl Amount {
    /// The number of a cell, if it has one.
    pub(super) fn of(cell: &Cell) -> Option<Self> {
        let size = match cell {
            Cell::Int(value) => *value as f64,
            Cell::Float(value) => *value,
            Cell::Duration(duration) => days(*duration),
            _ => return None,
        };
        size.is_finite().then(|| Self { size: size.clamp(-LARGEST, LARGEST), text: cell.to_string() })
    }
}

/// The days of a duration, in the middle of its bounds where it has two.
fn days(duration: Duration) -> f64 {
    let spread = if duration.spread == u32::MAX { 0 } else { duration.spread };
    duration.nominal() + f64::from(spread) / 2.0
}

#[cfg(test)]
mod tests {
    use super::{Duration, days};

    #[test]
    fn durations_are_days() {
        let of = |months, days, hours, spread| Duration { months, days, hours, spread };
        for (duration, expected) in [
            (of(0, 3, 0, 0), 3.0),
            (of(12, 0, 0, 0), 365.2425),
            (of(0, 2, 0, 3), 3.5),
            (of(0, 4, 0, u32::MAX), 4.0),
            (of(0, 1, 12, 0), 1.5),
            (of(0, -2, 0, 0), -2.0),
        ] {
            assert_eq!(days(duration).to_bits(), f64::to_bits(expected), "{duration}");
        }
    }
}
