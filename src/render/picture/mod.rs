//! Answers as pictures: on a terminal, and as SVG that stands alone. What is drawn is worked out once for both, in a file for
//! each kind of picture; the terminal and the SVG say only how it looks.

mod amount;
mod bar;
mod frame;
mod scale;
mod svg;
mod terminal;
mod time;
mod timeline;

pub use svg::svg;
pub use terminal::{Look, picture};

use super::table::harmless;
use crate::answer::{Answer, Parts};

use bar::Bars;
use frame::Frame;
use timeline::Timeline;

/// What is drawn.
#[derive(Debug, Clone)]
enum Drawing {
    Bars(Bars),
    Timeline(Timeline),
}

impl Drawing {
    /// What an answer wishes to be drawn, and what stands around it; nothing without a wish.
    fn of(answer: &Answer) -> Option<(Frame, Self)> {
        let picture = answer.header.picture.as_ref()?;
        let (drawing, notes) = match &picture.parts {
            Parts::Bar { labels, values } => {
                let (bars, notes) = Bars::of(answer, labels, values);
                (Self::Bars(bars), notes)
            }
            Parts::Timeline { start, end, lane } => {
                let (timeline, notes) = Timeline::of(answer, *start, *end, *lane);
                (Self::Timeline(timeline), notes)
            }
            _ => return None,
        };
        Some((Frame::of(answer, picture, notes), drawing))
    }

    /// What it shows, in words.
    fn said(&self) -> String {
        match self {
            Self::Bars(bars) => bars.said(),
            Self::Timeline(timeline) => timeline.said(),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Bars(bars) => bars.groups.is_empty(),
            Self::Timeline(timeline) => timeline.lanes.is_empty(),
        }
    }
}

/// A text of the data on one line, without what a terminal would obey.
fn clean(text: &str) -> String {
    harmless(text).replace('\n', " ")
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
