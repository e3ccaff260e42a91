//! An answer for other programs, and its header and notes as lines of text.

use serde_json::{Map, Number, Value, json};

use crate::answer::{Answer, Cell};
use crate::markup::{self, visible_line};

use super::format::Format;

/// The header in one line, if there is anything to say.
pub(super) fn header_line(answer: &Answer) -> Option<String> {
    let header = &answer.header;
    let mut parts = Vec::new();
    parts.extend(header.side.as_ref().map(|side| format!("told from the side of {side}")));
    parts.extend(header.as_of.as_ref().map(|as_of| format!("as of {as_of}")));
    parts.extend(header.left_out.iter().map(|(status, count)| format!("{count} {status} left out")));
    (!parts.is_empty()).then(|| visible_line(&parts.join(" · ")).into_owned())
}

/// The notes and citations, one each.
fn footer_lines(answer: &Answer) -> impl Iterator<Item = String> {
    let citations = (1..).zip(&answer.citations).map(|(place, citation)| format!("[{place}] {}", citation.text));
    answer.notes.iter().cloned().chain(citations)
}

/// The notes and citations, a line each.
pub(super) fn footer(answer: &Answer) -> String {
    footer_lines(answer).map(|line| format!("{}\n", visible_line(&line))).collect()
}

/// The header, notes and citations.
pub fn notes(answer: &Answer) -> String {
    header_line(answer).map(|line| format!("{line}\n")).unwrap_or_default() + &footer(answer)
}

/// The header, notes and citations as they stand after the rows in a format: comments in CSV and TSV, paragraphs in Markdown
/// and HTML.
pub fn notes_after(answer: &Answer, format: Format) -> String {
    let lines = header_line(answer).into_iter().chain(footer_lines(answer));
    match format {
        Format::Csv | Format::Tsv => lines.map(|line| format!("# {}\n", beside_cells(&visible_line(&line)))).collect(),
        Format::Markdown => lines.map(|line| format!("\n{}\n", markup::markdown(&line))).collect(),
        Format::Html => lines.map(|line| format!("<p>{}</p>\n", markup::html(&line))).collect(),
        Format::Table | Format::Ascii | Format::Svg | Format::Json | Format::Jsonl => notes(answer),
    }
}

/// A comment in CSV or TSV: a spreadsheet cuts it into cells at its commas.
fn beside_cells(line: &str) -> String {
    let mut cells = line.split_inclusive([',', ';']);
    let first = cells.next().unwrap_or_default().to_owned();
    first + &cells.map(markup::sheet).collect::<String>()
}

pub(crate) fn cell(value: &Cell) -> Value {
    match value {
        Cell::Missing => Value::Null,
        Cell::Bool(value) => Value::Bool(*value),
        Cell::Int(value) => Value::Number((*value).into()),
        Cell::Float(value) => Number::from_f64(*value).map_or(Value::Null, Value::Number),
        Cell::Text(text) => Value::String(text.to_string()),
        Cell::Date(_) | Cell::Period(_) => Value::String(value.to_string()),
        Cell::Duration(duration) => Value::String(duration.iso()),
        Cell::List(items) => Value::Array(items.iter().map(cell).collect()),
    }
}

pub(super) fn object(answer: &Answer, row: &[Cell]) -> Value {
    let pairs = answer.columns.iter().zip(row).map(|(column, value)| (column.name.clone(), cell(value)));
    Value::Object(pairs.collect::<Map<_, _>>())
}

/// An array of row objects; with `with_notes` an object of `header`, `rows`, `notes` and `citations`.
pub fn json(answer: &Answer, with_notes: bool) -> String {
    let rows: Vec<String> = answer.rows.iter().map(|row| format!("  {}", object(answer, row))).collect();
    let rows = if rows.is_empty() { "[]".to_owned() } else { format!("[\n{}\n]", rows.join(",\n")) };
    if !with_notes {
        return markup::json(&(rows + "\n")).into_owned();
    }
    let left_out: Map<String, Value> =
        answer.header.left_out.iter().map(|(status, count)| (status.clone(), json!(count))).collect();
    let header = json!({"side": answer.header.side, "as_of": answer.header.as_of, "left_out": left_out,
        "picture": answer.header.picture.as_ref().map(|picture| picture.parts.chart().name())});
    let citations: Vec<Value> =
        answer.citations.iter().map(|citation| json!({"id": citation.id, "text": citation.text})).collect();
    let (notes, citations) = (json!(answer.notes), Value::Array(citations));
    let text =
        format!("{{\"header\": {header},\n\"rows\": {rows},\n\"notes\": {notes},\n\"citations\": {citations}}}\n");
    markup::json(&text).into_owned()
}

/// A row object a line.
pub fn json_lines(answer: &Answer) -> String {
    markup::json(&answer.rows.iter().map(|row| format!("{}\n", object(answer, row))).collect::<String>()).into_owned()
}

/// Rows of cells with `by` between them, quoted as RFC 4180 says; a list is joined by `; `. A text that a spreadsheet would
/// take for a formula has `'` before it, and control characters are shown by their numbers: see [`markup::sheet`].
pub fn delimited(answer: &Answer, by: u8) -> String {
    separated(answer, by, &|text| markup::sheet(text).into_owned())
}

/// The same with each text as it is, for a program that reads it.
pub fn delimited_exact(answer: &Answer, by: u8) -> String {
    separated(answer, by, &str::to_owned)
}

fn separated(answer: &Answer, by: u8, written: &dyn Fn(&str) -> String) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(by).from_writer(Vec::new());
    let text = |value: &Cell| match value {
        Cell::Text(text) => written(text),
        Cell::Date(_) | Cell::Period(_) => written(&value.to_string()),
        Cell::Duration(duration) => duration.iso(),
        Cell::List(items) => items.iter().map(|item| written(&item.to_string())).collect::<Vec<_>>().join("; "),
        value => value.to_string(),
    };
    // Writing to memory does not fail.
    let _ = writer.write_record(answer.columns.iter().map(|column| written(&column.name)));
    for row in &answer.rows {
        let _ = writer.write_record(row.iter().map(text));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// A table in Markdown.
pub fn markdown(answer: &Answer) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let cell = |text: &str| markup::markdown(text).into_owned();
    let mut text = line(answer.columns.iter().map(|column| cell(&column.name)).collect());
    let rule = answer.columns.iter().map(|column| if column.numeric { "--:" } else { "---" }.to_owned());
    text.push_str(&line(rule.collect()));
    for row in &answer.rows {
        text.push_str(&line(row.iter().map(|value| cell(&value.to_string())).collect()));
    }
    text
}

/// A table in HTML, to stand in a page.
pub fn html(answer: &Answer) -> String {
    let class = |place: usize| match &answer.columns[place] {
        column if column.numeric => " class=\"number\"",
        column if column.kind == "date" => " class=\"date\"",
        _ => "",
    };
    let head = answer.columns.iter().enumerate();
    let head = head.map(|(place, column)| format!("<th{}>{}</th>", class(place), markup::html(&column.name)));
    let row = |row: &Vec<Cell>| {
        let cells = row.iter().enumerate();
        let cells = cells.map(|(place, cell)| format!("<td{}>{}</td>", class(place), markup::html(&cell.to_string())));
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    };
    let rows: String = answer.rows.iter().map(row).collect();
    format!("<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n", head.collect::<String>())
}
