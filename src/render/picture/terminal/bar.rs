//! Bars beside their labels, a bar a line.

use super::super::amount::Amount;
use super::super::bar::Bars;
use super::super::time::counted;
use super::{DIM, Look, column, fitting, widest};

/// The columns that bars have at least.
const NARROWEST: usize = 4;
/// So many empty units of the calendar have a line each; of more it is said how many.
const MOST_EMPTY: i64 = 3;
/// Eighths of a column.
const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

pub(super) fn lines(bars: &Bars, look: Look) -> Vec<String> {
    let series = bars.series.len();
    let said = |value: &Option<Amount>| value.as_ref().map_or(bars.absent, |amount| &amount.text).to_owned();
    let numbers: Vec<String> = bars.groups.iter().flat_map(|group| &group.values).map(said).collect();
    let numbers = widest(numbers.iter().map(String::as_str), look.width / 2);
    let most = (look.width * 2 / 5).min(look.width - numbers - 3 - NARROWEST);
    let labels = widest(bars.groups.iter().map(|group| group.label.as_str()), most);
    let plot = look.width - labels - 3 - numbers;
    let zero = (bars.scale.at(0.0) * plot as f64).round() as usize;
    let axis = look.paint(if look.ascii { "|" } else { "│" }, DIM);
    let mut lines = if series > 1 { look.legend(&bars.series) } else { Vec::new() };
    for (place, group) in bars.groups.iter().enumerate() {
        lines.extend(empty(bars, place, labels, look));
        for (at, value) in group.values.iter().enumerate() {
            let label = if at == 0 { group.label.as_str() } else { "" };
            let (left, right) = match value {
                Some(amount) if amount.size < 0.0 => (negative(bars, amount, plot, zero, look, at), String::new()),
                Some(amount) => (" ".repeat(zero), positive(bars, amount, plot - zero, look, at)),
                None => (" ".repeat(zero), String::new()),
            };
            let number = fitting(&said(value), numbers);
            let number = if value.is_some() { number } else { look.paint(&number, DIM) };
            lines.push(format!("{} {left}{axis}{right} {number}", column(label, labels)));
        }
    }
    lines
}

/// What is said of the units without rows before a group.
fn empty(bars: &Bars, place: usize, labels: usize, look: Look) -> Vec<String> {
    let (count, unit) = (bars.empty_before(place), bars.calendar);
    let (Some(unit), Some(before)) = (unit, place.checked_sub(1).and_then(|before| bars.groups[before].period)) else {
        return Vec::new();
    };
    let axis = look.paint(if look.ascii { "|" } else { "│" }, DIM);
    if count > MOST_EMPTY {
        let dots = if look.ascii { ":" } else { "⋮" };
        let said = look.paint(&format!("{} without rows", counted(count, unit)), DIM);
        return vec![format!("{} {} {said}", column("", labels), look.paint(dots, DIM))];
    }
    let mut period = before;
    let line = |_| {
        period = unit.of(period.last + 1);
        format!("{} {axis} {}", column(&period.to_string(), labels), look.paint("no rows", DIM))
    };
    (0..count).map(line).collect()
}

/// A bar to the right.
fn positive(bars: &Bars, amount: &Amount, plot: usize, look: Look, series: usize) -> String {
    let length = amount.size / bars.scale.high.max(f64::MIN_POSITIVE) * plot as f64;
    let fill = look.fill(series);
    let is_solid = fill == '█';
    let eighths = (length * 8.0).round() as usize;
    let (whole, part) = if is_solid { (eighths / 8, PARTS[eighths % 8]) } else { (length.round() as usize, "") };
    let mut bar = fill.to_string().repeat(whole) + part;
    // What is not nothing is seen.
    if bar.is_empty() && amount.size > 0.0 {
        bar = if is_solid { PARTS[1].to_owned() } else { fill.to_string() };
    }
    look.in_series(&bar, series)
}

/// A bar to the left, in as many columns as there are before zero.
fn negative(bars: &Bars, amount: &Amount, plot: usize, zero: usize, look: Look, series: usize) -> String {
    let length = ((bars.scale.at(0.0) - bars.scale.at(amount.size)) * plot as f64).round() as usize;
    let length = length.clamp(1, zero.max(1));
    let blanks = " ".repeat(zero.saturating_sub(length));
    format!("{blanks}{}", look.in_series(&look.fill(series).to_string().repeat(length), series))
}
