//! Texts of data made harmless for whoever reads them: terminals, HTML, Markdown, spreadsheets, JSON. It knows no answer.
//!
//! Whatever stands in data may be planted: escape sequences that a terminal obeys, tags, links, formulas. A text goes through
//! the function of the format that it is written in, once, where it is written.
//!
//! ```
//! use demarche::markup;
//!
//! assert_eq!(markup::visible("red \u{1b}[31m"), "red \\u{1b}[31m");
//! assert_eq!(markup::html("<b>"), "&lt;b&gt;");
//! assert_eq!(markup::markdown("a|b"), "a\\|b");
//! assert_eq!(markup::sheet("=1+1"), "'=1+1");
//! ```

use std::borrow::Cow;

/// A text without what a terminal would obey: control characters, and those that turn the direction of writing, are shown by
/// their numbers. Line ends stay, a tab is a blank.
pub fn visible(text: &str) -> Cow<'_, str> {
    replaced(text, |letter| match letter {
        '\t' => Some(" ".to_owned()),
        letter => by_number(letter),
    })
}

/// What is [`visible`] of a text, in one line.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    replaced(text, |letter| match letter {
        '\t' | '\n' => Some(" ".to_owned()),
        letter => by_number(letter),
    })
}

/// A text within an element or an attribute of HTML.
pub fn html(text: &str) -> Cow<'_, str> {
    replaced(text, |letter| match letter {
        '&' => Some("&amp;".to_owned()),
        '<' => Some("&lt;".to_owned()),
        '>' => Some("&gt;".to_owned()),
        '"' => Some("&quot;".to_owned()),
        '\'' => Some("&#39;".to_owned()),
        letter => by_number(letter),
    })
}

/// A text in one line of Markdown that shows as it is: no mark, link, tag or end of a cell in it counts.
pub fn markdown(text: &str) -> Cow<'_, str> {
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    let mut escaped = String::new();
    while let Some(letter) = letters.next() {
        let is_within_a_word = before.is_alphanumeric() && letters.peek().is_some_and(|next| next.is_alphanumeric());
        match letter {
            '\t' | '\n' => escaped.push(' '),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '_' if is_within_a_word => escaped.push('_'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => escaped.extend(['\\', letter]),
            letter => match by_number(letter) {
                Some(number) => escaped.push_str(&number),
                None => escaped.push(letter),
            },
        }
        before = letter;
    }
    if escaped == text { Cow::Borrowed(text) } else { Cow::Owned(escaped) }
}

/// What a text of a sheet starts with that a spreadsheet takes for a formula, by
/// [OWASP's rule](https://owasp.org/www-community/attacks/CSV_Injection).
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A text as a cell of CSV or TSV: one that a spreadsheet would take for a formula has `'` before it, unless it is a number;
/// control characters but tabs and line ends are shown by their numbers.
pub fn sheet(text: &str) -> Cow<'_, str> {
    let is_number = || text.parse::<f64>().is_ok_and(f64::is_finite);
    let starts = |text: &str| text.starts_with(FORMULA);
    let shown = replaced(text, by_number);
    if (starts(text) || starts(text.trim_start())) && !is_number() { Cow::Owned(format!("'{shown}")) } else { shown }
}

/// JSON with what a terminal would obey in its texts written by number, which whoever reads it takes for the same.
pub fn json(text: &str) -> Cow<'_, str> {
    replaced(text, |letter| by_number(letter).map(|_| format!("\\u{:04x}", letter as u32)))
}

/// Whether a terminal obeys a character rather than showing it: control characters but tabs and line ends, and those that
/// turn the direction of writing.
pub fn is_obeyed(letter: char) -> bool {
    let turns = matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || letter.is_control() && !matches!(letter, '\t' | '\n')
}

fn by_number(letter: char) -> Option<String> {
    is_obeyed(letter).then(|| letter.escape_unicode().to_string())
}

fn replaced(text: &str, by: impl Fn(char) -> Option<String>) -> Cow<'_, str> {
    if !text.chars().any(|letter| by(letter).is_some()) {
        return Cow::Borrowed(text);
    }
    let letter = |letter: char| by(letter).unwrap_or_else(|| letter.to_string());
    Cow::Owned(text.chars().map(letter).collect())
}
