//! Tokens as they are spelled: texts in double quotes, names without backquotes; the value of each stays.

use std::borrow::Cow;

/// A text in double quotes, or in single ones where that saves escapes; other escapes stay as written.
pub(super) fn text(written: &str) -> Cow<'_, str> {
    let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or("");
    let mut parts = Vec::new();
    let mut letters = inner.char_indices();
    while let Some((at, letter)) = letters.next() {
        let length = if letter == '\\' {
            letters.next().map_or(1, |(_, escaped)| 1 + escaped.len_utf8())
        } else {
            letter.len_utf8()
        };
        parts.push(&inner[at..at + length]);
    }
    let count = |quote: char| parts.iter().filter(|part| part.ends_with(quote)).count();
    let quote = if count('"') > count('\'') { '\'' } else { '"' };
    let mut spelled = String::from(quote);
    for part in parts {
        match part.chars().next_back() {
            Some(letter @ ('"' | '\'')) if letter == quote => spelled.extend(['\\', letter]),
            Some(letter @ ('"' | '\'')) => spelled.push(letter),
            _ => spelled.push_str(part),
        }
    }
    spelled.push(quote);
    Cow::Owned(spelled)
}

/// A name in backquotes, without them where it `is_plain`.
pub(super) fn quoted_name(written: &str, is_plain: fn(&str) -> bool) -> &str {
    let name = written.trim_matches('`');
    if is_plain(name) { name } else { written }
}
