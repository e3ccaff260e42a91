//! Rows to CSV and JSON lines.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::Sheet;
use crate::answer::Cell;
use crate::markup;
use crate::render::json_cell;

/// Values with commas between them, quoted as RFC 4180 says, the names of the columns first; a list is joined by `;`, as it is read.
pub(super) fn csv(sheet: &Sheet<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(sheet.columns.iter().map(|column| &column.name))?;
    for row in 0..sheet.rows {
        writer.write_record(sheet.columns.iter().map(|column| text(&column.cell(row))))?;
    }
    writer.flush()
}

/// A cell as a program reads it again: floats to their last digit.
pub(super) fn text(cell: &Cell) -> String {
    match cell {
        Cell::Float(value) => value.to_string(),
        Cell::Duration(duration) => duration.iso(),
        Cell::List(items) => items.iter().map(text).collect::<Vec<_>>().join(";"),
        cell => cell.to_string(),
    }
}

/// An object a line.
pub(super) fn json_lines(sheet: &Sheet<'_>, out: &mut dyn Write) -> io::Result<()> {
    for row in 0..sheet.rows {
        let object: Map<String, Value> =
            sheet.columns.iter().map(|column| (column.name.clone(), json_cell(&column.cell(row)))).collect();
        writeln!(out, "{}", markup::json(&serde_json::to_string(&object)?))?;
    }
    Ok(())
}
