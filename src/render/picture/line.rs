//! Lines: the points of each, along a calendar or along numbers, and where a line breaks.

use indexmap::IndexSet;

use super::amount::Amount;
use super::scale::{Scale, index};
use super::{clean, counted, named, time};
use crate::answer::{Answer, Cell};
use crate::value::{Bucket, Period};

/// So many lines are drawn.
const MOST_LINES: usize = 6;

/// Lines in one plot.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    /// What they go along.
    pub along: String,
    /// What they measure.
    pub measure: String,
    /// The lines; one without a name where there is one.
    pub series: Vec<Line>,
    /// From the left to the right.
    pub axis: Axis,
    /// From the bottom to the top.
    pub scale: Scale,
}

/// What lines go along.
#[derive(Debug, Clone, Copy)]
pub(super) enum Axis {
    /// A calendar.
    Days(Period),
    /// Numbers.
    Numbers(Scale),
}

/// One line: pieces with gaps between them, each of points from the left to the right.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub name: String,
    pub pieces: Vec<Vec<Point>>,
}

/// A point of a line.
#[derive(Debug, Clone)]
pub(super) struct Point {
    /// Where it lies, from 0 at the left to 1 at the right.
    pub at: f64,
    /// From where to where it may lie, if that is not known.
    pub within: Option<(f64, f64)>,
    /// How high it is.
    pub amount: Amount,
    /// When.
    pub label: String,
}

impl Lines {
    /// The lines of an answer, and what should be said of them.
    pub(super) fn of(answer: &Answer, along: usize, by: Option<usize>, values: &[usize]) -> (Self, Vec<String>) {
        let name = |place: usize| clean(&answer.columns[place].name);
        let by = by.filter(|_| values.len() == 1);
        let mut names: IndexSet<String> = match by {
            Some(by) => answer.rows.iter().map(|row| named(&row[by].to_string())).collect(),
            None if values.len() > 1 => values.iter().map(|&value| name(value)).collect(),
            None => [String::new()].into(),
        };
        let mut notes = Vec::new();
        if names.len() > MOST_LINES {
            notes.push(format!("the first {MOST_LINES} of {} lines are drawn", names.len()));
            names.truncate(MOST_LINES);
        }
        let kind = &answer.columns[along].kind;
        let extents: Vec<Option<(f64, f64)>> = answer.rows.iter().map(|row| extent(&row[along], kind)).collect();
        let unplaced = extents.iter().filter(|extent| extent.is_none()).count();
        if unplaced > 0 {
            notes.push(format!("{} without {} cannot be drawn", counted(unplaced, "row"), name(along)));
        }
        let is_time = kind == "period" || kind == "date";
        let axis = axis(&extents, is_time);
        let periods: Option<Vec<Period>> = answer.rows.iter().map(|row| time::period(&row[along])).collect();
        // Rows at dates are not one for each unit of the calendar.
        let unit = periods.filter(|_| kind == "period").and_then(|mut periods| {
            periods.sort_by_key(|period| period.first);
            time::unit(&periods)
        });
        let mut missing = 0;
        let mut is_broken = false;
        let mut drawn = Vec::new();
        for (place, line) in names.into_iter().enumerate() {
            let value = if by.is_some() { values[0] } else { values[place] };
            let is_of = |row: &Vec<Cell>| by.is_none_or(|by| named(&row[by].to_string()) == line);
            let rows = answer.rows.iter().zip(&extents).filter(|(row, _)| is_of(row));
            let mut points: Vec<(f64, Option<Point>)> = Vec::new();
            for (row, extent) in rows {
                let Some((from, to)) = *extent else { continue };
                let amount = Amount::of(&row[value]);
                missing += usize::from(amount.is_none());
                let is_certain = kind == "period" || to - from <= 1.0;
                let point = amount.map(|amount| Point {
                    at: axis.at(f64::midpoint(from, to)),
                    within: (!is_certain).then(|| (axis.at(from), axis.at(to))),
                    amount,
                    label: clean(&row[along].to_string()),
                });
                points.push((from, point));
            }
            points.sort_by(|one, other| one.0.total_cmp(&other.0));
            let pieces = pieces(points, unit);
            is_broken |= pieces.len() > 1;
            drawn.push(Line { name: line, pieces });
        }
        if missing > 0 {
            notes.push(format!(
                "{} without a number {} a gap",
                counted(missing, "row"),
                if missing == 1 { "is" } else { "are" }
            ));
        }
        if let (true, Some(unit)) = (is_broken, unit) {
            let unit = time::counted(1, unit).replacen("1 ", "a ", 1);
            notes.push(format!("the line breaks where {unit} has no rows; `fill` makes rows of 0"));
        }
        let sizes = drawn.iter().flat_map(|line| line.pieces.iter().flatten()).map(|point| point.amount.size);
        let scale = Scale::of(sizes).rounded(4);
        let unit = |value: usize| if answer.columns[value].kind == "duration" { " in days" } else { "" };
        let measured = values.iter().map(|&value| format!("{}{}", name(value), unit(value)));
        let measure = measured.collect::<Vec<_>>().join(", ");
        drawn.retain(|line| !line.pieces.is_empty());
        (Self { along: name(along), measure, series: drawn, axis, scale }, notes)
    }

