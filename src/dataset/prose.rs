//! Texts that do not repeat while a column of them is built: one after another.

use super::order::Run;
use crate::store::{Ends, Texts};

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

    pub(super) fn get(&self, place: usize) -> Option<&str> {
        let is_missing = !self.missing.is_empty() && self.missing.binary_search(&(place as u32)).is_ok();
        (!is_missing).then(|| &self.text[self.start(place)..self.ends[place] as usize])
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The texts of pieces, in the order of the runs.
    pub(super) fn finish(pieces: Vec<Self>, runs: &[Run]) -> Texts {
        let bytes = pieces.iter().map(|piece| piece.text.len()).sum();
        let mut text = String::with_capacity(bytes);
        let mut missing = Vec::new();
        let (mut narrow, mut wide) = (Vec::new(), Vec::new());
        let (rows, is_wide) = (pieces.iter().map(Self::len).sum(), u32::try_from(bytes).is_err());
        if is_wide {
            wide.reserve(rows)
        } else {
            narrow.reserve(rows)
        }
        for run in runs {
            let (piece, rows) = (&pieces[run.piece as usize], run.rows());
            let (start, before) = (piece.start(rows.start), text.len() as u64);
            let first = narrow.len() + wide.len();
            text.push_str(&piece.text[start..piece.start(rows.end)]);
            let ends = piece.ends[rows.clone()].iter().map(|end| before + (end - start as u64));
            if is_wide {
                wide.extend(ends)
            } else {
                narrow.extend(ends.map(|end| end as u32))
            }
            let place = |row: u32| piece.missing.partition_point(|missing| *missing < row);
            let lacking = &piece.missing[place(rows.start as u32)..place(rows.end as u32)];
            missing.extend(lacking.iter().map(|row| (first - rows.start) as u32 + row));
        }
        let ends = if is_wide { Ends::Wide(wide.into()) } else { Ends::Narrow(narrow.into()) };
        Texts::of_buffers(text.into_bytes().into(), ends, missing.into())
    }

    /// Where the text at a place starts.
    fn start(&self, place: usize) -> usize {
        place.checked_sub(1).map_or(0, |before| self.ends[before] as usize)
    }
}
