//! Lines in a plot of letters, with numbers at the left and the calendar below.

use super::super::line::{Axis, Lines};
use super::super::scale::tick;
use super::canvas::Canvas;
use super::timeline::calendar;
use super::{DIM, Look, widest};

/// How many lines of letters a plot is high.
const HEIGHT: usize = 12;

pub(super) fn lines(lines: &Lines, look: Look) -> Vec<String> {
    let mut ticks: Vec<Option<String>> = vec![None; HEIGHT];
    for value in lines.scale.ticks(4) {
        let row = ((1.0 - lines.scale.at(value)) * HEIGHT as f64) as usize;
        ticks[row.min(HEIGHT - 1)] = Some(tick(value));
    }
    let labels = widest(ticks.iter().flatten().map(String::as_str), look.width / 3);
    let plot = look.width.saturating_sub(labels + 2).max(8);
    let mut canvas = Canvas::new(plot, HEIGHT, look);
    let is_alone = lines.series.len() == 1;
    for (place, line) in lines.series.iter().enumerate() {
        let y = |size: f64| 1.0 - lines.scale.at(size);
        for piece in &line.pieces {
            for pair in piece.windows(2) {
                let ends = [&pair[0], &pair[1]].map(|point| (point.at, y(point.amount.size)));
                canvas.line(ends[0], ends[1], Some(place));
            }
            for point in piece {
                if let Some((from, to)) = point.within {
                    canvas.line((from, y(point.amount.size)), (to, y(point.amount.size)), Some(place));
                }
            }
        }
        let points: Vec<_> = line.pieces.iter().flatten().collect();
        // Dots of many points would hide their line, unless they tell lines apart.
        let is_dotted = |piece: usize| !is_alone || points.len() * 2 <= plot || piece == 1;
        for piece in line.pieces.iter().filter(|piece| is_dotted(piece.len())) {
            for point in piece {
                let cell = canvas.cell((point.at, y(point.amount.size)));
                canvas.sign(cell, sign(place, look), Some(place));
            }
        }
    }
    let mut drawn = Vec::new();
    if !is_alone {
        let names: Vec<String> = lines.series.iter().map(|line| line.name.clone()).collect();
        drawn.extend(look.keys(&names, |place| sign(place, look)));
    }
    let (bar, corner) = if look.ascii { ("|", "+") } else { ("│", "└") };
    for (line, tick) in canvas.lines().into_iter().zip(ticks) {
        let label = format!("{:>labels$} {}", tick.unwrap_or_default(), if look.ascii { bar } else { "│" });
        drawn.push(look.paint(&label, DIM) + &line);
    }
    let (axis, names) = match lines.axis {
        Axis::Days(days) => calendar(days, plot, look.ascii),
        Axis::Numbers(scale) => {
            let (low, high) = (tick(scale.low), tick(scale.high));
            let between = plot.saturating_sub(low.len() + high.len());
            let dash = if look.ascii { "-" } else { "─" };
            (dash.repeat(plot), format!("{low}{}{high}", " ".repeat(between)))
        }
    };
    drawn.push(look.paint(&format!("{} {corner}{axis}", " ".repeat(labels)), DIM));
    drawn.push(look.paint(&format!("{}  {names}", " ".repeat(labels)), DIM));
    drawn
}

/// The sign of the points of a line.
fn sign(place: usize, look: Look) -> char {
    let signs = if look.ascii { ['*', 'o', '+', 'x', '#', '@'] } else { ['●', '○', '■', '□', '▲', '△'] };
    signs[place % signs.len()]
}
