//! A stand-in for the module of values: folding only.

/// The text without case and diacritics.
pub fn fold(text: &str) -> String {
    deunicode::deunicode(text).to_lowercase()
}
