//! A table for reading.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

use super::export::{footer, header_line};
use crate::answer::Answer;

const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// The header, the rows in columns no wider than `width` together, and the notes.
pub fn table(answer: &Answer, width: usize) -> String {
    let mut text = header_line(answer).map(|line| format!("{line}\n")).unwrap_or_default();
    if answer.rows.is_empty() {
        text.push_str("no rows\n");
    } else {
        let mut table = Table::new();
        table.load_style(STYLE).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
        table.set_header(answer.columns.iter().map(|column| column.name.as_str()));
        for row in &answer.rows {
            table.add_row(row.iter().map(ToString::to_string));
        }
        for (place, column) in answer.columns.iter().enumerate() {
            if let Some(set) = table.column_mut(place).filter(|_| column.numeric) {
                set.set_cell_alignment(CellAlignment::Right);
            }
        }
        for line in table.to_string().lines() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        let rows = if answer.rows.len() == 1 { "row" } else { "rows" };
        text.push_str(&format!("{} {rows}\n", answer.rows.len()));
    }
    text + &footer(answer)
}
