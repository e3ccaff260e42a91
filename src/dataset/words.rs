//! Texts to codes while a column is built: the distinct ones in one buffer, so that looking one up touches little memory.

use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;

use crate::store::Dictionary;

/// The distinct texts of a column in the making; code 1 is the first.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    text: String,
    ends: Vec<usize>,
    hashes: Vec<u64>,
    /// A power of two of them, at least twice as many as texts: codes by the hashes, 0 where there is none.
    slots: Vec<u32>,
}

impl Words {
    /// The code of a text, new or not.
    pub(super) fn insert(&mut self, text: &str) -> u32 {
        if self.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = FxBuildHasher.hash_one(text);
        let mut slot = self.slot(hash);
        loop {
            let code = self.slots[slot];
            if code == 0 {
                break;
            }
            if self.hashes[code as usize - 1] == hash && self.text(code) == text {
                return code;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        self.text.push_str(text);
        self.ends.push(self.text.len());
        self.hashes.push(hash);
        self.slots[slot] = self.len() as u32;
        self.len() as u32
    }

    /// The text of a code that is not 0.
    pub(super) fn text(&self, code: u32) -> &str {
        let place = code as usize - 1;
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[place]]
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The same texts under the same codes.
    pub(super) fn into_dictionary(self) -> Dictionary {
        Dictionary::new((1..=self.len() as u32).map(|code| Some(self.text(code))).collect())
    }

    fn slot(&self, hash: u64) -> usize {
        // The upper half of the hash is the better one.
        (hash >> 32) as usize & (self.slots.len() - 1)
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(16)];
        for place in 0..self.len() {
            let mut slot = self.slot(self.hashes[place]);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (self.slots.len() - 1);
            }
            self.slots[slot] = place as u32 + 1;
        }
    }
}
