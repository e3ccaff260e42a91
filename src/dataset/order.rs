//! The order of rows by their dates: runs of rows that stay together, so that columns are put in it by copying slices.

use std::ops::Range;

use crate::store::Sorted;

/// Rows that follow one another in a piece of a column, and in the whole too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// The place of the piece.
    pub(super) piece: u32,
    start: u32,
    count: u32,
}

impl Run {
    pub(super) fn new(piece: usize, rows: Range<usize>) -> Self {
        Self { piece: piece as u32, start: rows.start as u32, count: (rows.end - rows.start) as u32 }
    }

    /// The rows, by their places in the piece.
    pub(super) fn rows(self) -> Range<usize> {
        self.start as usize..self.start as usize + self.count as usize
    }
}

/// The runs of pieces of these lengths as they stand.
pub(super) fn unchanged(lengths: impl IntoIterator<Item = usize>) -> Vec<Run> {
    lengths.into_iter().enumerate().map(|(piece, length)| Run::new(piece, 0..length)).collect()
}

/// The order of rows by the keys that they have in their pieces, rows of the same key as they stand; `None` if all do.
pub(super) fn sorted<K: Ord + Copy>(pieces: &[impl AsRef<[K]>], number: impl Fn(K) -> Option<i32>) -> Option<Vec<Run>> {
    let mut runs = Vec::new();
    let mut keys: Vec<K> = Vec::new();
    for (piece, rows) in pieces.iter().enumerate() {
        let mut start = 0;
        for same in rows.as_ref().chunk_by(|key, next| key == next) {
            runs.push(Run::new(piece, start..start + same.len()));
            keys.push(same[0]);
            start += same.len();
        }
    }
    if keys.is_sorted() {
        return None;
    }
    let order = counted(&keys, number).unwrap_or_else(|| {
        let mut order: Vec<u32> = (0..keys.len() as u32).collect();
        order.sort_by_key(|&run| keys[run as usize]);
        order
    });
    let mut joined: Vec<Run> = Vec::new();
    for run in order.into_iter().map(|run| runs[run as usize]) {
        match joined.last_mut() {
            Some(last) if last.piece == run.piece && last.rows().end == run.rows().start => last.count += run.count,
            _ => joined.push(run),
        }
    }
    Some(joined)
}

/// The places of keys in their order, by counting, where that takes no more than there are keys; those without a number are
/// last.
fn counted<K: Copy>(keys: &[K], number: impl Fn(K) -> Option<i32>) -> Option<Vec<u32>> {
    let known = || keys.iter().filter_map(|&key| number(key));
    let (first, last) = (known().min()?, known().max()?);
    let span = usize::try_from(i64::from(last) - i64::from(first) + 1).ok().filter(|span| *span <= keys.len())?;
    let place = |&key: &K| number(key).map_or(span as u32, |day| day.wrapping_sub(first) as u32);
    let places: Vec<u32> = keys.iter().map(place).collect();
    Some(Sorted::of_numbers(span + 1, &places, |place| place as u32).into_items())
}

/// What the rows of pieces have, in the order of the runs.
pub(super) fn gathered<T: Copy>(mut pieces: Vec<Vec<T>>, runs: &[Run]) -> Vec<T> {
    if let ([only], [run]) = (&mut pieces[..], runs)
        && run.rows() == (0..only.len())
    {
        return std::mem::take(only);
    }
    let mut all = Vec::with_capacity(runs.iter().map(|run| run.count as usize).sum());
    runs.iter().for_each(|run| all.extend_from_slice(&pieces[run.piece as usize][run.rows()]));
    all
}
