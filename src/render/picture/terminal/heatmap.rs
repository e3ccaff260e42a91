//! A heat map in shades, with its numbers where they fit.

use unicode_width::UnicodeWidthStr;

use super::super::heatmap::Heatmap;
use super::{DIM, Look, column, shade, shades, widest};

/// So many columns have a letter and a key each, rather than some of their names.
const MOST_KEYS: usize = 8;
/// The widest field.
const WIDEST: usize = 12;

pub(super) fn lines(map: &Heatmap, look: Look) -> Vec<String> {
    let labels = widest(map.rows.iter().map(String::as_str), look.width * 2 / 5);
    let room = look.width.saturating_sub(labels + 1).max(4);
    let shown = map.columns.len().min(room);
    let field = (room / shown.max(1)).clamp(1, WIDEST);
    let numbers = map.fields.iter().flatten().flatten().map(|amount| amount.text.width()).max().unwrap_or(1);
    let has_numbers = numbers + 3 <= field;
    let mut lines = heads(map, labels, field, shown, look);
    for (name, fields) in map.rows.iter().zip(&map.fields) {
        let mut line = column(name, labels) + " ";
        for amount in fields.iter().take(shown) {
            let Some(amount) = amount else {
                let nothing = if look.ascii { "." } else { "·" };
                line.push_str(&look.paint(nothing, DIM));
                line.push_str(&" ".repeat(field - 1));
                continue;
            };
            let sign = shade(map.shades.shade(amount.size), look);
            let wide = if has_numbers { field - numbers - 2 } else { (field - 1).max(1) };
            let bar = look.in_series(&sign.to_string().repeat(wide), 0);
            let number = if has_numbers { format!(" {:<numbers$}", amount.text) } else { String::new() };
            let blanks = field - wide - if has_numbers { numbers + 1 } else { 0 };
            line.push_str(&format!("{bar}{number}{}", " ".repeat(blanks)));
        }
        lines.push(line);
    }
    let more = map.columns.len() - shown;
    if more > 0 {
        lines.push(look.paint(&format!("{more} more columns do not fit"), DIM));
    }
    lines.push(String::new());
    lines.extend(shades(&map.shades.said(), look));
    lines
}

/// The names of the columns: above them where they fit; else a letter above each, and what they mean.
fn heads(map: &Heatmap, labels: usize, field: usize, shown: usize, look: Look) -> Vec<String> {
    let blanks = " ".repeat(labels + 1);
    let names: Vec<String> = map.columns.iter().take(shown).cloned().collect();
    let longest = names.iter().map(|name| name.width()).max().unwrap_or(0);
    if longest < field {
        let heads: String = names.iter().map(|name| column(name, field)).collect();
        return vec![blanks + &look.paint(heads.trim_end(), DIM)];
    }
    // Of many times some names are enough, as they are in order.
    let is_in_order = shown > MOST_KEYS
        && names.is_sorted()
        && names.iter().all(|name| name.starts_with(|first: char| first.is_ascii_digit()));
    if is_in_order {
        return vec![blanks + &look.paint(&spaced(&names, field, shown * field), DIM)];
    }
    let letters: Vec<String> = (0..shown).map(|place| letter(place).to_string()).collect();
    let heads: String = letters.iter().map(|letter| column(letter, field)).collect();
    let keys: Vec<String> = letters.iter().zip(&names).map(|(letter, name)| format!("{letter} {name}")).collect();
    let mut lines: Vec<String> = super::flowing(&keys, look.width).iter().map(|line| look.paint(line, DIM)).collect();
    lines.push(blanks + &look.paint(heads.trim_end(), DIM));
    lines
}

/// The names of times, each above the start of its column, those that would not fit left out.
fn spaced(names: &[String], field: usize, room: usize) -> String {
    let mut line = String::new();
    for (place, name) in names.iter().enumerate() {
        let at = place * field;
        if (line.is_empty() || at > line.width()) && at + name.width() <= room {
            line.push_str(&" ".repeat(at - line.width()));
            line.push_str(name);
        }
    }
    line
}

fn letter(place: usize) -> char {
    ('a'..='z').chain('A'..='Z').chain('0'..='9').nth(place).unwrap_or('?')
}
