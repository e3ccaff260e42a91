//! Answers as pictures: on a terminal, and as SVG that stands alone. What is drawn is worked out once for both, in a file for
//! each kind of picture; the terminal and the SVG say only how it looks.

mod amount;
mod bar;
mod borders;
mod frame;
mod heatmap;
mod line;
mod map;
mod network;
mod scale;
mod svg;
mod terminal;
mod time;
mod timeline;

pub use svg::svg;
pub use terminal::{Look, picture};

use crate::answer::{Answer, Parts};
use crate::markup::visible_line;

use bar::Bars;
use frame::Frame;
use heatmap::Heatmap;
use line::Lines;
use map::Map;
use network::Network;
use timeline::Timeline;

/// What is drawn.
#[derive(Debug, Clone)]
enum Drawing {
    Bars(Bars),
    Lines(Lines),
    Timeline(Timeline),
    Heatmap(Heatmap),
    Map(Map),
    Network(Network),
}

impl Drawing {
    /// What an answer wishes to be drawn, and what stands around it; nothing without a wish.
    fn of(answer: &Answer) -> Option<(Frame, Self)> {
        let picture = answer.header.picture.as_ref()?;
        let (drawing, notes) = match &picture.parts {
            Parts::Bar { labels, values } => with_notes(Self::Bars, Bars::of(answer, labels, values)),
            Parts::Line { along, by, values } => with_notes(Self::Lines, Lines::of(answer, *along, *by, values)),
            Parts::Timeline { start, end, lane } => {
                with_notes(Self::Timeline, Timeline::of(answer, *start, *end, *lane))
            }
            Parts::Heatmap { row, column, values } => {
                with_notes(Self::Heatmap, Heatmap::of(answer, *row, *column, values))
            }
            Parts::Map { place, degrees, value } => {
                with_notes(Self::Map, Map::of(answer, *place, *degrees, *value, &picture.positions))
            }
            Parts::Network { from, to, weight } => with_notes(Self::Network, Network::of(answer, *from, *to, *weight)),
        };
        Some((Frame::of(answer, picture, notes), drawing))
    }

    /// What it shows, in words.
    fn said(&self) -> String {
        match self {
            Self::Bars(bars) => bars.said(),
            Self::Lines(lines) => lines.said(),
            Self::Timeline(timeline) => timeline.said(),
            Self::Heatmap(map) => map.said(),
            Self::Map(map) => map.said(),
            Self::Network(network) => network.said(),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Bars(bars) => bars.groups.is_empty(),
            Self::Lines(lines) => lines.series.is_empty(),
            Self::Timeline(timeline) => timeline.lanes.is_empty(),
            Self::Heatmap(map) => map.rows.is_empty() || map.columns.is_empty(),
            Self::Map(map) => map.marks.is_empty(),
            Self::Network(network) => network.edges.is_empty(),
        }
    }
}

fn with_notes<T>(drawing: fn(T) -> Drawing, (found, notes): (T, Vec<String>)) -> (Drawing, Vec<String>) {
    (drawing(found), notes)
}

/// A name to be shown; what has none is said to be missing.
fn named(text: &str) -> String {
    if text.is_empty() { "missing".to_owned() } else { clean(text) }
}

/// A text of the data on one line, without what a terminal would obey.
fn clean(text: &str) -> String {
    visible_line(text).into_owned()
}

/// `1 row`, `3 rows`.
fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// The first of these, joined, and how many more there are.
fn some_of(names: &[String]) -> String {
    const MOST: usize = 5;
    let more = names.len().saturating_sub(MOST);
    let first = names.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{first} and {more} more") } else { first }
}

/// A line in pieces no wider than so many columns, where it has words that are.
fn broken(line: &str, columns: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut width = 0;
    for letter in line.chars() {
        let wide = unicode_width::UnicodeWidthChar::width(letter).unwrap_or(0);
        if width + wide > columns {
            pieces.push(String::new());
            width = 0;
        }
        width += wide;
        if let Some(piece) = pieces.last_mut() {
            piece.push(letter);
        }
    }
    pieces
}
