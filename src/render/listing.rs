//! Lists of terms with what they mean: names in one column, sentences wrapped beside them.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::format::Format;
use super::style::{BOLD, DIM, paint};
use crate::answer::{Description, Line};
use crate::markup::{self, visible, visible_line};

/// Names wider than this do not widen their column.
const WIDEST: usize = 34;

/// Descriptions one after another: the title, the sentences, the terms.
pub fn descriptions(descriptions: &[Description], color: bool, width: usize) -> String {
    let one = |of: &Description| {
        let title = wrap(&visible_line(&of.title), width).into_iter().map(|line| paint(&line, BOLD, color));
        let meaning = of.meaning.iter().flat_map(|sentence| wrap(&visible(sentence), width));
        let lines: Vec<String> = title.chain(meaning).collect();
        format!("{}\n{}", lines.join("\n"), terms(&of.lines, color, width))
    };
    descriptions.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// Descriptions for programs: an array.
pub fn descriptions_json(descriptions: &[Description]) -> String {
    let line = |line: &Line| json!({"name": line.name, "kind": line.kind, "meaning": line.meaning});
    let one = |of: &Description| {
        let lines: Vec<Value> = of.lines.iter().map(line).collect();
        json!({"title": of.title, "meaning": of.meaning, "lines": lines})
    };
    format!("{}\n", markup::json(&descriptions.iter().map(one).collect::<Value>().to_string()))
}

/// What could stand in holes: to read, or for programs an array with a list of choices for each hole.
pub fn holes(holes: &[Description], format: Format, color: bool, width: usize) -> String {
    if !matches!(format, Format::Json | Format::Jsonl) {
        return descriptions(holes, color, width);
    }
    let choices = |hole: &Description| -> Value {
        hole.lines.iter().map(|line| json!({"choice": line.name, "kind": line.kind, "meaning": line.meaning})).collect()
    };
    format!("{}\n", markup::json(&holes.iter().map(choices).collect::<Value>().to_string()))
}

/// Terms with their kinds and meanings.
pub fn terms(lines: &[Line], color: bool, width: usize) -> String {
    let row = |line: &Line| [&line.name, &line.kind, &line.meaning].map(|text| visible_line(text).into_owned());
    listing(&lines.iter().map(row).collect::<Vec<_>>(), color, width)
}

/// Each row is a name, its kind, and what it means; the last is wrapped at `width`.
fn listing(rows: &[[String; 3]], color: bool, width: usize) -> String {
    let column = |place: usize| {
        let widths = rows.iter().map(|row| row[place].width());
        widths.filter(|width| *width <= WIDEST).max().unwrap_or(0)
    };
    let (names, kinds) = (column(0), column(1));
    let indent = 2 + names + 2 + if kinds > 0 { kinds + 2 } else { 0 };
    let mut text = String::new();
    for [name, kind, meaning] in rows {
        let mut line = format!("  {}{}", paint(name, BOLD, color), blanks(names.saturating_sub(name.width()) + 2));
        if kinds > 0 {
            line.push_str(&paint(kind, DIM, color));
            line.push_str(&blanks(kinds.saturating_sub(kind.width()) + 2));
        }
        if name.width() > names || kind.width() > kinds {
            text.push_str(line.trim_end());
            text.push('\n');
            line = blanks(indent);
        }
        let wrapped = wrap(meaning, width.saturating_sub(indent).max(20));
        line.push_str(&wrapped.join(&format!("\n{}", blanks(indent))));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A text in lines no wider than `width`, broken at blanks.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { continue };
        if line.is_empty() {
            line.push_str(word);
        } else if line.width() + 1 + word.width() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

fn blanks(count: usize) -> String {
    " ".repeat(count)
}
