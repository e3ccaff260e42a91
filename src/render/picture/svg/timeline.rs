//! A time line in SVG: a lane a line, the calendar below.

use super::super::scale::calendar_ticks;
use super::super::timeline::{Mark, Timeline};
use super::bar::time_ticks;
use super::{Element, SMALL, label, wide};
use crate::value::Period;

/// How high a lane is.
const LANE: f64 = 22.0;
/// How large a day is at least.
const DOT: f64 = 9.0;

/// The time line, and how high it is drawn.
pub(super) fn draw(timeline: &Timeline, width: f64) -> (Element, f64) {
    let mut drawn = Element::new("g");
    let longest = timeline.lanes.iter().map(|lane| wide(&lane.name, SMALL)).fold(0.0, f64::max);
    let left = if longest > 0.0 { longest.min(width * 0.38) + 12.0 } else { DOT };
    let right = width - DOT;
    let Period { first, last } = timeline.days;
    let length = f64::from(last) + 1.0 - f64::from(first);
    let x = |day: f64| left + (day - f64::from(first)) / length * (right - left);
    let floor = timeline.lanes.len() as f64 * LANE;
    for (day, _) in calendar_ticks(timeline.days, ((right - left) / 76.0) as usize) {
        let at = x(f64::from(day));
        drawn.add(Element::line("dm-grid", (at, 0.0), (at, floor)));
    }
    for (place, lane) in timeline.lanes.iter().enumerate() {
        let middle = (place as f64 + 0.5) * LANE;
        drawn.add(label("dm-ink dm-small", (left - 12.0, middle + 4.0), "end", &lane.name, left - 12.0));
        drawn.add(Element::line("dm-grid", (left, middle), (right, middle)));
        lane.marks.iter().for_each(|mark| draw_mark(mark, middle, &x, &mut drawn));
    }
    drawn.add(Element::line("dm-axis", (left, floor), (right, floor)));
    time_ticks(&mut drawn, timeline.days, (left, right), floor);
    (drawn, floor + 24.0)
}

/// What is possible as an empty span, what is certain as a full one.
fn draw_mark(mark: &Mark, middle: f64, x: &dyn Fn(f64) -> f64, drawn: &mut Element) {
    let ends = |period: Period| (x(f64::from(period.first)), x(f64::from(period.last) + 1.0));
    let span = |class: &str, (from, to): (f64, f64), high: f64| {
        let wide = (to - from).max(high);
        let from = f64::midpoint(from, to) - wide / 2.0;
        Element::rectangle(class, (from, middle - high / 2.0), (wide, high)).px("rx", high / 2.0)
    };
    if mark.certain() != Some(mark.possible()) {
        drawn.add(span("dm-edge", ends(mark.possible()), DOT).with("pointer-events", "all").titled(&mark.label));
    }
    if let Some(certain) = mark.certain() {
        drawn.add(span("dm-f0", ends(certain), DOT).titled(&mark.label));
    }
}
