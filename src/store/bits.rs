//! A bit for each row of a table, and how many of them are set.

use std::borrow::Cow;
use std::ops::{Deref, Range};

use multiversion::multiversion;

use super::parts::in_parts;

/// Before each so many words it is known how many bits are set.
pub(super) const BLOCK: usize = 16;

/// A set of rows of a table, as a bit for each row.
#[derive(Debug, Clone)]
pub struct Bits<'a> {
    words: Cow<'a, [u64]>,
    /// How many bits are set before each block of words; of a set that is kept for one question nothing is known.
    before: &'a [u32],
}

impl Deref for Bits<'_> {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        &self.words
    }
}

impl From<Vec<u64>> for Bits<'_> {
    fn from(words: Vec<u64>) -> Self {
        Self { words: words.into(), before: &[] }
    }
}

impl FromIterator<u64> for Bits<'_> {
    fn from_iter<I: IntoIterator<Item = u64>>(words: I) -> Self {
        words.into_iter().collect::<Vec<_>>().into()
    }
}

impl<'a> Bits<'a> {
    /// Words beside what [`counts_before`] says of them.
    pub(super) fn counted(words: &'a [u64], before: &'a [u32]) -> Self {
        Self { words: words.into(), before }
    }

    /// The same bits, not copied.
    pub fn borrowed(&self) -> Bits<'_> {
        Bits { words: Cow::Borrowed(&self.words), before: self.before }
    }

    /// How many bits of a range are set.
    pub fn count(&self, within: Range<usize>) -> usize {
        if self.before.is_empty() {
            return count(&self.words, within);
        }
        let before = |end: usize| {
            let block = (end / 64 / BLOCK).min(self.before.len() - 1);
            self.before[block] as usize + count(&self.words, block * BLOCK * 64..end)
        };
        before(within.end) - before(within.start.min(within.end))
    }
}

/// How many bits are set before each block of words.
pub(super) fn counts_before(words: &[u64]) -> Vec<u32> {
    let mut all = 0;
    let before = words.chunks(BLOCK).map(|block| {
        let before = all;
        all += block.iter().map(|word| word.count_ones()).sum::<u32>();
        before
    });
    before.collect()
}

/// How many bits of a range are set in both sets and in all of the rest.
pub fn count_common(first: &[u64], second: &[u64], rest: &[&[u64]], within: Range<usize>) -> usize {
    if within.is_empty() {
        return 0;
    }
    let start = within.start / 64;
    let counts = in_parts(within.end.div_ceil(64) - start, within.len() / 10000, |part| {
        let words = start + part.start..start + part.end;
        let rows = within.start.max(words.start * 64)..within.end.min(words.end * 64);
        count_common_words(first, second, rest, words, rows)
    });
    counts.into_iter().sum()
}

/// The same of the rows in these words, which are read block by block.
#[multiversion(targets("x86_64+avx2+bmi1+bmi2+popcnt"))]
fn count_common_words(
    first: &[u64],
    second: &[u64],
    rest: &[&[u64]],
    words: Range<usize>,
    rows: Range<usize>,
) -> usize {
    const WORDS: usize = 256;
    let mut common = [0; WORDS];
    let mut all = 0;
    for from in words.clone().step_by(WORDS) {
        let to = words.end.min(from + WORDS);
        let common = &mut common[..to - from];
        let both = first[from..to].iter().zip(&second[from..to]).map(|(first, second)| first & second);
        common.iter_mut().zip(both).for_each(|(common, both)| *common = both);
        for set in rest {
            common.iter_mut().zip(&set[from..to]).for_each(|(common, word)| *common &= word);
        }
        if from * 64 < rows.start {
            common[0] &= u64::MAX << (rows.start % 64);
        }
        if to * 64 > rows.end {
            common[to - from - 1] &= u64::MAX >> (to * 64 - rows.end);
        }
        all += common.iter().map(|word| u64::from(word.count_ones())).sum::<u64>();
    }
    all as usize
}

#[multiversion(targets("x86_64+avx2+bmi1+bmi2+popcnt"))]
pub(super) fn count(words: &[u64], within: Range<usize>) -> usize {
    if within.is_empty() {
        return 0;
    }
    let (first, last) = (within.start / 64, (within.end - 1) / 64);
    let from = u64::MAX << (within.start % 64);
    let to = u64::MAX >> (63 - (within.end - 1) % 64);
    if first == last {
        return (words[first] & from & to).count_ones() as usize;
    }
    let whole: usize = words[first + 1..last].iter().map(|word| word.count_ones() as usize).sum();
    (words[first] & from).count_ones() as usize + whole + (words[last] & to).count_ones() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_counted_in_any_range() {
        let set = |step: u64| (0..100_u64).map(|word| word.wrapping_mul(0x9e37_79b9_7f4a_7c15 ^ step)).collect();
        let (one, other): (Vec<u64>, Vec<u64>) = (set(0), set(1 << 40));
        let before = counts_before(&one);
        let (known, unknown) = (Bits::counted(&one, &before), Bits::from(one.clone()));
        let has = |words: &[u64], row: usize| words[row / 64] >> (row % 64) & 1 == 1;
        for start in [0, 1, 63, 64, 1023, 1024, 1025, 3000, 6399] {
            for end in [0, 1, 64, 65, 1024, 2048, 3001, 6336, 6399, 6400] {
                let range = start..end;
                let expected = range.clone().filter(|&row| has(&one, row)).count();
                assert_eq!(
                    (known.count(range.clone()), unknown.count(range.clone())),
                    (expected, expected),
                    "{range:?}"
                );
                let expected = range.clone().filter(|&row| has(&one, row) && has(&other, row)).count();
                assert_eq!(count_common(&one, &other, &[&one], range.clone()), expected, "{range:?}");
            }
        }
    }
}
