//! A network in SVG: names around a circle, lines as thick as there is much between two.

use std::f64::consts::FRAC_PI_2;

use super::super::network::{Network, Node};
use super::{Element, Px, SMALL, fitting, wide};

/// So many names stand level; more of them go outward.
const MOST_LEVEL: usize = 12;

/// The network, and how high it is drawn.
pub(super) fn draw(network: &Network, width: f64) -> (Element, f64) {
    let mut drawn = Element::new("g");
    let longest = network.nodes.iter().map(|node| wide(&node.name, SMALL)).fold(0.0, f64::max).min(width * 0.25);
    let is_level = network.nodes.len() <= MOST_LEVEL;
    let room = longest + 14.0;
    let radius = (width / 2.0 - room).clamp(30.0, 260.0);
    // How far a name reaches above or below the middle.
    let reach = |node: &Node, side: f64| {
        let name = if is_level { 24.0 } else { 16.0 + wide(&node.name, SMALL).min(longest) };
        (node.at.1 * side).max(0.0) * (radius + name) + 8.0
    };
    let furthest = |side: f64| network.nodes.iter().map(|node| reach(node, side)).fold(0.0, f64::max);
    let (above, below) = (furthest(-1.0), furthest(1.0));
    let (middle, height) = (width / 2.0, above + below);
    let place = |node: &Node| (middle + node.at.0 * radius, above + node.at.1 * radius);
    for edge in &network.edges {
        let (from, to) = (&network.nodes[edge.from], &network.nodes[edge.to]);
        let thick = 1.0 + 6.0 * edge.amount.size / network.largest;
        let line = Element::line("dm-tie", place(from), place(to)).px("stroke-width", thick);
        drawn.add(line.titled(&format!("{} – {}: {}", from.name, to.name, edge.amount.text)));
    }
    for node in &network.nodes {
        let size = 4.0 + (node.degree as f64).sqrt().min(6.0);
        drawn.add(Element::circle("dm-f0", place(node), size).titled(&format!("{}: {}", node.name, node.degree)));
    }
    for node in &network.nodes {
        drawn.add(name(node, place(node), is_level, longest));
    }
    (drawn, height)
}

/// The name of a node, away from the middle.
fn name(node: &Node, (x, y): (f64, f64), is_level: bool, most: f64) -> Element {
    let (right, down) = node.at;
    let is_hub = right == 0.0 && down == 0.0;
    let shown = fitting(&node.name, SMALL, if is_hub { most * 2.0 } else { most });
    let named = |at: (f64, f64), anchor| Element::text("dm-name dm-small", at, anchor, &shown).titled(&node.name);
    if is_hub {
        return named((x, y - 13.0), "middle");
    }
    if !is_level {
        let angle = down.atan2(right);
        let is_left = angle.abs() > FRAC_PI_2;
        let turned = if is_left { angle.to_degrees() + 180.0 } else { angle.to_degrees() };
        let (x, y) = (x + right * 13.0, y + down * 13.0);
        let turn = format!("rotate({} {} {})", Px(turned), Px(x), Px(y));
        return named((x, y + 4.0), if is_left { "end" } else { "start" }).with("transform", turn);
    }
    if right.abs() < 0.2 {
        return named((x, if down < 0.0 { y - 12.0 } else { y + 21.0 }), "middle");
    }
    let (shift, anchor) = if right < 0.0 { (-12.0, "end") } else { (12.0, "start") };
    named((x + shift, y + 4.0), anchor)
}
