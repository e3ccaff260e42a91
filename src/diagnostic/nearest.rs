//! The names nearest to a mistyped one.

use crate::value::fold;

/// The candidates within a third of the word’s length, rounded up, nearest first, at most six.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let folded = fold(word);
    let limit = folded.chars().count().div_ceil(3);
    let mut found: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let distance = strsim::damerau_levenshtein(&folded, &fold(candidate));
            (distance <= limit && candidate != word).then_some((distance, candidate))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().take(6).map(|(_, name)| name.to_owned()).collect()
}
