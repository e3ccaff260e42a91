//! A table for reading.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use unicode_width::UnicodeWidthStr as _;

use super::export::{footer, header_line};
use super::listing::{terms, wrap};
use super::style::{BOLD, DIM, paint};
use crate::answer::{Answer, Cell, Line, Shown};
use crate::markup::visible;

const RULE: char = '─';
/// A column that is no narrower can be read, whatever stands in it.
const READABLE: usize = 8;
/// What stands beside a column.
const BESIDE: usize = 3;
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill(RULE).junction(RULE));

/// The header, the rows in columns no wider than `width` together, and the notes.
pub fn table(answer: &Answer, color: bool, width: usize) -> String {
    let rows = if answer.rows.len() == 1 { "row" } else { "rows" };
    laid_out(answer, answer.rows.len(), &format!("{} {rows}", answer.rows.len()), color, width)
}

/// The table of the first `most` rows, which says how many there are and `how` the others are seen.
pub fn table_start(answer: &Answer, most: usize, how: &str, color: bool, width: usize) -> String {
    laid_out(answer, most, &format!("{most} of {} rows shown, {how}", answer.rows.len()), color, width)
}

fn laid_out(answer: &Answer, most: usize, count: &str, color: bool, width: usize) -> String {
    let dim = |line: &str| format!("{}\n", paint(line, DIM, color));
    let header = header_line(answer).map(|line| wrap(&line, width)).unwrap_or_default();
    let mut text: String = header.iter().map(|line| dim(line)).collect();
    if answer.rows.is_empty() {
        text.push_str("no rows\n");
    } else {
        if is_narrow(answer, most, width) {
            text.push_str(&records(answer, most, color, width));
        } else {
            let table = columns(answer, most, width);
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
        }
        text.push_str(&dim(count));
    }
    footer(answer).lines().for_each(|line| text.push_str(&dim(line)));
    text
}

/// Whether columns side by side would be too narrow to be read.
fn is_narrow(answer: &Answer, most: usize, width: usize) -> bool {
    let longest = |place: usize| {
        let cells = answer.rows.iter().take(most).filter_map(|row| row.get(place));
        cells.map(|cell| cell.to_string().width()).max().unwrap_or(0).max(answer.columns[place].name.width())
    };
    let needed: usize = (0..answer.columns.len()).map(|place| longest(place).min(READABLE) + BESIDE).sum();
    needed > width && answer.columns.len() > 1
}

/// Each row by itself, a column a line.
fn records(answer: &Answer, most: usize, color: bool, width: usize) -> String {
    let line = |(column, cell): (&Shown, &Cell)| Line::new(column.name.as_str(), "", cell.to_string());
    let record = |row: &Vec<Cell>| terms(&answer.columns.iter().zip(row).map(line).collect::<Vec<_>>(), color, width);
    answer.rows.iter().take(most).map(|row| record(row) + "\n").collect()
}

fn columns(answer: &Answer, most: usize, width: usize) -> String {
    let mut table = Table::new();
    table.load_style(STYLE).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    table.set_header(answer.columns.iter().map(|column| visible(&column.name).into_owned()));
    for row in answer.rows.iter().take(most) {
        table.add_row(row.iter().map(|cell| visible(&cell.to_string()).into_owned()));
    }
    for (place, column) in answer.columns.iter().enumerate() {
        if let Some(set) = table.column_mut(place).filter(|_| column.numeric) {
            set.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}
