//! A map: countries that are shaded and places that are dotted, by how much there is of each, and what part of the world it
//! shows.

use indexmap::{IndexMap, IndexSet};

use super::amount::Amount;
use super::borders::{Land, lands};
use super::scale::Shades;
use super::{clean, counted, some_of};
use crate::answer::{Answer, Cell, Position};

/// The whole map: west, east, south, north.
const WORLD: Part = Part { west: -180.0, east: 180.0, south: -58.0, north: 84.0 };
/// So many places are drawn.
const MOST_MARKS: usize = 2000;
/// A map shows at least so much, in degrees from west to east.
const NARROWEST: f64 = 70.0;
/// How far what is marked stays from the edge, in degrees.
const ROOM: f64 = 12.0;

/// A part of the world, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    pub west: f64,
    pub east: f64,
    pub south: f64,
    pub north: f64,
}

/// What is marked on a map.
#[derive(Debug, Clone)]
pub(super) struct Map {
    /// What the marks measure.
    pub measure: String,
    /// The part of the world.
    pub part: Part,
    /// The lands in it.
    pub lands: Vec<Land>,
    /// What is marked, the largest first.
    pub marks: Vec<Mark>,
    /// How dark or large they are.
    pub shades: Shades,
}

/// A place or a country.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub name: String,
    pub amount: Amount,
    /// Degrees east and north.
    pub at: (f64, f64),
    /// The number of the country that is shaded; without one it is a dot.
    pub country: Option<String>,
}

impl Map {
    /// The map of an answer, and what should be said of it.
    pub(super) fn of(
        answer: &Answer,
        place: Option<usize>,
        degrees: Option<(usize, usize)>,
        value: Option<usize>,
        positions: &[Position],
    ) -> (Self, Vec<String>) {
        let lands = lands();
        let mut marks: IndexMap<String, (Mark, usize)> = IndexMap::new();
        let mut unplaced: IndexSet<String> = IndexSet::new();
        let positions: IndexMap<String, &Position> =
            positions.iter().map(|position| (clean(&position.name), position)).collect();
        let shown: IndexSet<&str> = lands.iter().map(|land| land.country).collect();
        let mut nowhere = 0;
        for row in &answer.rows {
            let names = place.map_or(&[] as &[Cell], |place| row[place].items());
            let mut found: Vec<(String, (f64, f64), Option<String>)> = Vec::new();
            if let Some((north, east)) = degrees {
                let at = Amount::of(&row[east]).zip(Amount::of(&row[north]));
                let name = names.first().map(|name| clean(&name.to_string())).unwrap_or_default();
                found.extend(at.map(|(east, north)| (name, (east.size, north.size), None)));
                nowhere += usize::from(found.is_empty());
            } else {
                nowhere += usize::from(names.is_empty());
                for name in names.iter().map(|name| clean(&name.to_string())) {
                    let Some(Position { latitude, longitude, country, .. }) = positions.get(&name) else {
                        unplaced.insert(name);
                        continue;
                    };
                    let country = country.clone().filter(|country| shown.contains(country.as_str()));
                    found.push((name, (*longitude, *latitude), country));
                }
            }
            let amount = value.and_then(|value| Amount::of(&row[value]));
            for (name, at, country) in found {
                let key = if name.is_empty() { format!("{at:?}") } else { name.clone() };
                let one = amount
                    .clone()
                    .unwrap_or(Amount { size: f64::from(u8::from(value.is_none())), text: String::new() });
                let new = Mark { name, amount: one.clone(), at, country };
                let (mark, rows) = marks.entry(key).or_insert((new, 0));
                *rows += 1;
                if *rows > 1 {
                    mark.amount = Amount { size: mark.amount.size + one.size, text: String::new() };
                }
            }
        }
        let mut marks: Vec<Mark> = marks.into_values().map(|(mark, _)| mark).collect();
        for mark in marks.iter_mut().filter(|mark| mark.amount.text.is_empty()) {
            mark.amount.text = mark.amount.size.to_string();
        }
        marks.sort_by(|one, other| other.amount.size.total_cmp(&one.amount.size));
        let mut notes = Vec::new();
        if marks.len() > MOST_MARKS {
            notes.push(format!("the {MOST_MARKS} largest of {} places are drawn", marks.len()));
            marks.truncate(MOST_MARKS);
        }
        if nowhere > 0 {
            notes.push(format!("{} without a place cannot be drawn", counted(nowhere, "row")));
        }
        if !unplaced.is_empty() {
            notes.push(format!(
                "the data does not say where these lie: {}",
                some_of(&unplaced.into_iter().collect::<Vec<_>>())
            ));
        }
        let part = part(&marks);
        let shown = lands.into_iter().filter(|land| {
            let (west, east, south, north) = land.bounds();
            west <= part.east && east >= part.west && south <= part.north && north >= part.south
        });
        let measure = value.map_or("rows".to_owned(), |value| clean(&answer.columns[value].name));
        let shades = Shades::of(marks.iter().map(|mark| mark.amount.size));
        (Self { measure, part, lands: shown.collect(), marks, shades }, notes)
    }

    /// The mark of a country.
    pub(super) fn of_country(&self, number: &str) -> Option<&Mark> {
        self.marks.iter().find(|mark| mark.country.as_deref() == Some(number))
    }

    /// What it shows, in words.
    pub(super) fn said(&self) -> String {
        const MOST: usize = 12;
        let of = |mark: &Mark| format!("{} {}", mark.name, mark.amount.text);
        let mut said: Vec<String> = self.marks.iter().take(MOST).map(of).collect();
        let more = self.marks.len().saturating_sub(MOST);
        said.extend((more > 0).then(|| format!("and {more} more")));
        format!("Map of {} with {}: {}.", self.measure, counted(self.marks.len(), "mark"), said.join("; "))
    }
}

/// The part of the world in which all marks lie, with room around them, in the proportions of the whole map.
fn part(marks: &[Mark]) -> Part {
    let ends = |of: fn(&Mark) -> f64| {
        marks.iter().map(of).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)))
    };
    let ((west, east), (south, north)) = (ends(|mark| mark.at.0), ends(|mark| mark.at.1));
    if marks.is_empty() {
        return WORLD;
    }
    let proportion = (WORLD.north - WORLD.south) / (WORLD.east - WORLD.west);
    let wide = (east - west + 2.0 * ROOM).max((north - south + 2.0 * ROOM) / proportion).max(NARROWEST);
    if wide >= WORLD.east - WORLD.west {
        return WORLD;
    }
    let high = wide * proportion;
    let west = (f64::midpoint(west, east) - wide / 2.0).clamp(WORLD.west, WORLD.east - wide);
    let south = (f64::midpoint(south, north) - high / 2.0).clamp(WORLD.south, WORLD.north - high);
    Part { west, east: west + wide, south, north: south + high }
}
