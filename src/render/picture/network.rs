//! A network: names on a circle, with who has most to do with the others in the middle, and lines between them.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use indexmap::IndexMap;

use super::amount::Amount;
use super::{clean, counted};
use crate::answer::Answer;

/// So many names are drawn.
const MOST_NAMES: usize = 40;

/// Names and the lines between them.
#[derive(Debug, Clone)]
pub(super) struct Network {
    /// What makes a line thick.
    pub measure: String,
    /// The names.
    pub nodes: Vec<Node>,
    /// The lines, the thinnest first.
    pub edges: Vec<Edge>,
    /// The size of the thickest line.
    pub largest: f64,
}

/// A name and its place.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub name: String,
    /// How many lines end there.
    pub degree: usize,
    /// Where it lies, from -1 to 1 both ways, the first to the right and the second down.
    pub at: (f64, f64),
}

/// A line between two names.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    pub from: usize,
    pub to: usize,
    pub amount: Amount,
}

impl Network {
    /// The network of an answer, and what should be said of it.
    pub(super) fn of(answer: &Answer, from: usize, to: usize, weight: Option<usize>) -> (Self, Vec<String>) {
        // Both directions are one line.
        let mut pairs: IndexMap<(String, String), (f64, Option<String>)> = IndexMap::new();
        let mut alone = 0;
        for row in &answer.rows {
            let amount = match weight {
                Some(weight) => Amount::of(&row[weight]),
                None => Some(Amount { size: 1.0, text: String::new() }),
            };
            let mut is_drawn = false;
            for one in row[from].items() {
                for other in row[to].items() {
                    let (one, other) = (clean(&one.to_string()), clean(&other.to_string()));
                    let Some(amount) = amount.as_ref().filter(|amount| one != other && amount.size > 0.0) else {
                        continue;
                    };
                    is_drawn = true;
                    let pair = if one < other { (one, other) } else { (other, one) };
                    let entry = pairs.entry(pair).or_insert((0.0, None));
                    // As the answer says it, unless it is a sum of several rows.
                    *entry = (entry.0 + amount.size, (entry.0 == 0.0).then(|| amount.text.clone()));
                }
            }
            alone += usize::from(!is_drawn);
        }
        let mut notes = Vec::new();
        if alone > 0 {
            notes.push(format!(
                "{} without two different names and a number above 0 cannot be drawn",
                counted(alone, "row")
            ));
        }
        let mut strongest: Vec<_> = pairs.into_iter().collect();
        strongest.sort_by(|one, other| other.1.0.total_cmp(&one.1.0));
        let mut names: IndexMap<String, usize> = IndexMap::new();
        let mut edges = Vec::new();
        let mut more = 0;
        for ((one, other), (size, text)) in strongest {
            let new = usize::from(!names.contains_key(&one)) + usize::from(!names.contains_key(&other));
            if names.len() + new > MOST_NAMES {
                more += 1;
                continue;
            }
            *names.entry(one.clone()).or_default() += 1;
            *names.entry(other.clone()).or_default() += 1;
            let place = |name: &str| names.get_index_of(name).unwrap_or_default();
            let text = text.filter(|text| !text.is_empty()).unwrap_or_else(|| size.to_string());
            edges.push(Edge { from: place(&one), to: place(&other), amount: Amount { size, text } });
        }
        if more > 0 {
            notes.push(format!(
                "{} are not drawn, the weakest of those with more than {MOST_NAMES} names",
                counted(more, "line")
            ));
        }
        edges.reverse();
        let places = laid_out(&names.values().copied().collect::<Vec<_>>(), &edges);
        let nodes = names.into_iter().zip(places).map(|((name, degree), at)| Node { name, degree, at }).collect();
        let largest = edges.last().map_or(1.0, |edge| edge.amount.size);
        let measure = weight.map_or("rows".to_owned(), |weight| clean(&answer.columns[weight].name));
        (Self { measure, nodes, edges, largest }, notes)
    }

    /// What it shows, in words.
    pub(super) fn said(&self) -> String {
        const MOST: usize = 8;
        let of = |edge: &Edge| {
            format!("{} and {} {}", self.nodes[edge.from].name, self.nodes[edge.to].name, edge.amount.text)
        };
        let mut said: Vec<String> = self.edges.iter().rev().take(MOST).map(of).collect();
        let more = self.edges.len().saturating_sub(MOST);
        said.extend((more > 0).then(|| format!("and {more} more")));
        let (names, lines) = (counted(self.nodes.len(), "name"), counted(self.edges.len(), "line"));
        format!("Network of {names} and {lines} between them, by {}: {}.", self.measure, said.join("; "))
    }
}

/// The place of each name: the one with most lines in the middle if it has lines to most others, the others on a circle, each
/// near those that it has lines to.
fn laid_out(degrees: &[usize], edges: &[Edge]) -> Vec<(f64, f64)> {
    let count = degrees.len();
    let hub = (0..count).rev().max_by_key(|&node| degrees[node]).filter(|&hub| count > 2 && degrees[hub] * 2 > count);
    let ring = order(count, hub, edges);
    let mut places = vec![(0.0, 0.0); count];
    for (at, &node) in ring.iter().enumerate() {
        // From the top, clockwise.
        let angle = TAU * at as f64 / ring.len() as f64 - TAU / 4.0;
        places[node] = (angle.cos(), angle.sin());
    }
    places
}

/// The names but the one in the middle, in an order in which neighbours on the circle have lines to one another.
fn order(count: usize, hub: Option<usize>, edges: &[Edge]) -> Vec<usize> {
    let mut neighbours: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for edge in edges.iter().rev() {
        neighbours.entry(edge.from).or_default().push(edge.to);
        neighbours.entry(edge.to).or_default().push(edge.from);
    }
    let mut order: Vec<usize> = Vec::new();
    for start in (0..count).filter(|&node| Some(node) != hub) {
        let mut pending = vec![start];
        while let Some(node) = pending.pop() {
            if Some(node) == hub || order.contains(&node) {
                continue;
            }
            order.push(node);
            pending.extend(neighbours.get(&node).into_iter().flatten().rev());
        }
    }
    order
}
