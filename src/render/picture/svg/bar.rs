//! Bars in SVG: beside their labels, or above a calendar.

use super::super::amount::Amount;
use super::super::bar::{Bars, Group};
use super::super::scale::{calendar_ticks, tick};
use super::{Element, SMALL, TINY, label, legend, wide};
use crate::value::{Bucket, Period};

/// How high a plot above a calendar is.
const PLOT: f64 = 240.0;

/// The bars, and how high they are drawn.
pub(super) fn draw(bars: &Bars, width: f64) -> (Element, f64) {
    let mut drawn = Element::new("g");
    let top = if bars.series.len() > 1 { legend(&mut drawn, &bars.series, width) } else { 0.0 };
    let height = match bars.calendar {
        Some(unit) => above_calendar(bars, unit, width, top, &mut drawn),
        None => beside_labels(bars, width, top, &mut drawn),
    };
    (drawn, height)
}

fn beside_labels(bars: &Bars, width: f64, top: f64, drawn: &mut Element) -> f64 {
    let series = bars.series.len();
    let (thick, apart) = if series > 1 { (14.0, 10.0) } else { (18.0, 6.0) };
    let longest = bars.groups.iter().map(|group| wide(&group.label, SMALL)).fold(0.0, f64::max);
    let left = longest.min(width * 0.4) + 8.0;
    let values = bars.groups.iter().flat_map(|group| &group.values).flatten();
    let right = values.map(|amount| wide(&amount.text, SMALL)).fold(wide(bars.absent, SMALL), f64::max) + 6.0;
    let plot = (width - left - right).max(20.0);
    let zero = left + bars.scale.at(0.0) * plot;
    let mut y = top;
    for group in &bars.groups {
        let middle = y + thick * series as f64 / 2.0 + 4.0;
        drawn.add(label("dm-ink dm-small", (left - 8.0, middle), "end", &group.label, left - 8.0));
        for (place, value) in group.values.iter().enumerate() {
            let below = y + thick - (thick - 9.0) / 2.0;
            if let Some(amount) = value {
                let end = left + bars.scale.at(amount.size) * plot;
                let bar = Element::rectangle(
                    &format!("dm-f{place}"),
                    (zero.min(end), y + 1.0),
                    ((end - zero).abs().max(1.0), thick - 2.0),
                );
                drawn.add(bar.titled(&said(bars, group, place, amount)));
                drawn.add(Element::text("dm-ink dm-small", (end.max(zero) + 5.0, below), "start", &amount.text));
            } else {
                drawn.add(Element::text("dm-soft dm-small", (zero + 5.0, below), "start", bars.absent));
            }
            y += thick;
        }
        y += apart;
    }
    drawn.add(Element::line("dm-axis", (zero, top), (zero, y - apart)));
    drawn.add(Element::text("dm-soft dm-tiny", (zero, y + 10.0), "start", &bars.measure));
    y + 16.0
}

fn above_calendar(bars: &Bars, unit: Bucket, width: f64, top: f64, drawn: &mut Element) -> f64 {
    let scale = bars.scale.rounded(5);
    let ticks = scale.ticks(5);
    let left = ticks.iter().map(|&value| wide(&tick(value), TINY)).fold(0.0, f64::max) + 8.0;
    let plot = width - left;
    let floor = top + 18.0 + PLOT;
    let y = |size: f64| floor - scale.at(size) * PLOT;
    drawn.add(Element::text("dm-soft dm-tiny", (0.0, top + 8.0), "start", &bars.measure));
    for value in ticks {
        drawn.add(Element::line("dm-grid", (left, y(value)), (width, y(value))));
        drawn.add(Element::text("dm-soft dm-tiny", (left - 6.0, y(value) + 4.0), "end", &tick(value)));
    }
    let periods = bars.groups.iter().filter_map(|group| group.period);
    let Some(days) = periods.reduce(Period::to) else { return floor };
    let length = f64::from(days.last) + 1.0 - f64::from(days.first);
    let x = |day: f64| left + (day - f64::from(days.first)) / length * plot;
    for group in &bars.groups {
        let Some(period) = group.period else { continue };
        let (from, to) = (x(f64::from(period.first)), x(f64::from(period.last) + 1.0));
        let apart = ((to - from) * 0.12).min(8.0);
        let thick = ((to - from - 2.0 * apart) / bars.series.len() as f64).max(1.5);
        for (place, value) in group.values.iter().enumerate() {
            let at = from + apart + thick * place as f64;
            let Some(amount) = value else { continue };
            let (high, low) = (y(amount.size).min(y(0.0)), y(amount.size).max(y(0.0)));
            let bar = Element::rectangle(&format!("dm-f{place}"), (at, high), (thick, (low - high).max(1.0)));
            drawn.add(bar.titled(&said(bars, group, place, amount)));
            if wide(&amount.text, TINY) <= thick + apart {
                let middle = (at + thick / 2.0, high - 4.0);
                drawn.add(Element::text("dm-ink dm-tiny", middle, "middle", &amount.text));
            }
        }
    }
    drawn.add(Element::line("dm-axis", (left, y(0.0)), (width, y(0.0))));
    calendar(drawn, unit, days, (left, width), floor);
    floor + 24.0
}

/// The names of the units of a calendar under a plot, each where all fit; the empty ones are named, too.
fn calendar(drawn: &mut Element, unit: Bucket, days: Period, (left, right): (f64, f64), floor: f64) {
    let length = f64::from(days.last) + 1.0 - f64::from(days.first);
    let x = |day: i32| left + (f64::from(day) - f64::from(days.first)) / length * (right - left);
    let first = unit.of(days.first);
    let fits = (x(first.last) - x(first.first)) > wide(&first.to_string(), TINY) + 4.0;
    if fits {
        let mut period = first;
        while period.first <= days.last {
            let middle = f64::midpoint(x(period.first), x(period.last + 1));
            drawn.add(Element::text("dm-soft dm-tiny", (middle, floor + 16.0), "middle", &period.to_string()));
            period = unit.of(period.last + 1);
        }
        return;
    }
    time_ticks(drawn, days, (left, right), floor);
}

/// Ticks at starts of units of the calendar, and their names.
pub(super) fn time_ticks(drawn: &mut Element, days: Period, (left, right): (f64, f64), floor: f64) {
    let length = f64::from(days.last) + 1.0 - f64::from(days.first);
    for (day, name) in calendar_ticks(days, ((right - left) / 76.0) as usize) {
        let at = left + (f64::from(day) - f64::from(days.first)) / length * (right - left);
        drawn.add(Element::line("dm-axis", (at, floor), (at, floor + 5.0)));
        let half = wide(&name, TINY) / 2.0;
        let middle = at.clamp(left + half - 8.0, (right - half).max(left));
        drawn.add(Element::text("dm-soft dm-tiny", (middle, floor + 16.0), "middle", &name));
    }
}

fn said(bars: &Bars, group: &Group, place: usize, amount: &Amount) -> String {
    let series = &bars.series[place];
    let series = if series.is_empty() { String::new() } else { format!(", {series}") };
    format!("{}{series}: {}", group.label, amount.text)
}
