//! Texts that do not repeat while a column of them is built: one after another.

use crate::store::Texts;

/// Texts one after another.
#[derive(Debug, Clone, Default)]
pub(super) struct Prose {
    text: String,
    ends: Vec<u64>,
    /// The rows without a text.
    missing: Vec<u32>,
}

impl Prose {
    pub(super) fn push(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text.push_str(text),
            None => self.missing.push(self.ends.len() as u32),
        }
        self.ends.push(self.text.len() as u64);
    }

    /// Adds others at the end.
    pub(super) fn append(&mut self, other: &Self) {
        let (rows, bytes) = (self.len() as u32, self.text.len() as u64);
        self.text.push_str(&other.text);
        self.ends.extend(other.ends.iter().map(|end| bytes + end));
        self.missing.extend(other.missing.iter().map(|row| rows + row));
    }

    pub(super) fn get(&self, place: usize) -> Option<&str> {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        let is_missing = !self.missing.is_empty() && self.missing.binary_search(&(place as u32)).is_ok();
        (!is_missing).then(|| &self.text[start..self.ends[place] as usize])
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The texts, in the order given.
    pub(super) fn finish(self, order: Option<&[u32]>) -> Texts {
        match order {
            Some(order) => order.iter().map(|&place| self.get(place as usize)).collect(),
            None => Texts::new(self.text, self.ends, self.missing),
        }
    }
}
