//! Answers and diagnostics to text: tables, pictures, JSON, CSV, TSV, Markdown, HTML; errors with the line they speak of.

mod explanation;
mod export;
mod format;
mod listing;
mod picture;
mod report;
pub(crate) mod style;
mod table;

pub use explanation::explanation;
pub(crate) use export::cell as json_cell;
pub use export::{delimited, delimited_exact, html, json, json_lines, markdown, notes, notes_after};
pub use format::{Format, PIXELS, answer};
pub use listing::{descriptions, descriptions_json, holes, terms, wrap};
pub use picture::{Look, picture, svg};
pub use report::{failure, failure_json, report, report_json};
pub use table::{table, table_start};
