//! A time line: a lane a line, the calendar below.

use super::super::scale::calendar_ticks;
use super::super::timeline::{Lane, Timeline};
use super::{DIM, Look, column, flowing, widest};
use crate::value::Period;

pub(super) fn lines(timeline: &Timeline, look: Look) -> Vec<String> {
    let labels = widest(timeline.lanes.iter().map(|lane| lane.name.as_str()), look.width * 2 / 5);
    let left = if labels > 0 { labels + 1 } else { 0 };
    let plot = look.width.saturating_sub(left).max(8);
    let mut lines: Vec<String> = Vec::new();
    let drawn: Vec<Vec<Column>> = timeline.lanes.iter().map(|lane| cells(lane, timeline.days, plot)).collect();
    for (lane, cells) in timeline.lanes.iter().zip(&drawn) {
        let name = if labels > 0 { column(&lane.name, labels) + " " } else { String::new() };
        lines.push(name + &painted(cells, look));
    }
    let (axis, names) = calendar(timeline.days, plot, look.ascii);
    let blanks = " ".repeat(left);
    lines.push(blanks.clone() + &look.paint(&axis, DIM));
    lines.push(blanks + &look.paint(&names, DIM));
    let meanings = meanings(&drawn, timeline.days, look);
    if !meanings.is_empty() {
        lines.push(String::new());
        lines.extend(flowing(&meanings, look.width).iter().map(|line| look.paint(line, DIM)));
    }
    lines
}

/// One column of a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    Empty,
    Possible,
    Certain,
    /// So many marks of a day each, or shorter than the column.
    Marks(usize),
}

/// What the signs that are drawn mean, unless all are one mark of one day.
fn meanings(drawn: &[Vec<Column>], days: Period, look: Look) -> Vec<String> {
    let plot = drawn.first().map_or(1, Vec::len);
    let is_there = |is: fn(&Column) -> bool| drawn.iter().flatten().any(is);
    let signs = if look.ascii { ["*", "===", "---"] } else { ["●", "━━━", "╌╌╌"] };
    let per_column = (f64::from(days.last) + 1.0 - f64::from(days.first)) / plot as f64;
    let mut meanings = Vec::new();
    if is_there(|column| matches!(column, Column::Marks(1))) {
        let short = if per_column <= 1.0 { "1 day".to_owned() } else { format!("up to {} days", per_column.ceil()) };
        meanings.push(format!("{} {short}", signs[0]));
    }
    if is_there(|column| matches!(column, Column::Marks(2..))) {
        meanings.push("2-9, + so many together".to_owned());
    }
    if is_there(|column| *column == Column::Certain) {
        meanings.push(format!("{} lasted", signs[1]));
    }
    if is_there(|column| *column == Column::Possible) {
        meanings.push(format!("{} some time between", signs[2]));
    }
    meanings
}

fn cells(lane: &Lane, days: Period, plot: usize) -> Vec<Column> {
    let mut cells = vec![Column::Empty; plot];
    let mut fill = |period: Period, column: Column| {
        let (from, to) = (place(days, plot, period.first), place(days, plot, period.last));
        for cell in &mut cells[from..=to] {
            *cell = match (*cell, column) {
                (Column::Marks(count), Column::Marks(_)) => Column::Marks(count + 1),
                (before, column) => before.max(column),
            };
        }
    };
    for mark in &lane.marks {
        let certain = mark.certain();
        if certain != Some(mark.possible()) {
            fill(mark.possible(), Column::Possible);
        }
        let Some(certain) = certain else { continue };
        let is_short = place(days, plot, certain.first) == place(days, plot, certain.last);
        fill(certain, if is_short { Column::Marks(1) } else { Column::Certain });
    }
    cells
}

/// The column of a day.
fn place(days: Period, plot: usize, day: i32) -> usize {
    let length = f64::from(days.last) + 1.0 - f64::from(days.first);
    let place = (f64::from(day) - f64::from(days.first)) / length * plot as f64;
    (place as usize).min(plot - 1)
}

fn painted(cells: &[Column], look: Look) -> String {
    let sign = |cell: &Column| match (cell, look.ascii) {
        (Column::Empty, true) => ".".to_owned(),
        (Column::Empty, false) => "·".to_owned(),
        (Column::Possible, true) => "-".to_owned(),
        (Column::Possible, false) => "╌".to_owned(),
        (Column::Certain, true) => "=".to_owned(),
        (Column::Certain, false) => "━".to_owned(),
        (Column::Marks(1), true) => "*".to_owned(),
        (Column::Marks(1), false) => "●".to_owned(),
        (Column::Marks(count @ 2..=9), _) => count.to_string(),
        (Column::Marks(_), _) => "+".to_owned(),
    };
    let runs = cells.chunk_by(|one, other| (*one == Column::Empty) == (*other == Column::Empty));
    let run = |run: &[Column]| {
        let text: String = run.iter().map(sign).collect();
        if run[0] == Column::Empty { look.paint(&text, DIM) } else { look.in_series(&text, 0) }
    };
    runs.map(run).collect()
}

/// An axis with ticks, and below it their names.
pub(super) fn calendar(days: Period, plot: usize, ascii: bool) -> (String, String) {
    let (dash, tick) = if ascii { ('-', '+') } else { ('─', '┬') };
    let mut axis = vec![dash; plot];
    let mut names = String::new();
    for (day, name) in calendar_ticks(days, plot / 14) {
        let at = place(days, plot, day);
        axis[at] = tick;
        let start = at.min(plot.saturating_sub(name.len()));
        if start >= names.len() + usize::from(!names.is_empty()) {
            names.push_str(&" ".repeat(start - names.len()));
            names.push_str(&name);
        }
    }
    (axis.into_iter().collect(), names)
}
