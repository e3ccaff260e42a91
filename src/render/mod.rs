//! Answers and diagnostics to text: tables, JSON, CSV, TSV, Markdown; errors with the line they speak of.

mod export;
mod report;
mod table;

pub use export::{delimited, json, json_lines, markdown, notes};
pub use report::{failure, failure_json, report, report_json};
pub use table::table;
