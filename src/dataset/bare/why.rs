//! Why a column is one of texts, said of the value that made it one.

use crate::value::Base;

/// A value is shown up to so many characters.
const LONGEST_SHOWN: usize = 40;

/// What keeps a value from being of a type, in words that follow `as`.
pub(super) fn why_text(text: &str, base: Base) -> String {
    let shown = shortened(text);
    if !is_like_a_number(text) {
        let what = match base {
            Base::Int => "a whole number",
            Base::Float => "a number",
            Base::Date => "a date",
            _ => "`true` or `false`",
        };
        return format!("`{shown}` is not {what}");
    }
    let digits = text.trim_start_matches(['-', '+']);
    if digits.len() > 1 && digits.starts_with('0') && digits[1..].starts_with(|next: char| next.is_ascii_digit()) {
        format!("`{shown}` has leading zeros")
    } else if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        format!("`{shown}` would not be kept to its last digit")
    } else {
        format!("`{shown}` is not spelled as numbers are here")
    }
}

/// Whether a text is made of digits and what stands between them.
pub(super) fn is_like_a_number(text: &str) -> bool {
    let is_of_numbers = |letter: char| letter.is_ascii_digit() || ['.', ',', '+', '-', ' ', '\''].contains(&letter);
    let inner_sign = text.get(1..).is_some_and(|rest| rest.contains(['-', '+']));
    text.chars().all(is_of_numbers) && text.contains(|letter: char| letter.is_ascii_digit()) && !inner_sign
}

/// The start of a text that is long.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((place, _)) => format!("{}…", &text[..place]),
        None => text.to_owned(),
    }
}
