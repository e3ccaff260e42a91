//! The names nearest to a mistyped one.

use crate::value::fold;

/// The candidates at the least distance, if it is at most a third of the longer one’s length; at most six.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let folded = fold(word);
    let length = folded.chars().count();
    let mut least = usize::MAX;
    let mut found: Vec<&str> = Vec::new();
    let is_far = |other: usize| length.abs_diff(other) > length.max(other) / 3;
    for candidate in candidates.into_iter().filter(|candidate| *candidate != word) {
        if candidate.is_ascii() && is_far(candidate.len()) {
            continue;
        }
        let other = fold(candidate);
        let other_length = other.chars().count();
        let longer = length.max(other_length);
        if is_far(other_length) || length.abs_diff(other_length) > least {
            continue;
        }
        // Each letter of the one that the other has not is a change of its own.
        let strange = other.bytes().filter(|letter| letter.is_ascii() && !folded.as_bytes().contains(letter)).count();
        if strange > longer / 3 {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&folded, &other);
        if distance > longer / 3 || distance > least {
            continue;
        }
        if distance < least {
            least = distance;
            found.clear();
        }
        found.push(candidate);
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().take(6).map(str::to_owned).collect()
}
