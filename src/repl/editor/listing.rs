//! What could be put at the cursor, as it is listed: names, what they are, and no more than fit on the screen.

use rustyline::completion::Candidate as Completion;
use unicode_width::UnicodeWidthStr as _;

use crate::markup::visible_line;
use crate::render::style::{DIM, paint};
use crate::repl::screen::cut;
use crate::session::Candidate;

/// So many are listed at most, however high the screen is.
const MOST: usize = 12;
/// Names wider than this do not widen their column.
const WIDEST: usize = 32;

/// A candidate as it is put and as it is listed.
pub(in crate::repl) struct Listed {
    replacement: String,
    display: String,
}

impl Completion for Listed {
    fn display(&self) -> &str {
        &self.display
    }

    fn replacement(&self) -> &str {
        &self.replacement
    }
}

/// The likeliest candidates, a line each, and how many there are more; `size` is that of the screen.
pub(super) fn listed(candidates: Vec<Candidate>, (width, height): (usize, usize), color: bool) -> Vec<Listed> {
    let most = (height / 2).clamp(4, MOST);
    let (shown, hidden) = candidates.split_at(candidates.len().min(most));
    let column = |text: fn(&Candidate) -> &str, widest: usize| {
        shown.iter().map(|candidate| text(candidate).width()).filter(|width| *width <= widest).max().unwrap_or(0)
    };
    let names = column(|candidate| &candidate.text, WIDEST.min(width / 2));
    let kinds = column(|candidate| &candidate.kind, WIDEST.min(width / 4));
    let line = |candidate: &Candidate| {
        let name = padded(&visible_line(&candidate.text), names);
        let kind = if kinds == 0 { String::new() } else { padded(&visible_line(&candidate.kind), kinds) + "  " };
        let room = width.saturating_sub(name.width() + kind.width() + 3);
        let what = cut(&visible_line(&candidate.what), room);
        // A line that fills the width has nothing beside it.
        let blank = " ".repeat(room.saturating_sub(what.width()));
        let display = format!("{name}  {}{what}{blank}", paint(&kind, DIM, color && !kind.trim().is_empty()));
        Listed { replacement: candidate.text.clone(), display }
    };
    let mut lines: Vec<Listed> = shown.iter().map(line).collect();
    if lines.len() == 1 {
        return lines;
    }
    if !hidden.is_empty() {
        // It is no candidate: what it would put is what all have in common.
        let display = paint(&format!("… and {} more: type on", hidden.len()), DIM, color);
        lines.push(Listed { replacement: common(&candidates), display });
    }
    lines
}

/// The longest text with which all start.
fn common(candidates: &[Candidate]) -> String {
    let mut common = candidates.first().map_or("", |first| first.text.as_str());
    for candidate in candidates {
        let same = common.char_indices().zip(candidate.text.chars()).take_while(|((_, a), b)| a == b);
        let end = same.last().map_or(0, |((at, letter), _)| at + letter.len_utf8());
        common = &common[..end];
    }
    common.to_owned()
}

fn padded(text: &str, width: usize) -> String {
    let text = cut(text, width.max(8));
    let blanks = width.saturating_sub(text.width());
    text + &" ".repeat(blanks)
}
