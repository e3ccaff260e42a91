//! Texts that do not repeat: one after another in one buffer, and in which of them each word stands.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::buffer::Buffer;
use super::parts::in_parts;
use super::rows::RowSet;
use super::words::{Occurrences, Words, words_of};
use crate::value::fold;

/// Texts one after another in one buffer.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    text: Buffer<u8>,
    ends: Ends,
    /// The rows without a text.
    missing: Buffer<u32>,
    words: OnceLock<Vec<Words>>,
}

/// Where each text ends.
#[derive(Debug, Clone)]
pub enum Ends {
    /// Of texts below four gigabytes.
    Narrow(Buffer<u32>),
    /// Of any.
    Wide(Buffer<u64>),
}

/// A text takes as long as so many rows of which one number is read.
const WORDS: usize = 4;

impl Texts {
    /// The texts of a buffer, where each ends, and the rows without one, in their order.
    pub fn of_buffers(text: Buffer<u8>, ends: Ends, missing: Buffer<u32>) -> Self {
        Self { text, ends, missing, words: OnceLock::new() }
    }

    /// The buffer, where each text ends, and the rows without one.
    pub fn buffers(&self) -> (&[u8], &Ends, &[u32]) {
        (&self.text, &self.ends, &self.missing)
    }

    /// Adds a text at the end.
    pub fn push(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text.extend(text.as_bytes()),
            None => self.missing.extend(&[self.len() as u32]),
        }
        self.ends.push(self.text.len());
        self.words.take();
    }

    /// The text at a place; one that is not UTF-8 or ends beyond the buffer is empty.
    pub fn get(&self, place: usize) -> Option<&str> {
        let start = place.checked_sub(1).map_or(0, |before| self.ends.get(before));
        let text = || self.text.get(start..self.ends.get(place)).and_then(|text| std::str::from_utf8(text).ok());
        (!self.is_missing(place)).then(|| text().unwrap_or_default())
    }

    /// All texts, one that is missing as an empty one.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|place| self.get(place).unwrap_or_default())
    }

    /// The text at a place, folded.
    pub fn folded(&self, place: usize) -> Option<String> {
        self.get(place).map(fold)
    }

    /// Whether the text at a place is missing.
    pub fn is_missing(&self, place: usize) -> bool {
        !self.missing.is_empty() && self.missing.binary_search(&(place as u32)).is_ok()
    }

    /// The rows without a text.
    pub fn missing(&self) -> RowSet<'_> {
        RowSet::Rows(Cow::Borrowed(&self.missing[..]))
    }

    /// The rows whose folded text has `part` in it, which is folded, by the words of the texts; `None` of a part without a
    /// letter or digit.
    pub fn containing(&self, part: &str) -> Option<RowSet<'static>> {
        let runs: Vec<&str> = words_of(part).collect();
        if runs.is_empty() {
            return None;
        }
        let candidates = runs.iter().enumerate().map(|(number, run)| {
            let is_start = part.starts_with(run) && number == 0;
            let is_end = part.ends_with(run) && number + 1 == runs.len();
            self.with_word(run, |word| {
                (is_start || word.starts_with(run))
                    && (is_end || word.ends_with(run))
                    && (is_start || is_end || word == *run)
            })
        });
        let rows = candidates.reduce(|left, right| left.and(&right))?;
        if runs == [part] {
            return Some(rows);
        }
        let has_it = |row: &&u32| self.folded(**row as usize).is_some_and(|text| text.contains(part));
        Some(RowSet::Rows(rows.rows().iter().filter(has_it).copied().collect()))
    }

    /// How many rows [contain](Self::containing) a part that no more than one word has in it; `None` of any other.
    pub fn count_containing(&self, part: &str) -> Option<usize> {
        if words_of(part).next() != Some(part) {
            return None;
        }
        let count = |words: &Words| {
            let mut found = words.having(part);
            let first = found.next().map_or(0, |(_, occurrences)| occurrences.count());
            found.next().is_none().then_some(first)
        };
        self.words.get_or_init(|| self.index()).iter().map(count).sum()
    }

    /// The rows in which there is a word with this part that is like that.
    fn with_word(&self, part: &str, is_wanted: impl Fn(&str) -> bool) -> RowSet<'static> {
        let words = self.words.get_or_init(|| self.index());
        let of_part = words.iter().flat_map(|words| {
            let wanted = words.having(part).filter(|(word, _)| is_wanted(word));
            wanted.map(|(_, occurrences)| (words.first as u32, occurrences))
        });
        let found: Vec<(u32, &Occurrences)> = of_part.collect();
        let count: usize = found.iter().map(|(_, occurrences)| occurrences.count()).sum();
        RowSet::collect(self.len(), count, |add| {
            for (first, occurrences) in &found {
                occurrences.each(|row| add(first + row));
            }
        })
    }

    /// The words of all texts, in parts.
    fn index(&self) -> Vec<Words> {
        in_parts(self.len(), self.len() * WORDS, |places| {
            let first = places.start;
            let texts = places.filter_map(|place| Some(((place - first) as u32, self.folded(place)?)));
            Words::new(first, texts)
        })
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'a> FromIterator<Option<&'a str>> for Texts {
    fn from_iter<I: IntoIterator<Item = Option<&'a str>>>(texts: I) -> Self {
        let mut all = Self::default();
        texts.into_iter().for_each(|text| all.push(text));
        all
    }
}

impl Ends {
    fn push(&mut self, end: usize) {
        match (&mut *self, u32::try_from(end)) {
            (Self::Narrow(ends), Ok(end)) => ends.extend(&[end]),
            (Self::Narrow(ends), Err(_)) => {
                *self = Self::Wide(ends.iter().map(|&end| u64::from(end)).chain([end as u64]).collect());
            }
            (Self::Wide(ends), _) => ends.extend(&[end as u64]),
        }
    }

    fn get(&self, place: usize) -> usize {
        match self {
            Self::Narrow(ends) => ends[place] as usize,
            Self::Wide(ends) => ends[place] as usize,
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Narrow(ends) => ends.len(),
            Self::Wide(ends) => ends.len(),
        }
    }
}

impl Default for Ends {
    fn default() -> Self {
        Self::Narrow(Buffer::default())
    }
}
