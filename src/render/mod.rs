//! Answers and diagnostics to text: tables, JSON, CSV, TSV, Markdown; errors with the line they speak of.

mod explanation;
mod export;
mod format;
mod listing;
mod report;
pub(crate) mod style;
mod table;

pub use explanation::explanation;
pub(crate) use export::cell as json_cell;
pub use export::{delimited, json, json_lines, markdown, notes};
pub use format::{Format, answer};
pub use listing::{descriptions, descriptions_json, holes, terms, wrap};
pub use report::{failure, failure_json, report, report_json};
pub use table::{table, table_start};
