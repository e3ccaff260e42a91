//! Texts to codes while a column is built: the distinct ones in one buffer, so that looking one up touches little memory.

use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;

use crate::store::Dictionary;

/// The distinct texts of a column in the making; code 1 is the first.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    text: String,
    ends: Vec<usize>,
    /// What each is looked up by.
    keys: Vec<[u64; 4]>,
    /// A power of two of them, at least twice as many as texts, by the hashes.
    slots: Vec<Slot>,
}

/// The hash of a text and its code; a code of 0 is none.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    hash: u32,
    code: u32,
}

/// What a text is looked up by: its hash, in which its length stands, and its bytes, or what they sum up to if they are many.
/// Texts are compared in the same steps however long they are, so that a processor need not guess.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Key {
    bytes: [u64; 4],
    hash: u32,
}

/// The bytes of texts that are not longer stand in their keys.
const SHORT: usize = 32;
/// The bits of a hash above these are the length.
const HASH_BITS: u32 = 24;

impl Key {
    #[inline]
    pub(super) fn of(text: &str) -> Self {
        let all = text.as_bytes();
        let word = |bytes: Option<&[u8; 8]>| bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes));
        let half = |bytes: Option<&[u8; 4]>| bytes.map_or(0, |bytes| u64::from(u32::from_le_bytes(*bytes)));
        // Beginning and end overlap where a text is not as long as both.
        let bytes = match all.len() {
            0..4 => [all.iter().fold(0, |bytes, byte| bytes << 8 | u64::from(*byte)), 0, 0, 0],
            4..8 => [half(all.first_chunk()), half(all.last_chunk()), 0, 0],
            8..16 => [word(all.first_chunk()), word(all.last_chunk()), 0, 0],
            16..=SHORT => {
                let (start, end) = (&all[..16], &all[all.len() - 16..]);
                [word(start.first_chunk()), word(start.last_chunk()), word(end.first_chunk()), word(end.last_chunk())]
            }
            _ => [FxBuildHasher.hash_one(text), 0, 0, 0],
        };
        let folded = |left: u64, right: u64| {
            let product = u128::from(left) * u128::from(right);
            product as u64 ^ (product >> 64) as u64
        };
        // Digits of pi, which have nothing to do with any text.
        let mixed = folded(bytes[0] ^ 0x243f_6a88_85a3_08d3, bytes[1] ^ 0x1319_8a2e_0370_7344)
            ^ folded(bytes[2] ^ 0xa409_3822_299f_31d0, bytes[3] ^ 0x082e_fa98_ec4e_6c89);
        let length = all.len().min(0xff) as u32;
        Self { bytes, hash: length << HASH_BITS | (mixed >> (64 - HASH_BITS)) as u32 }
    }
}

impl Words {
    /// The code of a text, new or not.
    pub(super) fn insert(&mut self, text: &str) -> u32 {
        self.insert_by(&Key::of(text), text)
    }

    /// The code of a text, new or not, that has this key.
    #[inline]
    pub(super) fn insert_by(&mut self, key: &Key, text: &str) -> u32 {
        if self.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let last = self.slots.len() - 1;
        let mut place = key.hash as usize & last;
        loop {
            let slot = self.slots[place];
            if slot.code == 0 {
                break;
            }
            if slot.hash == key.hash && self.keys[slot.code as usize - 1] == key.bytes && self.has(slot, text) {
                return slot.code;
            }
            place = (place + 1) & last;
        }
        self.add(text, key, place)
    }

    /// Whether a slot that has the key of a text is that of the text.
    #[inline]
    fn has(&self, slot: Slot, text: &str) -> bool {
        text.len() <= SHORT || self.text(slot.code) == text
    }

    /// The code of a text that is new, whose slot is at a place.
    #[cold]
    fn add(&mut self, text: &str, key: &Key, place: usize) -> u32 {
        self.text.push_str(text);
        self.ends.push(self.text.len());
        self.keys.push(key.bytes);
        let code = self.len() as u32;
        self.slots[place] = Slot { hash: key.hash, code };
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

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn texts_of_any_length_have_a_code_each() {
        let texts: Vec<String> = (0..300)
            .flat_map(|length| {
                let same = "a".repeat(length);
                let other = |at: usize| format!("{}b{}", &same[..at], &same[at..]);
                [other(0), other(length / 2), other(length), same.clone()]
            })
            .collect();
        let mut distinct: Vec<&str> = texts.iter().map(String::as_str).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let mut words = Words::default();
        let codes: Vec<u32> = texts.iter().map(|text| words.insert(text)).collect();
        assert_eq!(words.len(), distinct.len());
        for (text, code) in texts.iter().zip(codes) {
            assert_eq!(words.text(code), text);
            assert_eq!(words.insert(text), code);
        }
    }
}
