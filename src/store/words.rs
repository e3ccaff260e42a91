//! The words of texts, and in which of the texts each is.

use memchr::memmem;
use rustc_hash::FxHashMap;

/// The words of some texts that stand together.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    /// The place of the first text.
    pub(super) first: usize,
    /// All words, each with a line end after it.
    lines: String,
    /// Where each word ends.
    ends: Vec<usize>,
    /// The texts of each word.
    occurrences: Vec<Occurrences>,
}

/// The texts of a word: how far each is from the one before, seven bits a byte, the lowest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Occurrences {
    count: u32,
    last: u32,
    steps: Vec<u8>,
}

impl Words {
    /// The words of texts that are folded, each with its distance from the first.
    pub(super) fn new(first: usize, texts: impl Iterator<Item = (u32, String)>) -> Self {
        let mut found: FxHashMap<Box<str>, Occurrences> = FxHashMap::default();
        for (distance, text) in texts {
            for word in words_of(&text) {
                match found.get_mut(word) {
                    Some(occurrences) => occurrences.add(distance),
                    None => found.entry(word.into()).or_default().add(distance),
                }
            }
        }
        let mut words = Self { first, ..Self::default() };
        for (word, mut occurrences) in found {
            occurrences.steps.shrink_to_fit();
            words.lines.push_str(&word);
            words.ends.push(words.lines.len());
            words.lines.push('\n');
            words.occurrences.push(occurrences);
        }
        words
    }

    /// The words that have a part in them, each with its texts; no part has a line end.
    pub(super) fn having<'w>(&'w self, part: &'w str) -> impl Iterator<Item = (&'w str, &'w Occurrences)> {
        let mut before = None;
        let found = memmem::find_iter(self.lines.as_bytes(), part).filter_map(move |at| {
            let place = self.ends.partition_point(|&end| end < at);
            (before.replace(place) != Some(place)).then_some(place)
        });
        found.map(|place| {
            let start = place.checked_sub(1).map_or(0, |before| self.ends[before] + 1);
            (&self.lines[start..self.ends[place]], &self.occurrences[place])
        })
    }
}

impl Occurrences {
    /// Adds a text that is not before the last.
    fn add(&mut self, text: u32) {
        if self.count > 0 && self.last == text {
            return;
        }
        let mut step = text - self.last;
        while step >= 0x80 {
            self.steps.push(step as u8 | 0x80);
            step >>= 7;
        }
        self.steps.push(step as u8);
        self.last = text;
        self.count += 1;
    }

    /// In how many texts the word is.
    pub(super) fn count(&self) -> usize {
        self.count as usize
    }

    /// Calls `add` with each of the texts, in their order.
    pub(super) fn each(&self, mut add: impl FnMut(u32)) {
        let (mut text, mut step, mut bits) = (0_u32, 0_u32, 0);
        for &byte in &self.steps {
            step |= u32::from(byte & 0x7f) << bits;
            bits += 7;
            if byte < 0x80 {
                text += step;
                add(text);
                (step, bits) = (0, 0);
            }
        }
    }
}

/// The words of a text: its longest runs of letters and digits.
pub(super) fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}
