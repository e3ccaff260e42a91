//! A map in SVG: shaded countries, dotted places and their names.

use super::super::borders::Land;
use super::super::map::{Map, Part};
use super::{Element, Px, TINY, shades, wide};

/// So many places and countries are named on the map.
const MOST_NAMES: usize = 14;
/// More dots than this are half as large.
const MANY_DOTS: usize = 40;

/// The map, and how high it is drawn.
pub(super) fn draw(map: &Map, width: f64) -> (Element, f64) {
    let Part { west, east, south, north } = map.part;
    let height = width * (north - south) / (east - west);
    let place = |(x, y): (f64, f64)| ((x - west) / (east - west) * width, (north - y) / (north - south) * height);
    // What lies beyond the edges of an inner picture is cut off.
    let mut inner = Element::new("svg").px("width", width).px("height", height);
    inner.add(Element::rectangle("dm-sea", (0.0, 0.0), (width, height)));
    // What is marked comes after the other lands, so that its outline is whole.
    let mut lands = countries(&map.lands);
    lands.sort_by_key(|(number, _)| map.of_country(number).is_some());
    for (number, rings) in lands {
        let path: String = rings.iter().map(|land| ring(land, &place)).collect();
        let mark = map.of_country(number);
        let class = mark.map_or("dm-land".to_owned(), |mark| {
            format!("dm-land dm-marked dm-q{}", map.shades.shade(mark.amount.size))
        });
        let shape = Element::new("path").with("class", class).with("d", path);
        inner.add(match mark {
            Some(mark) => shape.titled(&format!("{}: {}", mark.name, mark.amount.text)),
            None => shape,
        });
    }
    let dots: Vec<_> = map.marks.iter().filter(|mark| mark.country.is_none()).collect();
    let largest = if dots.len() > MANY_DOTS { 5.0 } else { 10.0 };
    // The smallest last, so that none is hidden.
    for mark in dots {
        let radius = largest * (0.3 + 0.7 * (map.shades.shade(mark.amount.size) as f64 / 4.0).sqrt());
        let said = format!("{}: {}", mark.name, mark.amount.text);
        inner.add(Element::circle("dm-dot", place(mark.at), radius).titled(&said));
    }
    names(map, &place, (width, height), &mut inner);
    let mut drawn = Element::new("g").holding(inner);
    let has_shades = map.marks.iter().any(|mark| mark.country.is_some());
    let floor = height + 10.0;
    if !has_shades {
        drawn.add(Element::circle("dm-dot", (8.0, floor + 6.0), 5.0));
        let said = format!("{}: the larger, the more", map.measure);
        drawn.add(Element::text("dm-soft dm-tiny", (20.0, floor + 10.0), "start", &said));
        return (drawn, floor + 18.0);
    }
    let height = shades(&mut drawn, floor, width, &map.measure, &map.shades.said());
    (drawn, height)
}

/// The rings of each country.
fn countries(lands: &[Land]) -> Vec<(&str, Vec<&Land>)> {
    let numbers = lands.chunk_by(|one, other| one.country == other.country);
    numbers.map(|rings| (rings[0].country, rings.iter().collect())).collect()
}

fn ring(land: &Land, place: &dyn Fn((f64, f64)) -> (f64, f64)) -> String {
    let points = land.points.iter().map(|&point| {
        let (x, y) = place(point);
        format!("{} {}", Px(x), Px(y))
    });
    format!("M{}Z", points.collect::<Vec<_>>().join("L"))
}

/// The names of what is marked most, where there is room for them.
fn names(map: &Map, place: &dyn Fn((f64, f64)) -> (f64, f64), (width, height): (f64, f64), inner: &mut Element) {
    let dots = map.marks.iter().filter(|mark| mark.country.is_none()).map(|mark| place(mark.at));
    let mut taken: Vec<(f64, f64, f64, f64)> = dots.map(|(x, y)| (x - 6.0, y - 6.0, x + 6.0, y + 6.0)).collect();
    let most = taken.len() + MOST_NAMES;
    for mark in map.marks.iter().filter(|mark| !mark.name.is_empty()) {
        if taken.len() >= most {
            break;
        }
        let (x, y) = place(mark.at);
        let long = wide(&mark.name, TINY);
        let sides = if mark.country.is_some() { [-long / 2.0, 6.0] } else { [12.0, -12.0 - long] };
        let free = sides.into_iter().map(|side| (x + side, y - 7.0, x + side + long, y + 7.0)).find(|found| {
            let is_inside = found.0 >= 0.0 && found.2 <= width && found.1 >= 0.0 && found.3 <= height;
            is_inside
                && !taken
                    .iter()
                    .any(|other| found.0 < other.2 && found.2 > other.0 && found.1 < other.3 && found.3 > other.1)
        });
        let Some(free) = free else { continue };
        taken.push(free);
        inner.add(Element::text("dm-name dm-tiny", (free.0, y + 4.0), "start", &mark.name));
    }
}
