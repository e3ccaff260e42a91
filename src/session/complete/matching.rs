//! Which of many names are meant by the first letters typed, and how a name is written.

use crate::syntax::KEYWORDS;
use crate::value::fold;

/// How well a name fits what was typed; the least fits best. `None` if it does not.
pub(super) fn fit(name: &str, typed: &str) -> Option<u8> {
    let (name, typed) = (fold(name), fold(typed));
    if name.starts_with(&typed) {
        return Some(0);
    }
    let starts_word = |at: usize| !name[..at].ends_with(char::is_alphanumeric);
    name.match_indices(&typed).any(|(at, _)| starts_word(at)).then_some(1)
}

/// A name in quotes.
pub(super) fn quoted(name: &str, quote: char) -> String {
    let mut text = String::from(quote);
    for letter in name.chars() {
        if letter == quote || letter == '\\' {
            text.push('\\');
        }
        if letter.is_control() {
            text.extend(letter.escape_unicode());
        } else {
            text.push(letter);
        }
    }
    text.push(quote);
    text
}

/// A field as it is written: bare, or in backquotes; that of a step is a path, `trip.date` or `1.date`.
pub(super) fn written_field(name: &str) -> String {
    let is_number = |step: &str| !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
    let is_bare = match name.split_once('.') {
        Some((step, field)) => (is_number(step) || is_plain(step)) && is_plain(field),
        None => is_plain(name),
    };
    if is_bare { name.to_owned() } else { format!("`{name}`") }
}

/// Whether a name can stand without quotes.
pub(super) fn is_plain(name: &str) -> bool {
    const TIME: &[&str] = &["today", "yesterday", "this", "last", "anyone", "distinct", "possibly"];
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && !KEYWORDS.contains(&name)
        && !TIME.contains(&name)
}
