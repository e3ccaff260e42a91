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

    /// Adds texts that stand one after another, an empty one as missing, and says how many are not; `None`, and nothing is
    /// added, if one ends within a letter.
    #[cfg(feature = "parquet")]
    pub(super) fn push_all(&mut self, all: &str, ends: &[usize]) -> Option<usize> {
        if !ends.iter().all(|&end| all.is_char_boundary(end)) {
            return None;
        }
        let (first, known, lacking) = (self.text.len(), self.ends.len(), self.missing.len());
        self.text.push_str(all);
        self.ends.extend(ends.iter().map(|end| (first + end) as u64));
        let starts = std::iter::once(&0).chain(ends);
        let is_empty = starts.zip(ends).map(|(start, end)| start == end);
        let rows = (known as u32..).zip(is_empty).filter(|(_, is_empty)| *is_empty);
        self.missing.extend(rows.map(|(row, _)| row));
        Some(ends.len() - (self.missing.len() - lacking))
    }

    /// Makes room for so many more texts.
    #[cfg(feature = "parquet")]
    pub(super) fn reserve(&mut self, texts: usize) {
        self.ends.reserve(texts);
    }

    pub(super) fn get(&self, place: usize) -> Option<&str> {
        let is_missing = !self.missing.is_empty() && self.missing.binary_search(&(place as u32)).is_ok();
        (!is_missing).then(|| &self.text[self.start(place)..self.ends[place] as usize])
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The texts of pieces, in the order of the runs.
    pub(super) fn finish(pieces: &[Self], runs: &[Run]) -> Texts {
        let mut text = String::with_capacity(pieces.iter().map(|piece| piece.text.len()).sum());
        let (mut missing, mut first) = (Vec::new(), 0);
        for run in runs {
            let (piece, rows) = (&pieces[run.piece as usize], run.rows());
            text.push_str(&piece.text[piece.start(rows.start)..piece.start(rows.end)]);
            let place = |row: usize| piece.missing.partition_point(|&missing| (missing as usize) < row);
            let lacking = &piece.missing[place(rows.start)..place(rows.end)];
            missing.extend(lacking.iter().map(|&row| (first + row as usize - rows.start) as u32));
            first += rows.len();
        }
        let ends = match u32::try_from(text.len()) {
            Ok(_) => Ends::Narrow(Self::ends(pieces, runs, |end| end as u32).into()),
            Err(_) => Ends::Wide(Self::ends(pieces, runs, |end| end as u64).into()),
        };
        Texts::of_buffers(text.into_bytes().into(), ends, missing.into())
    }

    /// Where the texts of pieces end when they stand in the order of the runs.
    fn ends<T>(pieces: &[Self], runs: &[Run], number: impl Fn(usize) -> T) -> Vec<T> {
        let mut ends = Vec::with_capacity(pieces.iter().map(Self::len).sum());
        let mut before = 0;
        for run in runs {
            let (piece, rows) = (&pieces[run.piece as usize], run.rows());
            let (start, end) = (piece.start(rows.start), piece.start(rows.end));
            ends.extend(piece.ends[rows].iter().map(|&end| number(before + (end as usize - start))));
            before += end - start;
        }
        ends
    }

    /// Where the text at a place starts.
    fn start(&self, place: usize) -> usize {
        place.checked_sub(1).map_or(0, |before| self.ends[before] as usize)
    }
}
