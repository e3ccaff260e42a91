//! A network: a drawing with a number for each name, the names, and who has how much to do with whom.

use super::super::network::Network;
use super::canvas::Canvas;
use super::{DIM, Look, column, fitting, flowing, widest};

/// So many lines are listed below the drawing.
const MOST_LISTED: usize = 20;
/// The longest bar of that list.
const LONGEST: usize = 20;

pub(super) fn lines(network: &Network, look: Look) -> Vec<String> {
    let width = look.width.min(80);
    let height = (width / 3).clamp(9, 24);
    let mut canvas = Canvas::new(width, height, look);
    // Room for the numbers beside the places.
    let (across, down) = (1.0 - 8.0 / width as f64, 1.0 - 1.5 / height as f64);
    let place = |(x, y): (f64, f64)| (0.5 + x * across / 2.0, 0.5 + y * down / 2.0);
    for edge in &network.edges {
        canvas.line(place(network.nodes[edge.from].at), place(network.nodes[edge.to].at), None);
    }
    for (number, node) in network.nodes.iter().enumerate() {
        let (column, row) = canvas.cell(place(node.at));
        let number = (number + 1).to_string();
        let start = column.saturating_sub(number.len() / 2).min(width - number.len());
        for (at, digit) in number.chars().enumerate() {
            canvas.sign((start + at, row), digit, Some(0));
        }
    }
    let mut lines = canvas.lines();
    lines.push(String::new());
    let names: Vec<String> =
        network.nodes.iter().enumerate().map(|(number, node)| format!("{} {}", number + 1, node.name)).collect();
    lines.extend(flowing(&names, look.width));
    lines.push(String::new());
    lines.extend(list(network, look));
    lines
}

/// The lines, the thickest first.
fn list(network: &Network, look: Look) -> Vec<String> {
    let joint = if look.ascii { " - " } else { " – " };
    let name = |node: usize| network.nodes[node].name.as_str();
    let strongest: Vec<_> = network.edges.iter().rev().take(MOST_LISTED).collect();
    let pairs: Vec<String> =
        strongest.iter().map(|edge| format!("{}{joint}{}", name(edge.from), name(edge.to))).collect();
    let numbers = widest(strongest.iter().map(|edge| edge.amount.text.as_str()), look.width / 4);
    let labels = widest(pairs.iter().map(String::as_str), look.width - numbers - 6);
    let plot = look.width.saturating_sub(labels + numbers + 2).clamp(1, LONGEST);
    let fill = look.fill(0).to_string();
    let mut lines: Vec<String> = strongest
        .iter()
        .zip(&pairs)
        .map(|(edge, pair)| {
            let length = (edge.amount.size / network.largest * plot as f64).round().max(1.0) as usize;
            let bar = look.in_series(&fill.repeat(length), 0);
            format!("{} {bar} {}", column(pair, labels), fitting(&edge.amount.text, numbers))
        })
        .collect();
    let more = network.edges.len().saturating_sub(MOST_LISTED);
    if more > 0 {
        lines.push(look.paint(&format!("and {more} more"), DIM));
    }
    lines
}
