//! Lines in SVG, above a calendar or a scale of numbers.

use super::super::line::{Axis, Line, Lines, Point};
use super::super::scale::tick;
use super::bar::time_ticks;
use super::{Element, Px, TINY, legend, wide};

/// How high a plot is.
const PLOT: f64 = 240.0;
/// So many points of a line have a dot each.
const MOST_DOTS: usize = 80;

/// The lines, and how high they are drawn.
pub(super) fn draw(lines: &Lines, width: f64) -> (Element, f64) {
    let mut drawn = Element::new("g");
    let names: Vec<String> = lines.series.iter().map(|line| line.name.clone()).collect();
    let top = if names.len() > 1 { legend(&mut drawn, &names, width) } else { 0.0 };
    let ticks = lines.scale.ticks(5);
    let left = ticks.iter().map(|&value| wide(&tick(value), TINY)).fold(0.0, f64::max) + 10.0;
    let right = width - 6.0;
    let floor = top + 18.0 + PLOT;
    let y = |size: f64| floor - lines.scale.at(size) * PLOT;
    let x = |at: f64| left + at * (right - left);
    drawn.add(Element::text("dm-soft dm-tiny", (0.0, top + 8.0), "start", &lines.measure));
    for value in ticks {
        drawn.add(Element::line("dm-grid", (left, y(value)), (right, y(value))));
        drawn.add(Element::text("dm-soft dm-tiny", (left - 6.0, y(value) + 4.0), "end", &tick(value)));
    }
    for (place, line) in lines.series.iter().enumerate() {
        draw_line(line, place, &x, &y, &mut drawn);
    }
    drawn.add(Element::line("dm-axis", (left, y(0.0)), (right, y(0.0))));
    match lines.axis {
        Axis::Days(days) => time_ticks(&mut drawn, days, (left, right), floor),
        Axis::Numbers(scale) => {
            for value in scale.ticks(((right - left) / 60.0) as usize) {
                let at = (x(lines.axis.at(value)), floor + 16.0);
                drawn.add(Element::text("dm-soft dm-tiny", at, "middle", &tick(value)));
            }
        }
    }
    (drawn, floor + 24.0)
}

fn draw_line(line: &Line, place: usize, x: &dyn Fn(f64) -> f64, y: &dyn Fn(f64) -> f64, drawn: &mut Element) {
    let count: usize = line.pieces.iter().map(Vec::len).sum();
    for piece in &line.pieces {
        let at = |point: &Point| format!("{} {}", Px(x(point.at)), Px(y(point.amount.size)));
        if piece.len() > 1 {
            let path = piece.iter().map(at).collect::<Vec<_>>().join("L");
            drawn.add(
                Element::new("path")
                    .with("class", format_args!("dm-line dm-s{place}"))
                    .with("d", format_args!("M{path}")),
            );
        }
        for point in piece.iter().filter(|_| count <= MOST_DOTS || piece.len() == 1) {
            let high = y(point.amount.size);
            if let Some((from, to)) = point.within {
                drawn.add(Element::line(&format!("dm-line dm-s{place} dm-open"), (x(from), high), (x(to), high)));
            }
            let name = if line.name.is_empty() { String::new() } else { format!(", {}", line.name) };
            let said = format!("{}{name}: {}", point.label, point.amount.text);
            drawn.add(Element::circle(&format!("dm-f{place}"), (x(point.at), high), 3.0).titled(&said));
        }
    }
}