    /// What they show, in words.
    pub(super) fn said(&self) -> String {
        let of = |line: &Line| {
            let points: Vec<&Point> = line.pieces.iter().flatten().collect();
            let largest = points.iter().max_by(|one, other| one.amount.size.total_cmp(&other.amount.size));
            let (Some(first), Some(last), Some(largest)) = (points.first(), points.last(), largest) else {
                return String::new();
            };
            let say = |point: &Point| format!("{} {}", point.label, point.amount.text);
            let name = if line.name.is_empty() { String::new() } else { format!("{}, ", line.name) };
            format!(
                "{name}{} from {} to {}, the largest {}",
                counted(points.len(), "point"),
                say(first),
                say(last),
                say(largest)
            )
        };
        let said: Vec<String> = self.series.iter().map(of).collect();
        format!("Line chart of {} by {}: {}.", self.measure, self.along, said.join("; "))
    }
}

impl Axis {
    /// Where a day or a number lies, from 0 to 1.
    pub(super) fn at(self, place: f64) -> f64 {
        match self {
            Self::Days(days) => {
                let length = f64::from(days.last) + 1.0 - f64::from(days.first);
                ((place - f64::from(days.first)) / length).clamp(0.0, 1.0)
            }
            Self::Numbers(scale) => scale.at(place),
        }
    }
}

/// From where to where a cell lies: the days of a time, up to the end of the last, or a number.
fn extent(cell: &Cell, kind: &str) -> Option<(f64, f64)> {
    if kind == "period" || kind == "date" {
        let (start, end) = time::extent(cell, kind)?;
        let last = if kind == "period" { end.latest } else { start.latest };
        return Some((f64::from(start.earliest), f64::from(last) + 1.0));
    }
    Amount::of(cell).map(|amount| (amount.size, amount.size))
}

fn axis(extents: &[Option<(f64, f64)>], is_time: bool) -> Axis {
    let ends = extents.iter().flatten();
    let low = ends.clone().map(|(from, _)| *from).fold(f64::INFINITY, f64::min);
    let high = ends.map(|(_, to)| *to).fold(f64::NEG_INFINITY, f64::max);
    if low > high {
        Axis::Numbers(Scale { low: 0.0, high: 1.0 })
    } else if is_time {
        Axis::Days(Period { first: low as i32, last: high as i32 - 1 })
    } else {
        // One number lies in the middle.
        let around = if high > low { 0.0 } else { (low.abs() / 2.0).max(1.0) };
        Axis::Numbers(Scale { low: low - around, high: high + around })
    }
}

/// Points in pieces, parted where there is none or where units of the calendar are left out.
fn pieces(points: Vec<(f64, Option<Point>)>, unit: Option<Bucket>) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = vec![Vec::new()];
    let mut before: Option<f64> = None;
    for (from, point) in points {
        let is_next = match (unit, before) {
            (Some(unit), Some(before)) => index(unit, from as i32) - index(unit, before as i32) <= 1,
            _ => true,
        };
        before = Some(from);
        if !is_next || point.is_none() {
            pieces.push(Vec::new());
        }
        if let (Some(point), Some(piece)) = (point, pieces.last_mut()) {
            piece.push(point);
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}
