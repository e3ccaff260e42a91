//! Cells as numbers that can be drawn.

use crate::answer::Cell;

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
            Cell::Duration(_, iso) => days(iso)?,
            _ => return None,
        };
        size.is_finite().then(|| Self { size: size.clamp(-LARGEST, LARGEST), text: cell.to_string() })
    }
}

/// The days of an ISO duration, in the middle of its bounds where it has two: `P1Y2M3D`, `P2D/P5D`.
fn days(iso: &str) -> Option<f64> {
    match iso.split_once('/') {
        Some((least, "..")) => days(least),
        Some((least, most)) => Some(f64::midpoint(days(least)?, days(most)?)),
        None => {
            let (date, time) = iso.strip_prefix('P')?.split_once('T').unwrap_or((&iso[1..], ""));
            Some(
                sum(date, &[('Y', 365.2425), ('M', 30.436_875), ('W', 7.0), ('D', 1.0)])?
                    + sum(time, &[('H', 1.0 / 24.0)])?,
            )
        }
    }
}

/// The sum of parts such as `3D`, each times what its unit is.
fn sum(parts: &str, units: &[(char, f64)]) -> Option<f64> {
    let parts = parts.split_inclusive(char::is_alphabetic).map(|part| {
        let unit = part.chars().next_back()?;
        let (_, size) = units.iter().find(|(name, _)| *name == unit)?;
        Some(part.trim_end_matches(unit).parse::<f64>().ok()? * size)
    });
    parts.sum()
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn durations_are_days() {
        for (iso, expected) in
            [("P3D", 3.0), ("P1Y", 365.2425), ("P2D/P5D", 3.5), ("P4D/..", 4.0), ("P1DT12H", 1.5), ("P-2D", -2.0)]
        {
            assert_eq!(days(iso), Some(expected), "{iso}");
        }
        assert_eq!(days("soon"), None);
    }
}
