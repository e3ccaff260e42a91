//! The few styles of text on a terminal, and plain text where there is no colour.

use anstyle::Style;

/// What is secondary: headers, rules, notes.
pub(crate) const DIM: Style = Style::new().dimmed();
/// What names something: columns, terms.
pub(crate) const BOLD: Style = Style::new().bold();

/// The text in a style, or as it is.
pub(crate) fn paint(text: &str, style: Style, color: bool) -> String {
    if color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
}
