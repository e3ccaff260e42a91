//! An answer for other programs, and its header and notes as lines of text.

use serde_json::{Map, Number, Value, json};

use crate::answer::{Answer, Cell};

/// The header in one line, if there is anything to say.
pub(super) fn header_line(answer: &Answer) -> Option<String> {
    let header = &answer.header;
    let mut parts = Vec::new();
    parts.extend(header.side.as_ref().map(|side| format!("told from the side of {side}")));
    parts.extend(header.as_of.as_ref().map(|as_of| format!("as of {as_of}")));
    parts.extend(header.left_out.iter().map(|(status, count)| format!("{count} {status} left out")));
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// The notes and citations, a line each.
pub(super) fn footer(answer: &Answer) -> String {
    let notes = answer.notes.iter().map(|note| format!("{note}\n"));
    let citations =
        answer.citations.iter().enumerate().map(|(place, citation)| format!("[{}] {}\n", place + 1, citation.text));
    notes.chain(citations).collect()
}

/// The header, notes and citations.
pub fn notes(answer: &Answer) -> String {
    header_line(answer).map(|line| format!("{line}\n")).unwrap_or_default() + &footer(answer)
}

pub(crate) fn cell(value: &Cell) -> Value {
    match value {
        Cell::Missing => Value::Null,
        Cell::Bool(value) => Value::Bool(*value),
        Cell::Int(value) => Value::Number((*value).into()),
        Cell::Float(value) => Number::from_f64(*value).map_or(Value::Null, Value::Number),
        Cell::Text(text) => Value::String(text.to_string()),
        Cell::Duration(_, iso) => Value::String(iso.clone()),
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
        return rows + "\n";
    }
    let left_out: Map<String, Value> =
        answer.header.left_out.iter().map(|(status, count)| (status.clone(), json!(count))).collect();
    let header = json!({"side": answer.header.side, "as_of": answer.header.as_of, "left_out": left_out,
        "picture": answer.header.picture.as_ref().map(|picture| picture.parts.chart().name())});
    let citations: Vec<Value> =
        answer.citations.iter().map(|citation| json!({"id": citation.id, "text": citation.text})).collect();
    let (notes, citations) = (json!(answer.notes), Value::Array(citations));
    format!("{{\"header\": {header},\n\"rows\": {rows},\n\"notes\": {notes},\n\"citations\": {citations}}}\n")
}

/// A row object a line.
pub fn json_lines(answer: &Answer) -> String {
    answer.rows.iter().map(|row| format!("{}\n", object(answer, row))).collect()
}

/// Rows of cells with `by` between them, quoted as RFC 4180 says; a list is joined by `; `.
pub fn delimited(answer: &Answer, by: u8) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(by).from_writer(Vec::new());
    let text = |value: &Cell| match value {
        Cell::Duration(_, iso) => iso.clone(),
        Cell::List(items) => items.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        value => value.to_string(),
    };
    // Writing to memory does not fail.
    let _ = writer.write_record(answer.columns.iter().map(|column| column.name.as_str()));
    for row in &answer.rows {
        let _ = writer.write_record(row.iter().map(text));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// A table in Markdown, and the notes under it.
pub fn markdown(answer: &Answer) -> String {
    let escape = |text: String| text.replace('|', "\\|").replace('\n', " ");
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(answer.columns.iter().map(|column| escape(column.name.clone())).collect());
    let rule = answer.columns.iter().map(|column| if column.numeric { "--:" } else { "---" }.to_owned());
    text.push_str(&line(rule.collect()));
    for row in &answer.rows {
        text.push_str(&line(row.iter().map(|value| escape(value.to_string())).collect()));
    }
    text
}
