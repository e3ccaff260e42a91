//! Texts to codes while a column is built: the distinct ones in one buffer, so that looking one up touches little memory.

use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;

use crate::store::Dictionary;

/// The distinct texts of a column in the making; code 1 is the first.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    text: String,
    ends: Vec<usize>,
    /// A power of two of them, at least twice as many as texts, by the hashes.
    slots: Vec<Slot>,
}

/// A text with its hash and length, so that looking one up touches little else; a code of 0 is none.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    hash: u32,
    code: u32,
    /// Where the text starts, and in the lowest bits how long it is, or that it is as long as they can say or longer.
    place: u64,
}

const LENGTH_BITS: u32 = 16;
const LONG: usize = (1 << LENGTH_BITS) - 1;

impl Slot {
    fn start(self) -> usize {
        (self.place >> LENGTH_BITS) as usize
    }

    fn length(self) -> usize {
        self.place as usize & LONG
    }
}

impl Words {
    /// The code of a text, new or not.
    pub(super) fn insert(&mut self, text: &str) -> u32 {
        self.insert_hashed(text, hash(text))
    }

    /// The code of a text, new or not, that has this [`hash`].
    #[inline]
    pub(super) fn insert_hashed(&mut self, text: &str, hash: u32) -> u32 {
        if self.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let last = self.slots.len() - 1;
        let mut place = hash as usize & last;
        loop {
            let slot = self.slots[place];
            if slot.code == 0 {
                break;
            }
            if slot.hash == hash && slot.length() == text.len().min(LONG) && self.has(slot, text) {
                return slot.code;
            }
            place = (place + 1) & last;
        }
        self.add(text, hash, place)
    }

    /// Whether a slot of this length is that of the text.
    #[inline]
    fn has(&self, slot: Slot, text: &str) -> bool {
        let end = slot.start() + text.len();
        let is_there = self.text.as_bytes().get(slot.start()..end).is_some_and(|own| are_equal(own, text.as_bytes()));
        is_there && (text.len() < LONG || self.ends[slot.code as usize - 1] == end)
    }

    /// The code of a text that is new, whose slot is at a place.
    #[cold]
    fn add(&mut self, text: &str, hash: u32, place: usize) -> u32 {
        let start = self.text.len() as u64;
        self.text.push_str(text);
        self.ends.push(self.text.len());
        let code = self.len() as u32;
        self.slots[place] = Slot { hash, code, place: start << LENGTH_BITS | text.len().min(LONG) as u64 };
        code
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

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.slots);
        self.slots = vec![Slot::default(); (old.len() * 2).max(16)];
        let last = self.slots.len() - 1;
        for slot in old.into_iter().filter(|slot| slot.code > 0) {
            let mut place = slot.hash as usize & last;
            while self.slots[place].code > 0 {
                place = (place + 1) & last;
            }
            self.slots[place] = slot;
        }
    }
}

/// The hash by which a text is looked up.
#[inline]
pub(super) fn hash(text: &str) -> u32 {
    // The upper half is the better one.
    (FxBuildHasher.hash_one(text) >> 32) as u32
}

/// Whether bytes of the same length are the same; most are so few that a call would take longer.
#[inline]
fn are_equal(left: &[u8], right: &[u8]) -> bool {
    match (left.last_chunk::<8>(), right.last_chunk::<8>()) {
        (Some(left_end), Some(right_end)) if left.len() <= 64 => {
            let (left, right) = (left.as_chunks::<8>().0, right.as_chunks::<8>().0);
            left_end == right_end && left.iter().zip(right).all(|(left, right)| left == right)
        }
        _ => left == right,
    }
}
