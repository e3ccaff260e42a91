//! The countries of the world as rings of points. `datasets/borders` says where they come from.

/// The outline of one land.
#[derive(Debug, Clone)]
pub(super) struct Land {
    /// The number of its country in ISO 3166-1 and M49; `-` without one.
    pub country: &'static str,
    /// Its points, degrees east and north.
    pub points: Vec<(f64, f64)>,
}

/// All lands but Antarctica. A land within another, such as Lesotho, is a hole in it, too.
pub(super) fn lands() -> Vec<Land> {
    let land = |line: &'static str| {
        let (country, points) = line.split_once(' ')?;
        let point = |point: &str| {
            let (east, north) = point.split_once(',')?;
            Some((east.parse::<f64>().ok()? / 10.0, north.parse::<f64>().ok()? / 10.0))
        };
        Some(Land { country, points: points.split(' ').map(point).collect::<Option<_>>()? })
    };
    include_str!("borders.txt").lines().filter_map(land).collect()
}

impl Land {
    /// Whether a place lies in the outline.
    pub(super) fn holds(&self, (east, north): (f64, f64)) -> bool {
        let mut inside = false;
        let ends = self.points.iter().zip(self.points.iter().cycle().skip(1));
        for ((x1, y1), (x2, y2)) in ends {
            if (*y1 > north) != (*y2 > north) && east < (x2 - x1) * (north - y1) / (y2 - y1) + x1 {
                inside = !inside;
            }
        }
        inside
    }

    /// From where to where it reaches: west, east, south, north.
    pub(super) fn bounds(&self) -> (f64, f64, f64, f64) {
        let start = (f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY);
        self.points.iter().fold(start, |(west, east, south, north), (x, y)| {
            (west.min(*x), east.max(*x), south.min(*y), north.max(*y))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::lands;

    #[test]
    fn places_lie_in_their_countries() {
        let lands = lands();
        assert!(lands.len() > 200);
        let of = |place: (f64, f64)| {
            let mut found: Vec<&str> = lands.iter().filter(|land| land.holds(place)).map(|land| land.country).collect();
            found.sort_unstable();
            found.join(" ")
        };
        let cases = [
            ((37.6, 55.8), "643"),
            ((116.4, 39.9), "156"),
            ((34.1, 45.0), "804"),
            ((-77.0, 38.9), "840"),
            ((-30.0, 30.0), ""),
        ];
        for (place, country) in cases {
            assert_eq!(of(place), country, "{place:?}");
        }
        assert_eq!(of((28.3, -29.5)), "426 710 710", "a hole is crossed twice");
    }
}
