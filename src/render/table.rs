//! A table for reading.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

use super::export::{footer, header_line};
use super::style::{BOLD, DIM, paint};
use crate::answer::Answer;
use crate::markup::visible;

const RULE: char = '─';
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill(RULE).junction(RULE));

/// The header, the rows in columns no wider than `width` together, and the notes.
pub fn table(answer: &Answer, color: bool, width: usize) -> String {
    let dim = |line: &str| format!("{}\n", paint(line, DIM, color));
    let mut text = header_line(answer).map(|line| dim(&line)).unwrap_or_default();
    if answer.rows.is_empty() {
        text.push_str("no rows\n");
    } else {
        let table = laid_out(answer, width);
        let mut is_head = true;
        for line in table.lines().map(str::trim_end) {
            if is_head && line.chars().all(|letter| letter == RULE) {
                is_head = false;
                text.push_str(&dim(line));
            } else {
                text.push_str(&if is_head { paint(line, BOLD, color) } else { line.to_owned() });
                text.push('\n');
            }
        }
        let rows = if answer.rows.len() == 1 { "row" } else { "rows" };
        text.push_str(&dim(&format!("{} {rows}", answer.rows.len())));
    }
    footer(answer).lines().for_each(|line| text.push_str(&dim(line)));
    text
}

fn laid_out(answer: &Answer, width: usize) -> String {
    let mut table = Table::new();
    table.load_style(STYLE).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    table.set_header(answer.columns.iter().map(|column| visible(&column.name).into_owned()));
    for row in &answer.rows {
        table.add_row(row.iter().map(|cell| visible(&cell.to_string()).into_owned()));
    }
    for (place, column) in answer.columns.iter().enumerate() {
        if let Some(set) = table.column_mut(place).filter(|_| column.numeric) {
            set.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}
