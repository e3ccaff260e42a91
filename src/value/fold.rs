//! Text without case and diacritics, as everything that compares text sees it.

use unicode_normalization::UnicodeNormalization;

/// The text without case and diacritics: `Erdoğan`, `ERDOGAN` and `erdogan` are one.
///
/// Latin letters of any kind become ASCII (`Łódź` is `lodz`); other scripts keep their letters and lose case and accents.
///
/// ```
/// assert_eq!(demarche::value::fold("Łódź, Кремль"), "lodz, кремль");
/// ```
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd() {
        match letter {
            'A'..='Z' => folded.push(letter.to_ascii_lowercase()),
            '\u{0}'..='\u{7f}' => folded.push(letter),
            '\u{300}'..='\u{36f}' => {}
            '\u{c0}'..='\u{2ff}' | '\u{1e00}'..='\u{1eff}' => match deunicode::deunicode_char(letter) {
                Some(latin) => folded.push_str(&latin.to_ascii_lowercase()),
                None => folded.extend(letter.to_lowercase()),
            },
            _ => folded.extend(letter.to_lowercase()),
        }
    }
    folded
}
