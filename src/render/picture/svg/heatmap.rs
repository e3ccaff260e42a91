//! A heat map in SVG: fields in rows, the names of the columns above them.

use super::super::heatmap::Heatmap;
use super::{Element, SMALL, TINY, label, shades, wide};

/// How high a field is, and how wide at most.
const HIGH: f64 = 26.0;
const WIDEST: f64 = 84.0;

/// The heat map, and how high it is drawn.
pub(super) fn draw(map: &Heatmap, width: f64) -> (Element, f64) {
    let mut drawn = Element::new("g");
    let longest = map.rows.iter().map(|name| wide(name, SMALL)).fold(0.0, f64::max);
    let left = longest.min(width * 0.38) + 8.0;
    let field = ((width - left) / map.columns.len().max(1) as f64).min(WIDEST);
    let top = heads(map, left, field, width, &mut drawn);
    for (place, (name, fields)) in map.rows.iter().zip(&map.fields).enumerate() {
        let y = top + place as f64 * HIGH;
        drawn.add(label("dm-ink dm-small", (left - 8.0, y + HIGH / 2.0 + 4.0), "end", name, left - 8.0));
        for (column, amount) in fields.iter().enumerate() {
            let at = (left + column as f64 * field, y);
            let Some(amount) = amount else { continue };
            let shade = map.shades.shade(amount.size);
            let apart = if field > 6.0 { 1.0 } else { 0.0 };
            let size = (field - apart, HIGH - 1.0);
            let said = format!("{name}, {}: {}", map.columns[column], amount.text);
            drawn.add(Element::rectangle(&format!("dm-q{shade}"), at, size).titled(&said));
            if wide(&amount.text, TINY) + 4.0 <= field {
                let class = if shade > 2 { "dm-light dm-tiny" } else { "dm-dark dm-tiny" };
                let middle = (at.0 + size.0 / 2.0, y + HIGH / 2.0 + 3.5);
                drawn.add(Element::text(class, middle, "middle", &amount.text));
            }
        }
    }
    let floor = top + map.rows.len() as f64 * HIGH + 10.0;
    let height = shades(&mut drawn, floor, width, &map.measure, &map.shades.said());
    (drawn, height)
}

/// The names of the columns: level where they fit, else upright, of many only some.
fn heads(map: &Heatmap, left: f64, field: f64, width: f64, drawn: &mut Element) -> f64 {
    let longest = map.columns.iter().map(|name| wide(name, TINY)).fold(0.0, f64::max);
    let middle = |place: usize| left + (place as f64 + 0.5) * field;
    if longest + 4.0 <= field {
        for (place, name) in map.columns.iter().enumerate() {
            drawn.add(Element::text("dm-soft dm-tiny", (middle(place), 11.0), "middle", name));
        }
        return 18.0;
    }
    let high = longest.min(width * 0.3).min(130.0);
    let every = (14.0 / field).ceil().max(1.0) as usize;
    for (place, name) in map.columns.iter().enumerate().step_by(every) {
        let (x, y) = (middle(place) + 4.0, high);
        let turned = format!("rotate(-90 {} {})", super::Px(x), super::Px(y));
        drawn.add(label("dm-soft dm-tiny", (x, y), "start", name, high).with("transform", turned));
    }
    high + 6.0
}
