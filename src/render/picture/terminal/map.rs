//! A map of letters: land, shaded countries, dotted places, and what they are below.

use super::super::borders::Land;
use super::super::map::{Map, Mark, Part};
use super::{DIM, Look, flowing, shade, shades};

/// How much higher than wide a letter is.
const LETTER: f64 = 2.0;
/// So many marks are listed below the map.
const MOST_LISTED: usize = 30;

pub(super) fn lines(map: &Map, look: Look) -> Vec<String> {
    let Part { west, east, south, north } = map.part;
    let width = look.width;
    let height = ((north - south) / (east - west) * width as f64 / LETTER).round().max(4.0) as usize;
    let lands: Vec<(&Land, (f64, f64, f64, f64))> = map.lands.iter().map(|land| (land, land.bounds())).collect();
    let mut cells: Vec<Vec<Sign>> = vec![vec![Sign::Sea; width]; height];
    for (row, cells) in cells.iter_mut().enumerate() {
        for (column, cell) in cells.iter_mut().enumerate() {
            let x = west + (column as f64 + 0.5) / width as f64 * (east - west);
            let y = north - (row as f64 + 0.5) / height as f64 * (north - south);
            if let Some(number) = country(&lands, (x, y)) {
                *cell =
                    map.of_country(number).map_or(Sign::Land, |mark| Sign::Shade(map.shades.shade(mark.amount.size)));
            }
        }
    }
    let dots: Vec<&Mark> = map.marks.iter().filter(|mark| mark.country.is_none()).collect();
    for (place, mark) in dots.iter().enumerate().rev() {
        let column = (mark.at.0 - west) / (east - west) * width as f64;
        let row = (north - mark.at.1) / (north - south) * height as f64;
        if (0.0..width as f64).contains(&column) && (0.0..height as f64).contains(&row) {
            cells[row as usize][column as usize] = Sign::Mark(place);
        }
    }
    let mut lines: Vec<String> = cells.iter().map(|cells| painted(cells, look)).collect();
    lines.push(String::new());
    let has_shades = map.marks.iter().any(|mark| mark.country.is_some());
    if has_shades {
        lines.extend(shades(&map.shades.said(), look));
    }
    let mut signs = (0..).map(|place| sign(place, look));
    let named = |mark: &Mark| {
        let sign = if mark.country.is_none() { signs.next().map(|sign| format!("{sign} ")) } else { None };
        let sign = sign.unwrap_or_default();
        format!("{sign}{} {}", if mark.name.is_empty() { "unnamed" } else { &mark.name }, mark.amount.text)
    };
    let mut listed: Vec<String> = map.marks.iter().take(MOST_LISTED).map(named).collect();
    let more = map.marks.len().saturating_sub(MOST_LISTED);
    listed.extend((more > 0).then(|| format!("and {more} more")));
    lines.extend(flowing(&listed, look.width));
    lines
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Sea,
    Land,
    Shade(usize),
    Mark(usize),
}

/// The country at a place. A land within another is a hole in it.
fn country<'a>(lands: &[(&'a Land, (f64, f64, f64, f64))], place: (f64, f64)) -> Option<&'a str> {
    let (x, y) = place;
    let near = lands
        .iter()
        .filter(|(_, (west, east, south, north))| (*west..=*east).contains(&x) && (*south..=*north).contains(&y));
    let mut found: Vec<&str> = Vec::new();
    for (land, _) in near.filter(|(land, _)| land.holds(place)) {
        match found.iter().position(|country| *country == land.country) {
            Some(at) => drop(found.remove(at)),
            None => found.push(land.country),
        }
    }
    found.first().copied()
}

/// The letter of a place: `a` is the one of which there is most.
fn sign(place: usize, look: Look) -> char {
    let other = if look.ascii { '*' } else { '●' };
    ('A'..='Z').nth(place).unwrap_or(other)
}

fn painted(cells: &[Sign], look: Look) -> String {
    let runs = cells.chunk_by(|one, other| one == other);
    let run = |run: &[Sign]| {
        let of = |letter: char| letter.to_string().repeat(run.len());
        match run[0] {
            Sign::Sea => of(' '),
            Sign::Land => look.paint(&of(if look.ascii { '.' } else { '·' }), DIM),
            Sign::Shade(level) => look.in_series(&of(shade(level, look)), 0),
            Sign::Mark(place) => look.in_series(&of(sign(place, look)), 1),
        }
    };
    runs.map(run).collect()
}
